import { sql } from 'kysely'
import { decodeAbiParameters, getAddress, toEventSelector, zeroAddress, type Abi, type Hex } from 'viem'
import { callsSpell, chief } from '../../contracts/generated.ts'
import type { Context } from '../context.ts'
import { askAt, type Block } from '../chain/ask-at.ts'
import type { NomicDao } from './contracts.ts'
import { addSpell } from './spell.ts'

const etched = toEventSelector('Etched(uint32,address[])')
const most = 200
const maxTitle = 200

/**
 * Spells that no factory of ours made: what people approve of, or what holds the hat, is shown whoever wrote it, with no
 * more than its own word for what it does.
 */
export async function addForeign(ctx: Context, dao: NomicDao, block: Block): Promise<void> {
  if (!(await isFactoryRead(ctx, dao))) return
  const strangers = await unknownAddresses(ctx, dao, block)
  if (strangers.length === 0) return
  const names = ['description', 'textHash', 'expiration', 'officeHours'] as const
  const { answers } = await askAt(
    ctx,
    block,
    strangers.flatMap((to) => names.map((name) => ({ to, abi: callsSpell.abi as Abi, name }))),
  )
  const cursor = block.number.toString()
  await ctx.db.transaction().execute(async (trx) => {
    for (const [at, address] of strangers.entries()) {
      const [title, , expiration, officeHours] = answers.slice(at * names.length, (at + 1) * names.length)
      await addSpell(trx, {
        daoId: dao.id,
        address,
        kind: 'foreign',
        author: null,
        title: titleOf(title),
        text: '',
        expiration: Number(expiration ?? 0).toString(),
        officeHours: officeHours === true,
        calls: [],
        drops: null,
        isHistory: block.number <= BigInt(dao.quiet_until),
        blockNumber: cursor,
        txHash: null,
      })
    }
  })
}

/** As long as its past is not read, a spell of the factory would look like a stranger's. */
async function isFactoryRead(ctx: Pick<Context, 'db' | 'chain'>, { spells }: NomicDao): Promise<boolean> {
  if (spells === undefined) return true
  const row = await ctx.db
    .selectFrom('coverage')
    .select(['read_to', 'live_from'])
    .where('chain_id', '=', ctx.chain.id)
    .where('address', '=', spells.toLowerCase())
    .executeTakeFirst()
  return row !== undefined && BigInt(row.read_to) >= BigInt(row.live_from) - 1n
}

const titleOf = (title: unknown): string =>
  typeof title === 'string' ? title.replaceAll('\0', '').slice(0, maxTitle).toWellFormed() : ''

/** In lists that were etched, or holding the hat, with approvals and unknown so far. */
async function unknownAddresses(ctx: Context, dao: NomicDao, block: Block): Promise<string[]> {
  const logs = await ctx.db
    .selectFrom('log')
    .select('data')
    .where('chain_id', '=', ctx.chain.id)
    .where('address', '=', dao.chief.toLowerCase())
    .where('orphaned_at', 'is', null)
    .where(sql<boolean>`topics[1] = ${etched}`)
    .orderBy('block_number', 'desc')
    .limit(most)
    .execute()
  const abi = chief.abi as Abi
  const { answers } = await askAt(ctx, block, [{ to: dao.chief, abi, name: 'hat' }])
  const named = [
    ...new Set([String(answers[0]).toLowerCase(), ...logs.flatMap(({ data }) => addressesIn(data as Hex))]),
  ]
  const known = await ctx.db
    .selectFrom('spell')
    .select('address')
    .where('dao_id', '=', dao.id)
    .where('orphaned_at', 'is', null)
    .where('address', 'in', named)
    .execute()
  const rest = named.filter((one) => one !== zeroAddress && !known.some(({ address }) => address === one))
  const weights = await askAt(
    ctx,
    block,
    rest.map((one) => ({ to: dao.chief, abi, name: 'approvals', args: [getAddress(one)] })),
  )
  return rest.filter((one, at) => one === String(answers[0]).toLowerCase() || (weights.answers[at] as bigint) > 0n)
}

function addressesIn(data: Hex): string[] {
  try {
    return decodeAbiParameters([{ type: 'address[]' }], data)[0].map((address) => address.toLowerCase())
  } catch {
    return []
  }
}
