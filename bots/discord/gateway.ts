import { createRequire } from 'node:module'
import { setTimeout as wait } from 'node:timers/promises'
import {
  CloseCodes,
  type APIGatewayBotInfo,
  type CreateWebSocketManagerOptions,
  type GatewayDispatchPayload,
  type SessionInfo,
} from 'discord.js'
import { UserError, type Context } from '../../core/index.ts'
import type { Api } from './api.ts'

type Manager = {
  on(event: 'dispatch', hear: (event: { data: GatewayDispatchPayload }) => void): void
  on(event: 'error', hear: (event: { error: Error; shardId: number }) => void): void
  on(event: 'closed', hear: (event: { code: number; shardId: number }) => void): void
  on(event: 'resumed', hear: (event: { shardId: number }) => void): void
  fetchGatewayInformation(): Promise<APIGatewayBotInfo>
  connect(): Promise<void>
  destroy(options: { code: number; reason: string }): Promise<void>
}
// The gateway of discord.js. Its Client forgets a session when the process ends, and hides this class behind its own.
const { WebSocketManager } = createRequire(createRequire(import.meta.url).resolve('discord.js'))('@discordjs/ws') as {
  WebSocketManager: new (options: CreateWebSocketManagerOptions) => Manager
}

export type Gateway = { stop(): Promise<void> }

type Kept = { intents: number; shards: SessionInfo[]; at: number }
type Spent = { count: number; until: number }

/** Discord resets the token of a bot that identifies a thousand times a day: this share of its number is never passed. */
const share = 0.9
const betweenIdentifiesMs = 5_200
const saveMs = 2_000
/** Discord forgets sooner; asking for longer costs nothing but a moment. */
const keptMs = 30 * 60_000

/** Thrown where the Developer Portal does not grant an intent. */
export class Disallowed extends Error {}

/**
 * Hears Discord over as many shards as it wants. A session outlives a lost connection and this process: what happened
 * meanwhile is replayed, and no login is spent.
 */
export async function connect(
  ctx: Pick<Context, 'kv' | 'log'>,
  params: { api: Api; token: string; intents: number; hear: (event: GatewayDispatchPayload) => void },
): Promise<Gateway> {
  const { api, token, intents, hear } = params
  const kv = ctx.kv('discord')
  const sessions = await keptSessions(ctx, intents)
  let isStopping = false
  let saving: NodeJS.Timeout | undefined
  const save = async (): Promise<void> => {
    saving = undefined
    const kept: Kept = { intents, shards: [...sessions.values()], at: Date.now() }
    await kv.set('sessions', kept, keptMs).catch((error: unknown) => ctx.log.debug({ error }, 'sessions not kept'))
  }

  const manager = new WebSocketManager({
    token,
    intents,
    rest: api.rest,
    retrieveSessionInfo: (shard) => sessions.get(shard) ?? null,
    updateSessionInfo(shard, session) {
      if (isStopping) return
      if (session) sessions.set(shard, session)
      else sessions.delete(shard)
      saving ??= setTimeout(() => void save(), saveMs).unref()
    },
    buildIdentifyThrottler(manager) {
      const lines = new Map<number, Promise<void>>()
      return {
        async waitForIdentify(shard, signal) {
          const { session_start_limit: limit } = await manager.fetchGatewayInformation()
          const key = shard % limit.max_concurrency
          const turn = (lines.get(key) ?? Promise.resolve()).then(() => spendIdentify(ctx, limit, key, signal))
          const ended = turn.catch(() => {})
          lines.set(key, ended)
          await turn
        },
      }
    },
  })
  const stop = async (code: number): Promise<void> => {
    isStopping = true
    clearTimeout(saving)
    await save()
    await manager.destroy({ code, reason: 'stopped' })
  }
  let isConnected = false
  manager.on('dispatch', ({ data }) => {
    if (!isStopping) hear(data)
  })
  manager.on('error', ({ error, shardId }) => {
    if (isConnected) ctx.log.error({ error, shard: shardId }, 'Discord closed a shard')
  })
  manager.on('closed', ({ code, shardId }) =>
    ctx.log.info({ closed: code, shard: shardId }, 'connection to Discord closed'),
  )
  manager.on('resumed', ({ shardId }) => ctx.log.info({ shard: shardId }, 'Discord resumed'))
  try {
    const { session_start_limit: limit, shards } = await manager.fetchGatewayInformation()
    const needed = shards - sessions.size
    const spent = await spentIdentifies(ctx, limit)
    if (needed > 0 && spent.count + needed > limit.total * share)
      throw new UserError(`Discord lets this bot log in ${limit.total} times a day, and ${spent.count} are used up.`, {
        hint: `Start again after ${new Date(spent.until).toISOString()}; until then AutoCo saves the rest, because Discord takes the token away when none is left.`,
        code: 'identifies',
      })
    await manager.connect()
    isConnected = true
  } catch (error) {
    await stop(CloseCodes.Normal)
    await kv.delete('sessions')
    if (error instanceof Error && error.message === 'Used disallowed intents') throw new Disallowed(error.message)
    throw error
  }
  return { stop: () => stop(CloseCodes.Resuming) }
}

async function keptSessions({ kv }: Pick<Context, 'kv'>, intents: number): Promise<Map<number, SessionInfo>> {
  const kept = (await kv('discord').get('sessions')) as Kept | undefined
  const isGood = kept?.intents === intents && Date.now() - kept.at < keptMs
  return new Map(isGood ? kept.shards.map((session) => [session.shardId, session]) : [])
}

type Limit = APIGatewayBotInfo['session_start_limit']

/** What was spent of the day, as Discord and as we counted: the greater number is believed. */
async function spentIdentifies({ kv }: Pick<Context, 'kv'>, limit: Limit): Promise<Spent> {
  const own = (await kv('discord').get('identifies')) as Spent | undefined
  const told = { count: limit.total - limit.remaining, until: Date.now() + limit.reset_after }
  return own && own.until > Date.now() && own.count > told.count ? own : told
}

/** Waits for its turn and for the day's budget, then counts itself before it happens. */
async function spendIdentify(
  ctx: Pick<Context, 'kv' | 'log'>,
  limit: Limit,
  key: number,
  signal: AbortSignal,
): Promise<void> {
  const kv = ctx.kv('discord')
  for (;;) {
    const spent = await spentIdentifies(ctx, limit)
    if (spent.count + 1 > limit.total * share) {
      ctx.log.error({ spent: spent.count, until: spent.until }, 'the logins at Discord of this day are used up')
      await wait(Math.min(spent.until - Date.now() + 1_000, 60_000), undefined, { signal })
      continue
    }
    const last = ((await kv.get(`identified/${key}`)) as number | undefined) ?? 0
    const restMs = last + betweenIdentifiesMs - Date.now()
    if (restMs > 0) await wait(Math.min(restMs, betweenIdentifiesMs), undefined, { signal })
    signal.throwIfAborted()
    await kv.set('identifies', { count: spent.count + 1, until: spent.until } satisfies Spent)
    await kv.set(`identified/${key}`, Date.now(), 60_000)
    return
  }
}
