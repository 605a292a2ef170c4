import fs from 'node:fs'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { DiscordEmulator } from '../support/discord/emulator.ts'
import { runScript, temporaryFolder, type Running } from '../support/process.ts'
import { SlackEmulator } from '../support/slack/emulator.ts'
import { manifest } from '../support/slack/platformed.ts'
import { TelegramEmulator } from '../support/telegram/emulator.ts'

const folder = temporaryFolder()
let discord: DiscordEmulator
let telegram: TelegramEmulator
let slack: SlackEmulator
beforeAll(async () => {
  discord = await DiscordEmulator.start({ granted: 0 })
  telegram = await TelegramEmulator.start()
  slack = await SlackEmulator.start({ manifest })
})
afterAll(async () => {
  await Promise.all([discord.stop(), telegram.stop(), slack.stop()])
  fs.rmSync(folder, { recursive: true, force: true })
})

const start = (name: string, env: Record<string, string>): Running =>
  runScript('bots/main.ts', {
    cwd: folder,
    env: {
      AUTOCO_HOME: path.join(folder, name),
      PORT: '0',
      DISCORD_API_URL: discord.url,
      TELEGRAM_API_URL: telegram.url,
      SLACK_API_URL: slack.url,
      ...env,
    },
  })

describe('AutoCo as a process, on three platforms by the addresses in its environment', () => {
  let app: Running
  beforeAll(async () => {
    app = start('all', {
      DISCORD_TOKEN: discord.token,
      DISCORD_MESSAGES: 'on',
      TELEGRAM_TOKEN: telegram.token,
      SLACK_BOT_TOKEN: slack.token,
      SLACK_APP_TOKEN: slack.appToken,
    })
    await app.ready
  })
  afterAll(async () => {
    app.kill('SIGTERM')
    expect(await app.ended).toBe(0)
  })
  // The refused login with an intent that the portal does not grant is what makes the bot say so.
  afterEach(() =>
    expect(
      [...discord.takeViolations(), ...telegram.violations, ...slack.violations].filter((one) => !/4014/.test(one)),
    ).toEqual([]),
  )

  test('says at the start where it is, and what it cannot do', () => {
    expect(app.said()).toMatch(
      /Discord\s+logged in as autoco; to invite it: https:\/\/discord\.com\/oauth2\/authorize\?/,
    )
    expect(app.said()).toContain('The Message Content intent is off in the Developer Portal')
    expect(app.said()).toMatch(new RegExp(`Telegram\\s+.*@${telegram.username}`))
    expect(app.said()).toMatch(/Slack\s+in the workspace Auto Org/)
    for (const secret of [discord.token, telegram.token, slack.token, slack.appToken])
      expect(app.said()).not.toContain(secret)
  })

  test('answers on each of them', async () => {
    const ann = discord.addUser('ann')
    const channel = discord.addChannel(discord.addGuild('Org', [ann]), 'governance')
    await discord.slash(ann, channel, 'help')
    const bob = telegram.addUser('Bob')
    telegram.say(bob, bob, '/help')
    const cleo = slack.addUser('cleo')
    const room = slack.addChannel({ name: 'governance', members: [cleo] })
    await slack.slash(cleo, room, '/autoco', 'help')
    await vi.waitFor(
      () => {
        const shown = [discord.messages(channel, ann).at(-1)?.words, telegram.messages(bob, bob).at(-1)?.words]
        for (const words of [...shown, slack.messages(room, cleo).at(-1)?.text]) expect(words).toContain('/proposals')
      },
      { timeout: 10_000, interval: 50 },
    )
  })
})

describe('a wrong token stops the start, with words that say where the right one is', () => {
  afterEach(() => {
    for (const emulator of [discord, telegram, slack]) emulator.takeViolations()
  })
  test.each<[string, Record<string, string>, string]>([
    ['Discord', { DISCORD_TOKEN: 'MTA.x.y' }, 'Discord refuses DISCORD_TOKEN. Copy it from discord.com/developers'],
    ['Telegram', { TELEGRAM_TOKEN: '1:AAwrong' }, 'Telegram refuses TELEGRAM_TOKEN'],
    [
      'Slack',
      { SLACK_BOT_TOKEN: 'xoxb-wrong', SLACK_APP_TOKEN: 'xapp-x' },
      'Slack refuses SLACK_BOT_TOKEN (invalid_auth)',
    ],
  ])('of %s', async (name, env, words) => {
    const app = start(`wrong-${name}`, env)
    expect(await app.ended).not.toBe(0)
    expect(app.said().replaceAll(/\s+/g, ' ')).toContain(words)
    for (const secret of Object.values(env)) expect(app.said()).not.toContain(secret)
  })
})
