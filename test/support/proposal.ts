import { zeroAddress } from 'viem'
import type { Insertable } from 'kysely'
import type { Context } from '../../core/context.ts'
import type { GovernanceTables } from '../../core/db/tables/governance.ts'
import { parseConfig } from '../../core/index.ts'
import { createKv } from '../../core/db/keyv.ts'
import { jobs, kinds } from '../../core/features.ts'
import { createQueue } from '../../core/queue/queue.ts'
import { createLogger } from '../../core/log.ts'
import { testDb } from './db.ts'

export type RowWorld = { ctx: Context; stop(): Promise<void> }

/** AutoCo over a database alone, for what is drawn and written from rows. Its chain must not be asked. */
export async function rowWorld(settings: Record<string, string> = {}): Promise<RowWorld> {
  const database = await testDb()
  const log = createLogger({ level: 'silent' })
  const queue = await createQueue({ url: database.url, jobs, log })
  const ctx = {
    config: parseConfig({ PUBLIC_URL: 'https://vote.example.org', ...settings }),
    db: database.db,
    kv: createKv(database.pool),
    queue,
    chain: { id: 31_337, name: 'Test chain', client: {}, explorerUrl: undefined },
    ai: undefined,
    log,
    now: () => Date.now(),
    kinds,
    // The chain stands for none at all: a DAO without a token needs nothing of it.
  } as unknown as Context
  return {
    ctx,
    async stop() {
      await queue.stop()
      await database.close()
    },
  }
}

export async function insertDao(
  ctx: Pick<Context, 'db'>,
  more: Partial<Insertable<GovernanceTables['dao']>> = {},
): Promise<{ id: string; slug: string }> {
  const slug = more.slug ?? 'nomic'
  return await ctx.db
    .insertInto('dao')
    .values({
      slug,
      name: 'Nomic',
      chain_id: 31_337,
      address: `0x${slug.length.toString(16).padStart(2, '0')}${Buffer.from(slug).toString('hex').padEnd(38, '0').slice(0, 38)}`,
      kind: 'oz5',
      token: null,
      timelock: null,
      clock: 'timestamp',
      domain_name: 'Nomic',
      domain_version: '1',
      probe: '{}',
      from_block: '0',
      ...more,
    })
    .returning(['id', 'slug'])
    .executeTakeFirstOrThrow()
}

export async function insertProposal(
  ctx: Pick<Context, 'db'>,
  dao: { id: string; slug: string },
  more: Partial<Insertable<GovernanceTables['proposal']>> & { number: number },
): Promise<string> {
  const { id } = await ctx.db
    .insertInto('proposal')
    .values({
      dao_id: dao.id,
      ref: `${dao.slug}-${more.number}`,
      onchain_id: String(more.number),
      proposer: zeroAddress,
      title: 'Fund the bridge watchers',
      description: '# Fund the bridge watchers\n\nThis proposal pays the watcher team for twelve months of work.',
      text_hash: '0x',
      calls: '[]',
      snapshot: '1767225600',
      deadline: '1767484800',
      state: 'active',
      eta: null,
      quorum: '100',
      tally_block: '12',
      block_number: '10',
      block_hash: '0xb10c',
      tx_hash: `0x${'ab'.repeat(32)}`,
      orphaned_at: null,
      ...more,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

export async function subscribe(ctx: Pick<Context, 'db'>, dao: { id: string }, channel: string): Promise<void> {
  await ctx.db
    .insertInto('subscription')
    .values({ dao_id: dao.id, platform: 'paper', channel, created_by: 'bob' })
    .execute()
}
