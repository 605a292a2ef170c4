import { expect } from 'vitest'
import { createWeb, type Web } from '../../bots/web/index.ts'
import { createApp, type App, type Channel } from '../../core/index.ts'
import type { Platformed, Shown } from './platform-contract.ts'
import { linkWorld, type LinkWorld } from './linking.ts'
import { builtIn } from './web.ts'

export type Play = {
  world: LinkWorld
  app: App
  web: Web
  get(path: string): Promise<Answer>
  post(path: string, data?: unknown, headers?: Record<string, string>): Promise<Answer>
  stop(): Promise<void>
}
export type Answer = { status: number; body: unknown; headers: Headers }
export type PlayMessage = {
  id: string
  version: string
  channel: string
  thread: string | null
  person: string | null
  audience: 'channel' | 'caller'
  text: string | null
  replies: number
  removed: boolean
  html: string
}

/** The web server with its playground on a free port, over a database and a chain that hold nothing yet. */
export async function play(settings: Record<string, string> = {}): Promise<Play> {
  const world = await linkWorld({ PUBLIC_URL: '', PORT: '0', ...settings })
  const web = createWeb({ config: world.ctx.config, playground: { people: builtIn } })
  const app = createApp(world.ctx, [web])
  await web.start(app)
  const ask = async (path: string, init: RequestInit = {}): Promise<Answer> => {
    const response = await fetch(web.url + path, init)
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false
    return { status: response.status, body: isJson ? (JSON.parse(text) as unknown) : text, headers: response.headers }
  }
  return {
    world,
    app,
    web,
    get: (path) => ask(path),
    post: (path, data = {}, headers = {}) =>
      ask(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof data === 'string' ? data : JSON.stringify(data),
      }),
    async stop() {
      await web.stop()
      await world.stop()
    },
  }
}

export async function messagesOf(all: Play, channel: string, person: string, thread?: string): Promise<PlayMessage[]> {
  const query = new URLSearchParams({ channel, person, ...(thread === undefined ? {} : { thread }) })
  const { status, body } = await all.get(`/api/play/messages?${query}`)
  expect(status).toBe(200)
  return (body as { messages: PlayMessage[] }).messages
}

/** The playground as the contract of a platform drives it: over HTTP, as a tab does. */
export async function platformedPlayground(): Promise<Platformed> {
  const all = await play()
  const { ctx } = all.world
  let channels = 0
  const refOf = (id: string): Channel => ({ platform: 'playground', id })
  return {
    platform: all.web,
    ctx,
    people: ['alice', 'bob'],
    async channel() {
      const id = `room-${channels++}`
      expect((await all.post('/api/play/channels', { id })).status).toBe(201)
      return refOf(id)
    },
    privateChannel: (user) => Promise.resolve(refOf(user)),
    async shown(channel, as) {
      const top = await messagesOf(all, channel.id, as)
      const threads = await Promise.all(
        top.filter(({ replies }) => replies > 0).map(({ id }) => messagesOf(all, channel.id, as, id)),
      )
      return [...top, ...threads.flatMap(([, ...replies]) => replies)].map(shownOf)
    },
    async type({ user, channel, line, event }) {
      const { body } = await all.post('/api/play/line', { person: user, channel: channel.id, line, id: event })
      const { form } = body as { form?: { fields: { name: string }[] } }
      return form ? { form: form.fields.map(({ name }) => name) } : {}
    },
    async removeChannel({ id }) {
      await ctx.db.deleteFrom('playground_channel').where('id', '=', id).execute()
    },
    async removeMessage({ id }) {
      await ctx.db.updateTable('playground_message').set({ deleted_at: new Date() }).where('id', '=', id).execute()
    },
    stop: () => all.stop(),
  }
}

const shownOf = ({ id, thread, html }: PlayMessage): Shown => ({
  id,
  thread: thread ?? undefined,
  words: wordsOf(html),
  links: attributes(html, 'href'),
  buttons: attributes(html, 'data-run'),
  active: activeIn(html),
})

const entities: Record<string, string> = { lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' }
const decode = (text: string): string =>
  text.replaceAll(/&(lt|gt|quot|#39|amp);/g, (_, name: string) => entities[name] ?? '')
const wordsOf = (html: string): string =>
  decode(html.replaceAll(/<[^>]*>/g, ' '))
    .replaceAll(/\s+/g, ' ')
    .trim()
const attributes = (html: string, name: string): string[] =>
  [...html.matchAll(new RegExp(` ${name}="([^"]*)"`, 'g'))].map(([, value = '']) => decode(value))

const tags =
  /^(?:a|article|b|bdi|blockquote|button|code|dd|div|dl|dt|h3|hr|li|meter|ol|p|path|span|strong|svg|time|ul)$/
const names =
  /^(?:aria-[a-z]+|class|d|data-(?:as|hue|id|run|thread)|datetime|dir|fill|focusable|height|href|max|min|rel|stroke|stroke-[a-z]+|target|title|type|value|viewBox|width)$/

/** Every `<` must open or close one of the few elements that a card is made of, with no other attributes than these. */
function activeIn(html: string): string[] {
  return [...html.matchAll(/<[^>]*(?:>|$)/g)].map(([tag]) => tag).filter((tag) => !isHarmless(tag))
}

function isHarmless(tag: string): boolean {
  const match = /^<\/?([a-z0-9]+)((?:\s+[a-zA-Z-]+(?:="[^"<]*")?)*)\s*\/?>$/.exec(tag)
  if (!match || !tags.test(match[1] ?? '')) return false
  return [...(match[2] ?? '').matchAll(/([a-zA-Z-]+)(?:="([^"]*)")?/g)].every(
    ([, name = '', value = '']) => names.test(name) && (name !== 'href' || /^(?:https?:\/\/|#)/.test(value)),
  )
}
