import { vi } from 'vitest'
import { createDiscord } from '../../../bots/discord/index.ts'
import { createApp, type App, type Channel } from '../../../core/index.ts'
import { say } from '../../../core/reminders/consent.ts'
import type { Platformed, Shown } from '../platform-contract.ts'
import { linkWorld, type LinkWorld } from '../linking.ts'
import { DiscordEmulator, type DiscordOptions, type Seen } from './emulator.ts'

export type PlatformedDiscord = Platformed & {
  discord: DiscordEmulator
  world: LinkWorld
  app: App
  guild: string
  idle(): Promise<void>
}

/** Discord as the contract of a platform drives it: the real discord.js at an emulated Discord. */
export async function platformedDiscord(
  more: Record<string, string> = {},
  options: DiscordOptions = {},
): Promise<PlatformedDiscord> {
  const discord = await DiscordEmulator.start(options)
  const world = await linkWorld({
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.url,
    DISCORD_CLIENT_SECRET: discord.clientSecret,
    DISCORD_MESSAGES: 'on',
    ...more,
  })
  discord.oauth.redirects = ['https://vote.example.org/login/discord']
  const { ctx } = world
  const people = [discord.addUser('ann'), discord.addUser('bob')] as const
  const guild = discord.addGuild('Org', people)
  for (const user of people) discord.give(guild, user, discord.addRole(guild, 'lead', { rights: ['MANAGE_GUILD'] }))
  const platform = createDiscord(ctx.config)
  const app = createApp(ctx, [platform])
  await platform.start(app)
  const seen = new Map<string, Promise<{ form?: string[] }>>()
  let rooms = 0

  const idle = () =>
    vi.waitFor(
      async () => {
        const rows = await ctx.db.selectFrom('inbox').select('key').where('done_at', 'is', null).execute()
        if (rows.length > 0) throw new Error(`${rows.length} are not done`)
      },
      { timeout: 15_000, interval: 10 },
    )
  const ask = async (user: string, channel: string, line: string): Promise<{ form?: string[] }> => {
    const [name = '', ...words] = line.split(' ')
    const command = app.commands.find((entry) => entry.name === name)
    if (!command) {
      // Nobody can use a command that is not there; a button of an old message may still say its name.
      const id = discord.say(user, channel, 'old')
      const message = discord.state.message(channel, id)
      message.components = [{ type: 1, components: [{ type: 2, style: 2, label: line, custom_id: line }] }]
      await discord.click(user, channel, id, line)
      discord.deleteMessage(channel, id)
    } else {
      const args = Object.keys(command.args)
      const options = Object.fromEntries(words.map((word, index) => [args[index] ?? '', word]))
      if (app.parse(line).status === 'ready') discord.repeatNext()
      await discord.slash(user, channel, name, options)
    }
    const modal = discord.modal(user)
    discord.closeModal(user)
    await idle()
    return modal ? { form: modal.fields.map((field) => field.name) } : {}
  }

  const routeOf = ({ id }: Channel): RegExp =>
    new RegExp(`/channels/${id.startsWith('@') ? discord.directOf(id.slice(1)) : id}/messages`)

  return {
    discord,
    world,
    app,
    guild,
    idle,
    platform,
    ctx,
    people,
    channel: () =>
      Promise.resolve({ platform: 'discord', id: discord.addChannel(guild, `room-${rooms++}`), server: guild }),
    async privateChannel(user) {
      await say(ctx, { platform: 'discord', workspace: '', user }, { wanted: true })
      return { platform: 'discord', id: `@${user}` }
    },
    async shown({ id }, as) {
      if (id.startsWith('@') && id !== `@${as}`) throw new Error('that is not theirs to see')
      return discord.messages(id.startsWith('@') ? discord.directOf(as) : id, as).map(shownOf)
    },
    type({ user, channel, line, event }) {
      const done = seen.get(event) ?? ask(user, channel.id, line)
      seen.set(event, done)
      return done
    },
    removeChannel: async ({ id }) => discord.deleteChannel(id),
    removeMessage: async ({ channel, id }) => discord.deleteMessage(channel, id),
    async silentPerson() {
      const id = discord.addUser('silent')
      discord.join(guild, id)
      const channel = discord.addChannel(guild, 'elsewhere')
      return { id, ask: () => discord.slash(id, channel, 'help') }
    },
    faults: {
      fail: (channel) => discord.fault({ type: 'status', status: 503, method: 'POST', route: routeOf(channel) }),
      cut: (channel) => discord.fault({ type: 'cut', when: 'after', method: 'POST', route: routeOf(channel) }),
      wait: (channel, seconds) =>
        discord.fault({ type: 'ratelimit', ms: seconds * 1_000, method: 'POST', route: routeOf(channel) }),
      close: ({ id }) => (id.startsWith('@') ? discord.closeDms(id.slice(1)) : discord.deny(id, 'SEND_MESSAGES')),
      leave: ({ id }) => discord.deleteChannel(id),
      finds: true,
    },
    async stop() {
      await platform.stop()
      await discord.stop()
      await world.stop()
      // The contract itself edits a message that was deleted and writes to a channel that was, or where it may not.
      const breaches = discord.violations.filter((breach) => !/404 1000[38] |403 500(?:07|13|01) /.test(breach))
      if (breaches.length > 0) throw new Error(breaches.join('\n'))
    },
  }
}

export const shownOf = ({ id, thread, words, links, buttons, pings, previews }: Seen): Shown => ({
  id,
  thread,
  words,
  links: [...links, ...buttons.flatMap(({ url }) => url ?? [])],
  buttons: buttons.flatMap(({ custom_id }) => custom_id ?? []),
  active: [...pings.map((one) => `ping ${one}`), ...previews.map((one) => `preview ${one}`)],
})
