import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { slackManifest } from '../../../bots/slack/manifest.ts'
import { arg, defineCommand } from '../../../core/command.ts'
import { commands } from '../../../core/features.ts'

const folder = new URL('../../../bots/slack/', import.meta.url)
const sources = readdirSync(folder)
  .map((file) => readFileSync(new URL(file, folder), 'utf8'))
  .join('\n')

test('a new command is in the manifest, and nothing of Slack changed for it', () => {
  const wave = defineCommand({
    name: 'wave',
    description: 'Wave',
    args: { to: arg.word('To whom') },
    audience: 'caller',
    access: 'anyone',
    run: async () => ({ body: [] }),
  })
  const [slash] = slackManifest({ commands: [...commands, wave], publicUrl: undefined }).features.slash_commands
  expect(slash?.usage_hint).toMatch(/^home \| .* \| help \| wave$/)
})

test('offers the shortcuts and hears the events that the adapter deals with, and no others', () => {
  const { features, settings } = slackManifest({ commands, publicUrl: undefined })
  const handled = (what: string) =>
    Array.from(sources.matchAll(new RegExp(`bolt\\.${what}\\('([a-z_]+)'`, 'g')), ([, name]) => name ?? '')
  expect(features.shortcuts.map(({ callback_id }) => callback_id).toSorted()).toEqual(handled('shortcut').toSorted())
  const lost = ['archive', 'deleted', 'left'].flatMap((how) => [`channel_${how}`, `group_${how}`])
  const told = ['app_mention', 'message.channels', 'message.groups', ...lost]
  expect(settings.event_subscriptions.bot_events.toSorted()).toEqual([...handled('event'), ...told].toSorted())
})

test('uses Socket Mode without a public address, and that address where there is one', () => {
  expect(slackManifest({ commands, publicUrl: undefined }).settings).toMatchObject({ socket_mode_enabled: true })
  const open = slackManifest({ commands, publicUrl: 'https://vote.example.org' })
  expect(open.settings).toMatchObject({
    socket_mode_enabled: false,
    interactivity: { request_url: 'https://vote.example.org/hooks/slack/events' },
  })
  expect(open.oauth_config.redirect_urls).toEqual(['https://vote.example.org/'])
})
