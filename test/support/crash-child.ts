import { createPublicClient, http, type PublicClient } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { anvil } from 'viem/chains'
import { acceptBallot } from '../../core/ballots/accept.ts'
import { createApp, parseConfig, type Context } from '../../core/index.ts'
import { createKv } from '../../core/db/keyv.ts'
import { openDatabase } from '../../core/db/open.ts'
import { heal } from '../../core/relay/jobs/heal.ts'
import { jobs, kinds } from '../../core/features.ts'
import { createQueue } from '../../core/queue/queue.ts'
import { createLogger } from '../../core/log.ts'
import { linkFromHere, type Orders } from './crash-orders.ts'

/**
 * A process of AutoCo on a database and a chain that outlive it. Without asking anybody it ends itself by SIGKILL at the
 * named point, as a power cut would.
 */
async function main(orders: Orders): Promise<void> {
  const log = createLogger({ level: 'silent' })
  const database = openDatabase(orders.databaseUrl, { max: 8 })
  const queue = await createQueue({ url: orders.databaseUrl, jobs, log })
  const transport = http(orders.rpcUrl, { retryCount: 0 })
  const ctx: Context = {
    config: parseConfig({ PUBLIC_URL: 'https://vote.example.org', RELAY_FLUSH_SECONDS: '0' }),
    db: database.db,
    kv: createKv(database.pool),
    queue,
    chain: {
      id: 31_337,
      name: 'Test chain',
      url: orders.rpcUrl,
      client: createPublicClient({ chain: anvil, transport, cacheTime: 0 }) as PublicClient,
      addresses: orders.addresses,
      relayer: privateKeyToAccount(orders.relayerKey),
      finalityDepth: 2,
      explorerUrl: undefined,
    },
    ai: undefined,
    log,
    now: Date.now,
    kinds,
    crash(name) {
      if (name === orders.point) process.kill(process.pid, 'SIGKILL')
    },
  }
  createApp(ctx, [])
  for (const ballot of orders.ballots ?? []) await acceptBallot(ctx, ballot)
  for (const link of orders.links ?? []) await linkFromHere(ctx, link)
  await queue.work(jobs, ctx)
  await heal(ctx)
}

// Everything is loaded by the time the orders come, so that a test does not wait for it.
process.once('message', (orders) => void main(orders as Orders))
