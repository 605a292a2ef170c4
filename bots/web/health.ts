import { Hono } from 'hono'
import { sql } from 'kysely'
import type { Gauge, Registry } from 'prom-client'
import { UserError, type Context } from '../../core/index.ts'
import { isLocalOperator } from './guard.ts'

const patienceMs = 3_000

/** Is the process alive, can it work, and how does it go. */
export function healthRoutes(ctx: Context, port: () => number): Hono {
  const routes = new Hono()
  let metrics: Promise<Metrics> | undefined
  routes.get('/healthz', (c) => c.json({ status: 'ok' }))
  routes.get('/readyz', async (c) => {
    const [database, chain] = await Promise.all([
      isAnswering(sql`select 1`.execute(ctx.db)),
      isAnswering(ctx.chain.client.getBlockNumber({ cacheTime: 0 })),
    ])
    return c.json({ status: database && chain ? 'ready' : 'waiting', database, chain }, database && chain ? 200 : 503)
  })
  routes.get('/metrics', async (c) => {
    if (!isLocalOperator(c, port())) throw new UserError('Figures are shown on this machine only.', { code: 'origin' })
    metrics ??= createMetrics()
    const { registry, collect } = await metrics
    await collect(ctx)
    return c.text(await registry.metrics(), 200, { 'content-type': registry.contentType })
  })
  return routes
}

const isAnswering = (work: Promise<unknown>): Promise<boolean> =>
  Promise.race([
    work.then(
      () => true,
      () => false,
    ),
    new Promise<boolean>((resolve) => setTimeout(() => resolve(false), patienceMs).unref()),
  ])

type Metrics = { registry: Registry; collect: (ctx: Context) => Promise<void> }

async function createMetrics(): Promise<Metrics> {
  const { Gauge, Registry, collectDefaultMetrics } = await import('prom-client')
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const gauge = <L extends string>(name: string, help: string, labelNames: L[]): Gauge<L> =>
    new Gauge({ name, help, labelNames, registers: [registry] })
  const ballots = gauge('autoco_ballots', 'Ballots by state', ['state'])
  const effects = gauge('autoco_messages', 'Messages to platforms by state', ['platform', 'state'])
  const intents = gauge('autoco_transactions', 'Relayed transactions by purpose and state', ['purpose', 'state'])
  const jobs = gauge('autoco_jobs', 'Jobs by queue and state', ['queue', 'state'])
  const head = gauge('autoco_listener_block', 'Newest block read, per chain', ['chain'])
  const lag = gauge('autoco_listener_lag_seconds', 'Age of the newest block read, per chain', ['chain'])
  const sessions = gauge('autoco_database_sessions', 'Sessions of this database by state', ['state'])

  return {
    registry,
    async collect(ctx) {
      const { db } = ctx
      const count = sql<string>`count(*)`
      const [ballotRows, effectRows, intentRows, cursorRows, sessionRows, jobRows] = await Promise.all([
        db
          .selectFrom('ballot')
          .select(['state', count.as('count')])
          .groupBy('state')
          .execute(),
        db
          .selectFrom('effect')
          .select(['platform', 'state', count.as('count')])
          .groupBy(['platform', 'state'])
          .execute(),
        db
          .selectFrom('intent')
          .select(['purpose', 'state', count.as('count')])
          .groupBy(['purpose', 'state'])
          .execute(),
        db
          .selectFrom('cursor')
          .innerJoin('block', (join) =>
            join.onRef('block.chain_id', '=', 'cursor.chain_id').onRef('block.hash', '=', 'cursor.hash'),
          )
          .select(['cursor.chain_id', 'cursor.number', 'block.time'])
          .execute(),
        sql<{
          state: string
          count: string
        }>`select coalesce(state, 'none') as state, count(*) from pg_stat_activity where datname = current_database() group by 1`.execute(
          db,
        ),
        sql<{
          name: string
          state: string
          count: string
        }>`select name, state::text, count(*) from pgboss.job group by 1, 2`
          .execute(db)
          .catch(() => ({ rows: [] })),
      ])
      for (const each of [ballots, effects, intents, jobs, head, lag, sessions]) each.reset()
      for (const row of ballotRows) ballots.set({ state: row.state }, Number(row.count))
      for (const row of effectRows) effects.set({ platform: row.platform, state: row.state }, Number(row.count))
      for (const row of intentRows) intents.set({ purpose: row.purpose, state: row.state }, Number(row.count))
      for (const row of jobRows.rows) jobs.set({ queue: row.name, state: row.state }, Number(row.count))
      for (const row of sessionRows.rows) sessions.set({ state: row.state }, Number(row.count))
      for (const row of cursorRows) {
        head.set({ chain: row.chain_id }, Number(row.number))
        lag.set({ chain: row.chain_id }, Math.max(0, ctx.now() / 1_000 - Number(row.time)))
      }
    },
  }
}
