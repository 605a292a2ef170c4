import { encodeFunctionData, type Address } from 'viem'
import { autoDao } from '../../../contracts/generated.ts'
import { sendIntent } from '../../relay/lane.ts'
import type { IntentKind, Settled } from '../../relay/settled.ts'
import type { Context } from '../../context.ts'
import { ask } from '../../chain/ask.ts'
import { readAutoId } from '../../identity/auto-id.ts'
import { enrol } from '../../identity/registration.ts'
import { defineJob } from '../../job.ts'

const batchSize = 50
const seatedMs = 3_600_000

type Holder = { account: Address; autoId: bigint }

/**
 * Takes seats for linked wallets that have an Auto ID, in every DAO of ours that is watched and in the NOMIC voice book.
 * A seat makes a vote cheap, and only from the next proposal on: so it is taken at once, and nobody has to ask for it.
 */
export const enrolJob = defineJob({
  ...enrol,
  retry: { limit: 20, delayMs: 2_000, backoff: true },
  concurrency: 1,
  async run(ctx: Context) {
    if (!ctx.chain.relayer) return
    const holders = await holdersOf(ctx)
    for (const counter of await countersOf(ctx)) await enrolIn(ctx, { counter, holders })
  },
})

export const enrolmentIntents: IntentKind = {
  purpose: 'enrol',
  settled: enrolmentSettled,
}

/** Those who came while the transaction was under way are next. */
async function enrolmentSettled(ctx: Context, { event }: Settled): Promise<void> {
  if (event === 'mined' || event === 'elsewhere') await ctx.queue.send(ctx.db, enrol, {}, { key: 'enrol' })
}

async function holdersOf(ctx: Context): Promise<Holder[]> {
  const wallets = await ctx.db.selectFrom('wallet').select('address').orderBy('linked_at').execute()
  return inParts(wallets, async ({ address }) => {
    const autoId = await readAutoId(ctx, address)
    return autoId && { account: address as Address, autoId: autoId.id }
  })
}

async function countersOf(ctx: Context): Promise<Address[]> {
  const daos = await ctx.db
    .selectFrom('dao')
    .select('address')
    .where('kind', '=', 'autodao')
    .where('chain_id', '=', ctx.chain.id)
    .orderBy('id')
    .execute()
  const { nomic } = ctx.chain.addresses
  return [...daos.map(({ address }) => address as Address), ...(nomic ? [nomic] : [])]
}

async function enrolIn(
  ctx: Context,
  { counter, holders }: { counter: Address; holders: readonly Holder[] },
): Promise<void> {
  if (await isUnderWay(ctx, counter)) return
  const unseated = await inParts(holders, async (holder) =>
    (await isSeated(ctx, counter, holder)) ? undefined : holder.autoId,
  )
  const autoIds = unseated.slice(0, batchSize)
  if (autoIds.length === 0) return
  try {
    await sendIntent(ctx, {
      purpose: 'enrol',
      to: counter,
      data: encodeFunctionData({ abi: autoDao.abi, functionName: 'enrol', args: [autoIds] }),
      async within(trx, intentId) {
        // Under the lane's lock, so that two relayers do not enrol the same people at once.
        if (await isUnderWay({ ...ctx, db: trx }, counter, intentId)) throw new UnderWay()
      },
    })
  } catch (error) {
    if (!(error instanceof UnderWay)) throw error
  }
}

class UnderWay extends Error {}

async function isUnderWay(ctx: Pick<Context, 'db'>, counter: Address, except = '0'): Promise<boolean> {
  const open = await ctx.db
    .selectFrom('intent')
    .select('id')
    .where('purpose', '=', 'enrol')
    .where('to', '=', counter)
    .where('state', '=', 'open')
    .where('id', '<>', except)
    .limit(1)
    .executeTakeFirst()
  return open !== undefined
}

/** Only a seat that was found is remembered, and not for long. */
async function isSeated(ctx: Context, counter: Address, { account, autoId }: Holder): Promise<boolean> {
  const memory = ctx.kv('seat')
  const key = `${ctx.chain.id}/${counter}/${account}/${autoId}`
  if (await memory.get(key)) return true
  const contract = { abi: autoDao.abi, address: counter } as const
  const { client } = ctx.chain
  const [seat] = await ask(() => client.readContract({ ...contract, functionName: 'seatOf', args: [account] }))
  if (seat === 0) return false
  const [, , seated] = await ask(() => client.readContract({ ...contract, functionName: 'seatInfo', args: [seat] }))
  if (BigInt(seated) !== autoId) return false
  await memory.set(key, true, seatedMs)
  return true
}

/** Asks the chain some at a time; `undefined` answers are left out. */
async function inParts<T, R>(items: readonly T[], look: (item: T) => Promise<R | undefined>): Promise<R[]> {
  const found: R[] = []
  for (let from = 0; from < items.length; from += batchSize) {
    const part = await Promise.all(items.slice(from, from + batchSize).map(look))
    found.push(...part.filter((entry) => entry !== undefined))
  }
  return found
}
