import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { createDiscord } from '../../../bots/discord/index.ts'
import { createApp, parseConfig, type Context, type Platform } from '../../../core/index.ts'
import { DiscordEmulator, type DiscordOptions } from '../../support/discord/emulator.ts'
import { recorded } from '../../support/recorded.ts'
import { hasShared } from '../../support/shared.ts'
import { linkWorld, type LinkWorld } from '../../support/linking.ts'

/** Other tests may keep both processors busy. */
const patience = { timeout: 15_000, interval: 20 }

let world: LinkWorld
beforeAll(async () => void (world = await linkWorld()))
afterAll(() => world.stop())

const open: { discord: DiscordEmulator; platform: Platform }[] = []
afterEach(async () => {
  for (const { discord, platform } of open.splice(0)) {
    await platform.stop()
    await discord.stop()
    await world.ctx.kv('discord').clear()
    expect(discord.violations).toEqual([])
  }
})

/** An AutoCo at a Discord of its own; `again` is the next process with the same database. */
async function start(options: DiscordOptions) {
  const discord = await DiscordEmulator.start(options)
  const make = (): { platform: Platform; ctx: Context } => {
    const config = parseConfig({ DISCORD_TOKEN: discord.token, DISCORD_API_URL: discord.url })
    return { platform: createDiscord(config), ctx: { ...world.ctx, config } }
  }
  const boot = async (): Promise<Platform> => {
    const { platform, ctx } = make()
    await platform.start(createApp(ctx, [platform]))
    return platform
  }
  const entry = { discord, platform: await boot() }
  open.push(entry)
  return {
    discord,
    again: async (): Promise<void> => {
      await entry.platform.stop()
      entry.platform = await boot()
    },
  }
}

describe('the gateway', () => {
  test('is heard over as many shards as Discord wants, each guild by its own', async () => {
    const { discord } = await start({ shards: 2, concurrency: 2 })
    expect(discord.gateway.sessions.size).toBe(2)
    const ann = discord.addUser('ann')
    // A guild belongs to the shard that its number says; some of these are of either.
    for (let count = 0; count < 4; count += 1) {
      const channel = discord.addChannel(discord.addGuild(`Org ${count}`, [ann]), 'room')
      await discord.slash(ann, channel, 'help')
      await vi.waitFor(() => expect(discord.messages(channel, ann).at(-1)?.words).toContain('/proposals'), patience)
    }
  })

  test('is joined again after a restart without a login: the day’s number is not touched', async () => {
    const { discord, again } = await start({ identifies: 100 })
    await again()
    await again()
    expect(discord.gateway.identified).toBe(1)
  })

  test('is let be when the logins of the day are nearly used up, with words that say until when', async () => {
    const discord = await DiscordEmulator.start({ identifies: 10 })
    const config = parseConfig({ DISCORD_TOKEN: discord.token, DISCORD_API_URL: discord.url })
    const ctx = { ...world.ctx, config }
    const until = Date.now() + 3_600_000
    await ctx.kv('discord').set('identifies', { count: 9, until })
    const platform = createDiscord(config)
    await expect(platform.start(createApp(ctx, [platform]))).rejects.toMatchObject({
      name: 'UserError',
      message: 'Discord lets this bot log in 10 times a day, and 9 are used up.',
      hint: expect.stringContaining(new Date(until).toISOString()) as string,
    })
    expect(discord.gateway.identified).toBe(0)
    await platform.stop()
    await discord.stop()
    await ctx.kv('discord').clear()
  })

  test('is resumed after a lost connection: what was said meanwhile is heard, and no login is spent', async () => {
    const { discord } = await start({})
    const ann = discord.addUser('ann')
    const channel = discord.addChannel(discord.addGuild('Org', [ann]), 'room')
    discord.gateway.drop()
    const asked = discord.slash(ann, channel, 'help')
    await vi.waitFor(() => expect(discord.messages(channel, ann).at(-1)?.words).toContain('/proposals'), {
      timeout: 20_000,
    })
    await asked
    expect(discord.gateway.identified).toBe(1)
  })

  test.skipIf(!hasShared)('brings what the real Discord once sent, and it is taken', async () => {
    const { discord } = await start({})
    const { mention } = recorded('channel-discord.json')
    const data = mention!['data'] as { id: string; guild_id: string }
    discord.gateway.dispatch('MESSAGE_CREATE', data)
    const before = await world.ctx.db.selectFrom('inbox').select('key').execute()
    const presses = Object.values(recorded('discord.json')).filter((each) => each?.['type'] === 3)
    expect(presses.length).toBeGreaterThan(0)
    for (const press of presses) discord.gateway.dispatch('INTERACTION_CREATE', press)
    await vi.waitFor(async () => {
      const rows = await world.ctx.db.selectFrom('inbox').select('key').execute()
      expect(rows.length).toBeGreaterThanOrEqual(before.length + presses.length)
    }, patience)
    // The tokens of recorded interactions are long over.
    await vi.waitFor(() => expect(discord.takeViolations().length).toBeGreaterThan(0), patience)
    await vi.waitFor(
      async () =>
        expect(await world.ctx.db.selectFrom('inbox').select('key').where('done_at', 'is', null).execute()).toEqual([]),
      patience,
    )
    discord.takeViolations()
  })

  test('is joined anew when Discord forgot the session', async () => {
    const { discord } = await start({})
    discord.gateway.invalidate()
    await vi.waitFor(() => expect(discord.gateway.identified).toBe(2), { timeout: 20_000 })
    const ann = discord.addUser('ann')
    await vi.waitFor(() => expect(discord.gateway.sessions.size).toBe(1), patience)
    const channel = discord.addChannel(discord.addGuild('Org', [ann]), 'room')
    await discord.slash(ann, channel, 'help')
    await vi.waitFor(() => expect(discord.messages(channel, ann).at(-1)?.words).toContain('/proposals'), patience)
  })
})
