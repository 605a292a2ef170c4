import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { vi } from 'vitest'
import { createTelegram } from '../../../bots/telegram/index.ts'
import { createApp, type App } from '../../../core/index.ts'
import type { Platformed, Shown } from '../platform-contract.ts'
import { linkWorld, type LinkWorld } from '../linking.ts'
import { TelegramEmulator, type Seen, type TelegramOptions } from './emulator.ts'

export type PlatformedTelegram = Platformed & {
  telegram: TelegramEmulator
  world: LinkWorld
  app: App
  idle(): Promise<void>
}

/** Telegram as the contract of a platform drives it: the real grammY at an emulated Telegram. */
export async function platformedTelegram(
  more: Record<string, string> = {},
  options: TelegramOptions = {},
): Promise<PlatformedTelegram> {
  const telegram = await TelegramEmulator.start({
    ...options,
    limits: { chatBurst: 50, groupPerMinute: 100, perSecond: 100, ...options.limits },
  })
  const world = await linkWorld({ TELEGRAM_TOKEN: telegram.token, TELEGRAM_API_URL: telegram.url, ...more })
  const { ctx } = world
  const platform = createTelegram(ctx.config)
  const app = createApp(ctx, [platform])
  const server = http.createServer((request, response) => platform.serve(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  // Telegram would come to PUBLIC_URL; here it comes to this process.
  telegram.sendTo = (url) => url.replace(/^https:\/\/[^/]+/, `http://127.0.0.1:${port}`)
  await platform.start(app)
  const people = [telegram.addUser('Ann'), telegram.addUser('Bob')] as const
  const seen = new Map<string, Promise<{ form?: string[] }>>()
  const since = new Map<string, number>()
  let rooms = 0

  const idle = () =>
    vi.waitFor(
      async () => {
        if (telegram.pending > 0) throw new Error('updates are not confirmed')
        const rows = await ctx.db.selectFrom('inbox').select('key').where('done_at', 'is', null).execute()
        if (rows.length > 0) throw new Error(`${rows.length} are not done`)
      },
      { timeout: 15_000, interval: 10 },
    )
  const ask = async (user: string, channel: string, line: string): Promise<{ form?: string[] }> => {
    const chat = Number(channel)
    telegram.repeatNext()
    telegram.say(Number(user), chat, `/${line}`)
    await idle()
    const command = app.commands.find(({ name }) => name === line.split(' ')[0])
    const last = telegram.messages(Number(user), Number(user)).at(-1)
    const isQuestion = command !== undefined && last?.words.includes('Answer this message') === true
    return isQuestion && app.parse(line).status === 'form' ? { form: Object.keys(command.args) } : {}
  }

  return {
    telegram,
    world,
    app,
    idle,
    platform,
    ctx,
    people: [String(people[0]), String(people[1])],
    async channel() {
      const chat = telegram.addChat(`Room ${rooms++}`, people)
      for (const user of people) telegram.promote(chat, user)
      since.set(String(chat), telegram.state.lastId)
      return { platform: 'telegram', id: String(chat) }
    },
    privateChannel: (user) => Promise.resolve({ platform: 'telegram', id: `@${user}` }),
    async shown({ id }, as) {
      const isPrivate = id.startsWith('@')
      if (isPrivate && id !== `@${as}`) throw new Error('that is not theirs to see')
      const own = telegram.messages(Number(as), Number(as))
      // What is for one person alone goes to their private chat, which they have before their eyes as well.
      const late = own.filter((message) => message.id > (since.get(id) ?? 0))
      const all = isPrivate ? own : [...telegram.messages(Number(id), Number(as)), ...late]
      return all.filter(({ raw }) => raw.from.is_bot).map(shownOf)
    },
    type({ user, channel, line, event }) {
      const done = seen.get(event) ?? ask(user, channel.id, line)
      seen.set(event, done)
      return done
    },
    removeChannel: async ({ id }) => telegram.deleteChat(Number(id)),
    removeMessage: async ({ channel, id }) => telegram.deleteMessage(Number(channel), Number(id)),
    async silentPerson() {
      const user = telegram.addUser('Silent', { started: false })
      return { id: String(user), ask: async () => telegram.start(user, 'help') }
    },
    faults: {
      fail: ({ id }) => telegram.fault({ type: 'status', status: 502, method: 'sendMessage', chat: chatOf(id) }),
      cut: ({ id }) => telegram.fault({ type: 'cut', when: 'after', method: 'sendMessage', chat: chatOf(id) }),
      wait: ({ id }, seconds) => telegram.fault({ type: 'flood', seconds, method: 'sendMessage', chat: chatOf(id) }),
      close: ({ id }) => (id.startsWith('@') ? telegram.block(chatOf(id)) : telegram.kick(chatOf(id), people[0])),
      leave: ({ id }) => telegram.kick(chatOf(id), people[0]),
      finds: false,
    },
    async stop() {
      await platform.stop()
      await new Promise((resolve) => server.close(resolve))
      await telegram.stop()
      await world.stop()
      // The contract itself edits a message that was deleted or needs no edit, and writes to a chat that was deleted
      // or where it is no longer wanted.
      const breaches = telegram.violations.filter(
        (one) =>
          !/message to edit not found|chat not found|message is not modified|bot was (?:kicked|blocked)|can't initiate/.test(
            one,
          ),
      )
      if (breaches.length > 0) throw new Error(breaches.join('\n'))
    },
  }
}

const chatOf = (id: string): number => Number(id.replace(/^@/, ''))

export const shownOf = ({ id, under, words, links, buttons, active }: Seen): Shown => ({
  id: String(id),
  thread: under === undefined ? undefined : String(under),
  words: words.replaceAll('\u2060', ''),
  links: [...links, ...buttons.flatMap(({ url, web_app }) => url ?? web_app ?? [])],
  buttons: buttons.flatMap(({ data }) => data ?? []),
  active,
})
