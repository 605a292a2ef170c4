import { DiscordEmulator } from '../../../test/support/discord/emulator.ts'
import { SlackEmulator } from '../../../test/support/slack/emulator.ts'
import { plainManifest } from '../../../test/support/slack/manifest.ts'
import { TelegramEmulator } from '../../../test/support/telegram/emulator.ts'

/** A platform as its people drive it, and what it measured. */
export type Side = {
  name: 'discord' | 'telegram' | 'slack'
  settings: Record<string, string>
  /** Messages a second that the platform allows in all. */
  allowed: number
  /** Somebody who manages the first channel types a command there. */
  type(line: string): Promise<unknown>
  /** A button of this line on some card in the first channel, once it is there. */
  card(start: string): string | undefined
  /** So many people press it at the same moment: milliseconds until each is acknowledged. */
  pressAll(people: number, line: string): Promise<number[]>
  /** More channels, as core names them. */
  addRooms(count: number): string[]
  /** When each message to the channels was posted, milliseconds. */
  posted(): number[]
  violations: string[]
  stop(): Promise<void>
}

export const sides: Record<Side['name'], () => Promise<Side>> = {
  discord: discordSide,
  telegram: telegramSide,
  slack: slackSide,
}

async function discordSide(): Promise<Side> {
  const discord = await DiscordEmulator.start()
  const ann = discord.addUser('ann')
  const guild = discord.addGuild('Org', [ann])
  discord.give(guild, ann, discord.addRole(guild, 'lead', { rights: ['MANAGE_GUILD'] }))
  const channel = discord.addChannel(guild, 'governance')
  const rooms = new Set<string>()
  let card = ''
  return {
    name: 'discord',
    settings: { DISCORD_TOKEN: discord.token, DISCORD_API_URL: discord.url },
    allowed: 50,
    async type(line) {
      const [name = '', ...words] = line.split(' ')
      const options = (discord.commands.find(undefined, name)['options'] ?? []) as { name: string }[]
      const named = Object.fromEntries(words.map((word, at) => [options[at]?.name ?? '', word]))
      await discord.slash(ann, channel, name, named)
    },
    card(start) {
      const lines = discord
        .messages(channel, ann)
        .flatMap(({ id, buttons }) =>
          buttons.flatMap(({ custom_id }) => (custom_id?.startsWith(start) ? [{ id, line: custom_id }] : [])),
        )
      card = lines.at(-1)?.id ?? ''
      return lines.at(-1)?.line
    },
    async pressAll(people, line) {
      const users = Array.from({ length: people }, (_, at) => discord.addUser(`p${at}`))
      for (const user of users) discord.join(guild, user)
      const answers = await Promise.all(users.map((user) => discord.click(user, channel, card, line)))
      return answers.map(({ ms }) => ms)
    },
    addRooms(count) {
      const ids = Array.from({ length: count }, (_, at) => discord.addChannel(guild, `room-${at}`))
      for (const id of ids) rooms.add(id)
      return ids
    },
    posted: () =>
      discord.calls.flatMap(({ method, path, status, at }) =>
        method === 'POST' && status === 200 && rooms.has(path.split('/').at(-2) ?? '') ? [at] : [],
      ),
    violations: discord.violations,
    stop: () => discord.stop(),
  }
}

async function telegramSide(): Promise<Side> {
  const isHelp = ({ data }: { data?: string }): boolean => data === 'help'
  const telegram = await TelegramEmulator.start()
  const ann = telegram.addUser('Ann')
  const chat = telegram.addChat('Governance', [ann])
  telegram.promote(chat, ann, 'creator')
  const rooms = new Set<number>()
  return {
    name: 'telegram',
    settings: { TELEGRAM_TOKEN: telegram.token, TELEGRAM_API_URL: telegram.url },
    allowed: 30,
    type: (line) => Promise.resolve(telegram.say(ann, chat, `/${line}`)),
    card(start) {
      const lines = telegram
        .messages(chat, ann)
        .flatMap(({ buttons }) => buttons.flatMap(({ data }) => (data?.startsWith(start) ? [{ data }] : [])))
      return lines.at(-1)?.data
    },
    async pressAll(people) {
      // In a group a press only leads to the private chat, so everybody presses in their own, where it is stored first.
      const users = Array.from({ length: people }, (_, at) => telegram.addUser(`p${at}`))
      const homeOf = (user: number) => telegram.messages(user, user).find(({ buttons }) => buttons.some(isHelp))
      for (const user of users) telegram.start(user)
      while (!users.every(homeOf)) await new Promise((resolve) => setTimeout(resolve, 100))
      const pressed = new Map(
        users.map((user) => [telegram.press(user, { chat: user, message: homeOf(user)!.id }, 'help'), Date.now()]),
      )
      const answers = () => telegram.calls.filter(({ method }) => method === 'answerCallbackQuery')
      while (answers().length < people) await new Promise((resolve) => setTimeout(resolve, 20))
      return answers().map(({ params, at }) => at - (pressed.get(String(params['callback_query_id'])) ?? at))
    },
    addRooms(count) {
      const ids = Array.from({ length: count }, (_, at) => telegram.addChat(`Room ${at}`, [ann]))
      for (const id of ids) rooms.add(id)
      return ids.map(String)
    },
    posted: () =>
      telegram.calls.flatMap(({ method, params, status, at }) =>
        method === 'sendMessage' && status === 200 && rooms.has(Number(params['chat_id'])) ? [at] : [],
      ),
    violations: telegram.violations,
    stop: () => telegram.stop(),
  }
}

async function slackSide(): Promise<Side> {
  const slack = await SlackEmulator.start({ manifest: plainManifest })
  const ann = slack.addUser({ name: 'ann', admin: true })
  const channel = slack.addChannel({ name: 'governance', members: [ann] })
  const rooms = new Set<string>()
  let card = ''
  return {
    name: 'slack',
    settings: { SLACK_BOT_TOKEN: slack.token, SLACK_APP_TOKEN: slack.appToken, SLACK_API_URL: slack.url },
    allowed: slack.limits.workspacePerMinute / 60,
    type: (line) => slack.slash(ann, channel, '/autoco', line),
    card(start) {
      const lines = slack
        .messages(channel, ann)
        .flatMap(({ ts, buttons }) => buttons.flatMap(({ value }) => (value?.startsWith(start) ? [{ ts, value }] : [])))
      card = lines.at(-1)?.ts ?? ''
      return lines.at(-1)?.value
    },
    async pressAll(people, line) {
      const users = Array.from({ length: people }, (_, at) => slack.addUser(`p${at}`))
      const answers = await Promise.all(users.map((user) => slack.click(user, { channel, ts: card }, line)))
      return answers.map(({ ms }) => ms)
    },
    addRooms(count) {
      const ids = Array.from({ length: count }, (_, at) => slack.addChannel({ name: `room-${at}`, members: [ann] }))
      for (const id of ids) rooms.add(id)
      return ids.map((id) => `${slack.workspace}/${id}`)
    },
    posted: () =>
      slack.calls.flatMap(({ method, body, status, at }) =>
        method === 'chat.postMessage' && status === 200 && rooms.has(String(body['channel'])) ? [at] : [],
      ),
    violations: slack.violations,
    stop: () => slack.stop(),
  }
}
