import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createDiscord } from '../../bots/discord/index.ts'
import { createSlack } from '../../bots/slack/index.ts'
import { slackManifest } from '../../bots/slack/manifest.ts'
import { createTelegram } from '../../bots/telegram/index.ts'
import { arg, defineCommand } from '../../core/command.ts'
import { commands } from '../../core/features.ts'
import { createApp } from '../../core/index.ts'
import { strong, text } from '../../core/view.ts'
import { DiscordEmulator } from '../support/discord/emulator.ts'
import { linkWorld, type LinkWorld } from '../support/linking.ts'
import { SlackEmulator } from '../support/slack/emulator.ts'
import { TelegramEmulator } from '../support/telegram/emulator.ts'

/** All that it takes: one declaration. Nothing of any platform knows it. */
const greet = defineCommand({
  name: 'greet-all',
  description: 'Greet somebody',
  args: {
    whom: arg.word('Whom to greet'),
    how: arg.choice('How', [
      { value: 'warmly', label: 'Warmly' },
      { value: 'coldly', label: 'Coldly' },
    ]),
  },
  audience: 'caller',
  access: 'anyone',
  run: async (_ctx, { args }) => ({ title: 'Greeting', body: [text('Hello ', strong(args.whom), `, ${args.how}.`)] }),
})

let discord: DiscordEmulator
let telegram: TelegramEmulator
let slack: SlackEmulator
let world: LinkWorld
let stop: () => Promise<void>
beforeAll(async () => {
  ;[discord, telegram, slack] = await Promise.all([
    DiscordEmulator.start(),
    TelegramEmulator.start(),
    SlackEmulator.start(),
  ])
  world = await linkWorld({
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.url,
    TELEGRAM_TOKEN: telegram.token,
    TELEGRAM_API_URL: telegram.url,
    SLACK_API_URL: slack.url,
    SLACK_BOT_TOKEN: slack.token,
    SLACK_APP_TOKEN: slack.appToken,
  })
  const { config } = world.ctx
  const platforms = [createDiscord(config), createTelegram(config), createSlack(config)]
  const app = createApp(world.ctx, platforms, [...commands, greet])
  await Promise.all(platforms.map((platform) => platform.start(app)))
  stop = async () => {
    for (const platform of platforms) await platform.stop()
  }
})
afterAll(async () => {
  await stop()
  await world.stop()
  for (const emulator of [discord, telegram, slack]) {
    expect(emulator.violations).toEqual([])
    await emulator.stop()
  }
})

const said = 'Hello Ada, warmly.'

test('a command that is declared once is a slash command with a form and an answer on Discord', async () => {
  const ann = discord.addUser('ann')
  const channel = discord.addChannel(discord.addGuild('Org', [ann]), 'general')
  const registered = discord.commands.find(undefined, 'greet-all')
  expect(registered).toMatchObject({ description: 'Greet somebody', options: [{ name: 'whom' }, { name: 'how' }] })
  await discord.slash(ann, channel, 'greet-all', { whom: 'Ada' })
  expect(discord.modal(ann)?.fields.map(({ name }) => name)).toEqual(['whom', 'how'])
  await discord.submit(ann, channel, { whom: 'Ada', how: 'warmly' })
  await vi.waitFor(() => expect(discord.messages(channel, ann).at(-1)?.words).toContain(said))
})

test('it is in the menu of Telegram, which asks for what is missing and answers', async () => {
  const ann = telegram.addUser('Ann')
  const menus = [...telegram.state.commands.values()]
  expect(menus.every((menu) => menu.some(({ command }) => command === 'greet_all'))).toBe(true)
  telegram.say(ann, ann, '/greet_all Ada')
  const question = await vi.waitFor(() => {
    const last = telegram
      .messages(ann, ann)
      .findLast(({ buttons }) => buttons.some(({ data }) => data?.endsWith('warmly')))
    if (!last) throw new Error('nothing was asked')
    return last
  })
  telegram.press(ann, { chat: ann, message: question.id }, 'Warmly')
  await vi.waitFor(() => expect(telegram.messages(ann, ann).at(-1)?.words).toContain(said))
})

test('it is in the manifest and a modal of Slack, and answers', async () => {
  const ann = slack.addUser('ann')
  const channel = slack.addChannel({ name: 'general', members: [ann] })
  const [slash] = slackManifest({ commands: [...commands, greet], publicUrl: undefined }).features.slash_commands
  expect(slash?.usage_hint).toContain('greet-all')
  await slack.slash(ann, channel, '/autoco', 'greet-all Ada')
  const modal = await vi.waitFor(() => {
    const open = slack.modal(ann)
    if (!open) throw new Error('no modal is open')
    return open
  })
  expect(modal.fields.map(({ block_id, type }) => [block_id, type])).toEqual([
    ['whom', 'plain_text_input'],
    ['how', 'static_select'],
  ])
  await slack.submit(ann, { whom: 'Ada', how: 'warmly' })
  await vi.waitFor(() => expect(slack.messages(channel, ann).at(-1)?.text).toContain(said))
})
