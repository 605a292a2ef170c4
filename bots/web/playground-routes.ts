import { Hono, type Context as Request } from 'hono'
import { streamSSE, type SSEStreamingApi } from 'hono/streaming'
import { isAddress } from 'viem'
import { z } from 'zod'
import { UserError, type App } from '../../core/index.ts'
import { renderMessage } from './playground-message.ts'
import { playgroundPage } from './playground-page.ts'
import { changesSince, newestVersion, readMessages, resolveChannel, type Message } from './playground-store.ts'
import { addChannels, type Playground } from './playground.ts'
import { body, query } from './problem.ts'

const id = z.string().min(1).max(80)
const digits = z.string().regex(/^\d{1,18}$/)
const place = { person: id, channel: id, thread: digits.optional() }
const lineBody = z.union([
  z.object({ ...place, line: z.string().min(1).max(4_000), id: id.optional() }),
  z.object({ ...place, command: id, words: z.record(z.string(), z.string().max(4_000)), id: id.optional() }),
])
const sayBody = z.object({ ...place, text: z.string().trim().min(1).max(4_000) })
const signBody = z.object({
  address: z.string().refine((value) => isAddress(value), 'is not an address'),
  method: z.enum(['personal_sign', 'eth_signTypedData_v4', 'eth_sendTransaction']),
  payload: z.string().max(60_000),
})
const channelBody = z.object({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be lower-case letters, digits and dashes'),
  topic: z.string().max(200).default(''),
})
const heartbeatMs = 15_000

/** The playground's chat: its page, and the API that the page and scripts use. */
export function playgroundRoutes(app: App, playground: Playground): Hono {
  const { ctx } = app
  const routes = new Hono()
  const show = async (message: Message) =>
    toJson(message, await renderMessage(message, { explorerUrl: ctx.chain.explorerUrl }))

  routes.get('/', (c) => c.html(playgroundPage()))
  routes.get('/api/play/people', async (c) => c.json({ people: await playground.people.list(ctx) }))
  routes.post('/api/play/people', async (c) => {
    const { name, wallet } = await body(
      c,
      z.object({ name: z.string().trim().min(1).max(40), wallet: z.boolean().default(true) }),
    )
    return c.json({ person: await playground.people.create(ctx, { name, wallet }) }, 201)
  })
  routes.get('/api/play/wallets', async (c) => {
    const people = await playground.people.list(ctx)
    const wallets = people.flatMap(({ id: person, name, address }) => (address ? [{ person, name, address }] : []))
    return c.json({ chainId: ctx.chain.id, wallets })
  })
  routes.post('/api/play/sign', async (c) =>
    c.json({ signature: await playground.people.sign(ctx, await body(c, signBody)) }),
  )

  routes.get('/api/play/channels', async (c) => {
    const channels = await ctx.db
      .selectFrom('playground_channel')
      .select(['id', 'topic'])
      .orderBy('created_at')
      .orderBy('id')
      .execute()
    return c.json({ channels })
  })
  routes.post('/api/play/channels', async (c) => {
    const channel = await body(c, channelBody)
    const person = await ctx.db
      .selectFrom('playground_person')
      .select('id')
      .where('id', '=', channel.id)
      .executeTakeFirst()
    if (person) throw new UserError('This is the name of a person here.', { hint: 'Choose another one.', code: 'json' })
    await addChannels(ctx, [channel])
    return c.json({ channel }, 201)
  })
  routes.get('/api/play/messages', async (c) => {
    const asked = query(
      c,
      z.object({ channel: id, person: id.optional(), thread: digits.optional(), before: digits.optional() }),
    )
    const { channel } = await placeOf(asked.channel)
    const version = await newestVersion(ctx)
    const messages = await readMessages(ctx, {
      channel,
      person: asked.person,
      thread: asked.thread,
      before: asked.before,
    })
    return c.json({ version, messages: await Promise.all(messages.map(show)) })
  })

  routes.post('/api/play/line', async (c) => {
    const call = await body(c, lineBody)
    await placeOf(call.channel)
    const line = 'line' in call ? call.line : lineOf(call.command, call.words)
    return c.json(
      await playground.line(app, {
        person: call.person,
        channel: call.channel,
        thread: call.thread,
        line,
        id: call.id,
      }),
    )
  })
  routes.post('/api/play/say', async (c) => {
    const said = await body(c, sayBody)
    await placeOf(said.channel)
    return c.json(await playground.say(ctx, said), 201)
  })
  routes.post('/api/play/delete', async (c) => {
    await playground.remove(ctx, await body(c, z.object({ person: id, id: digits })))
    return c.json({ deleted: true })
  })
  routes.get('/api/play/complete', async (c) => {
    const { person, channel, line } = query(c, z.object({ person: id, channel: id, line: z.string().max(4_000) }))
    const caller = await playground.people.caller(ctx, person)
    return c.json({
      choices: await app.complete({ caller, channel: { platform: playground.platform.name, id: channel }, line }),
    })
  })

  routes.get('/api/play/stream', (c) => {
    const { person, since } = query(c, z.object({ person: id, since: digits.optional() }))
    return openStream(c, { person, since: digits.safeParse(c.req.header('last-event-id')).data ?? since })
  })

  function openStream(c: Request, { person, since }: { person: string; since: string | undefined }): Response {
    return streamSSE(c, async (stream) => {
      const send = async (message: Message): Promise<void> => await write(stream, message, await show(message))
      // Heard before read, so that nothing falls between the two; a message that comes twice is the same message.
      const stop = playground.hub.subscribe(ctx, person, send)
      stream.onAbort(stop)
      try {
        if (since !== undefined)
          for (const message of await changesSince(ctx, { version: since, person })) await send(message)
        while (!stream.aborted && !stream.closed) {
          await stream.writeSSE({ event: 'ping', data: '' })
          await stream.sleep(heartbeatMs)
        }
      } finally {
        stop()
      }
    })
  }

  const placeOf = (channel: string) =>
    resolveChannel(ctx, channel).catch((cause: unknown) => {
      throw new UserError('There is no such channel here.', { code: 'not-found', cause })
    })

  function lineOf(command: string, words: Record<string, string>): string {
    const found = app.commands.find((entry) => entry.name === command)
    if (!found)
      throw new UserError(`There is no command /${command.slice(0, 40)}.`, { hint: '/help', code: 'not-found' })
    return app.formLine(found, words)
  }

  return routes
}

async function write(stream: SSEStreamingApi, message: Message, data: object): Promise<void> {
  await stream.writeSSE({ event: 'message', id: message.version, data: JSON.stringify(data) })
}

const toJson = (message: Message, html: unknown) => ({
  id: message.id,
  version: message.version,
  channel: message.channel,
  thread: message.thread,
  person: message.person,
  audience: message.visible_to === null ? 'channel' : 'caller',
  text: message.text,
  view: message.view,
  at: Math.floor(message.at.getTime() / 1_000),
  replies: Number(message.replies ?? 0),
  removed: message.deleted_at !== null,
  html: message.deleted_at === null ? String(html) : '',
})
