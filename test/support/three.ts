import { vi } from 'vitest'
import { createDiscord } from '../../bots/discord/index.ts'
import { createSlack } from '../../bots/slack/index.ts'
import { createTelegram } from '../../bots/telegram/index.ts'
import { parseConfig } from '../../core/index.ts'
import { pollOnce } from '../../core/listen/listener.ts'
import { DiscordEmulator } from './discord/emulator.ts'
import { SlackEmulator } from './slack/emulator.ts'
import { manifest } from './slack/platformed.ts'
import { TelegramEmulator } from './telegram/emulator.ts'
import { world, type World } from './world.ts'

/** One message as the person of a test reads it, on whichever platform. */
export type Read = { id: string; words: string; buttons: string[]; links: string[] }

/** Somebody on one of the platforms, with the channel where they are. */
export type Side = {
  name: 'discord' | 'telegram' | 'slack'
  user: string
  /** What they see in the channel, and what is for them alone. */
  channel(): Read[]
  own(): Read[]
  type(line: string): Promise<void>
  /** Presses a button of a card in the channel. */
  press(message: string, line: string): Promise<void>
  /** Stands on the login page of the platform, or opens our page inside it; what a browser brings back. */
  login(url: string): string
}

export type Three = {
  w: World
  discord: DiscordEmulator
  telegram: TelegramEmulator
  slack: SlackEmulator
  sides: { discord: Side; telegram: Side; slack: Side }
  /** Lets the chain and the workers go on until it holds. */
  until(check: () => void | Promise<void>): Promise<void>
  stop(): Promise<void>
}

/** A whole AutoCo with its workers, on three emulated platforms at once, with their real libraries. */
export async function three(): Promise<Three> {
  const [discord, telegram, slack] = await Promise.all([
    DiscordEmulator.start(),
    TelegramEmulator.start({ limits: { chatBurst: 50, groupPerMinute: 200, perSecond: 100 } }),
    SlackEmulator.start({ manifest, limits: { postsPerSecond: 50, postBurst: 50 } }),
  ])
  discord.oauth.redirects = ['https://vote.example.org/login/discord']
  const settings = {
    PUBLIC_URL: 'https://vote.example.org',
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.url,
    DISCORD_CLIENT_SECRET: discord.clientSecret,
    DISCORD_MESSAGES: 'on',
    TELEGRAM_TOKEN: telegram.token,
    TELEGRAM_API_URL: telegram.url,
    SLACK_API_URL: slack.url,
    SLACK_BOT_TOKEN: slack.token,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_CLIENT_ID: slack.clientId,
    SLACK_CLIENT_SECRET: slack.clientSecret,
  }
  const config = parseConfig(settings)
  const platforms = [createDiscord(config), createTelegram(config), createSlack(config)]
  const w = await world({ work: true, settings, platforms })
  const places = {
    discord: discordSide(discord),
    telegram: telegramSide(telegram),
    slack: slackSide(slack),
  }
  for (const platform of platforms) await platform.start(w.app)
  return {
    w,
    discord,
    telegram,
    slack,
    sides: places,
    until: (check) =>
      vi.waitFor(
        async () => {
          await w.chain.rpc('anvil_mine', ['0x4'])
          await pollOnce(w.ctx)
          await check()
        },
        { timeout: 60_000, interval: 150 },
      ),
    async stop() {
      for (const platform of platforms) await platform.stop()
      await w.stop()
      await Promise.all([discord.stop(), telegram.stop(), slack.stop()])
    },
  }
}

function discordSide(discord: DiscordEmulator): Side {
  const user = discord.addUser('ann')
  const guild = discord.addGuild('Org', [user])
  const channel = discord.addChannel(guild, 'governance')
  const read = (id: string): Read[] =>
    discord.messages(id, user).map((one) => ({
      id: one.id,
      words: one.words,
      buttons: one.buttons.flatMap(({ custom_id }) => custom_id ?? []),
      links: [...one.links, ...one.buttons.flatMap(({ url }) => url ?? [])],
    }))
  return {
    name: 'discord',
    user,
    channel: () => read(channel).filter(({ id }) => !discord.state.channel(channel).messages.get(id)?.ephemeralTo),
    own: () => [
      ...read(channel).filter(({ id }) => discord.state.channel(channel).messages.get(id)?.ephemeralTo),
      ...read(discord.directOf(user)),
    ],
    async type(line) {
      const [name = '', ...words] = (line.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ''))
      const options = (discord.commands.find(undefined, name)['options'] ?? []) as { name: string }[]
      await discord.slash(
        user,
        channel,
        name,
        Object.fromEntries(words.map((word, index) => [options[index]?.name ?? '', word])),
      )
    },
    press: async (message, line) => void (await discord.click(user, channel, message, line)),
    login: (url) => discord.consent(user, url),
  }
}

function telegramSide(telegram: TelegramEmulator): Side {
  const user = telegram.addUser('Ann')
  const chat = telegram.addChat('Governance', [user])
  telegram.promote(chat, user, 'creator')
  const read = (id: number): Read[] =>
    telegram
      .messages(id, user)
      .filter(({ raw }) => raw.from.is_bot)
      .map((one) => ({
        id: String(one.id),
        words: one.words.replaceAll('\u2060', ''),
        buttons: one.buttons.flatMap(({ data }) => data ?? []),
        links: [...one.links, ...one.buttons.flatMap(({ url, web_app }) => web_app ?? url ?? [])],
      }))
  return {
    name: 'telegram',
    user: String(user),
    channel: () => read(chat),
    own: () => read(user),
    type: async (line) => void telegram.say(user, chat, `/${line}`),
    async press(message, line) {
      const query = telegram.press(user, { chat, message: Number(message) }, line)
      const url = await vi.waitFor(() => {
        const answer = telegram.answerTo(query)
        if (!answer) throw new Error('the press was not answered')
        return answer['url'] as string | undefined
      })
      // Telegram leads the person into the private chat, where they press Start.
      if (url !== undefined) telegram.start(user, new URL(url).searchParams.get('start') ?? '')
    },
    login: () => telegram.initData(user),
  }
}

function slackSide(slack: SlackEmulator): Side {
  const user = slack.addUser({ name: 'ann', admin: true })
  const channel = slack.addChannel({ name: 'governance', members: [user] })
  const read = (id: string, isEphemeral: boolean): Read[] =>
    slack
      .messages(id, user)
      .filter(({ ephemeral }) => ephemeral === isEphemeral)
      .map((one) => ({
        id: one.ts,
        words: one.text,
        buttons: one.buttons.flatMap(({ value }) => value ?? []),
        links: [...one.links.map(({ url }) => url), ...one.buttons.flatMap(({ url }) => url ?? [])],
      }))
  return {
    name: 'slack',
    user,
    channel: () => read(channel, false),
    own: () => [...read(channel, true), ...read(slack.directOf(user), false)],
    type: async (line) => void (await slack.slash(user, channel, '/autoco', line)),
    press: async (message, line) => void (await slack.click(user, { channel, ts: message }, line)),
    login: (url) => url,
  }
}
