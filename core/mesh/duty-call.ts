import { decodeEventLog, encodeFunctionData, getAbiItem, toEventSelector, toHex, type Address, type Hex } from 'viem'
import { challenge as contract } from '../../contracts/generated.ts'
import type { Context } from '../context.ts'
import type { Duty } from './duties.ts'
import type { ChallengeRecord } from './record.ts'
import { openDelivery, openRating } from './sealed.ts'

const { abi } = contract

/** The call that does a duty; undefined where AutoCo does not know what it takes. */
export async function dutyCall(
  ctx: Pick<Context, 'db' | 'config' | 'chain'>,
  record: ChallengeRecord,
  duty: Duty,
): Promise<Hex | undefined> {
  switch (duty.call) {
    case 'poke':
      return encodeFunctionData({ abi, functionName: 'poke' })
    case 'pokeTask':
      return encodeFunctionData({ abi, functionName: 'pokeTask', args: [BigInt(duty.task)] })
    case 'returnBond':
      return encodeFunctionData({ abi, functionName: 'returnBond', args: [BigInt(duty.plan)] })
    case 'withdrawBid':
      return encodeFunctionData({ abi, functionName: 'withdrawBid', args: [BigInt(duty.task), BigInt(duty.dao)] })
    case 'withdraw':
    case 'refund':
      return encodeFunctionData({ abi, functionName: duty.call, args: [duty.account as Address] })
    case 'adoptPlan':
      return adoptCall(ctx, record, duty.plan)
    case 'revealDelivery': {
      const place = { challengeId: record.id, commitment: duty.commitment as Hex }
      const delivery = await openDelivery(ctx, place)
      return (
        delivery && encodeFunctionData({ abi, functionName: 'revealDelivery', args: [BigInt(duty.task), delivery] })
      )
    }
    case 'revealRating': {
      const place = { challengeId: record.id, commitment: duty.commitment as Hex }
      const said = await openRating(ctx, place)
      return said && ratingCall(duty, said)
    }
  }
}

export function ratingCall(
  { task, dao }: { task: number; dao: number; reviewer: string },
  { rating, reason, salt }: { rating: number; reason: string; salt: Hex },
): Hex {
  return encodeFunctionData({
    abi,
    functionName: 'revealRating',
    args: [BigInt(task), BigInt(dao), rating, reason, salt],
  })
}

/** The contract keeps only the hash of a plan, so the tasks are those of its log, to the letter. */
async function adoptCall(
  ctx: Pick<Context, 'db' | 'chain'>,
  { address }: Pick<ChallengeRecord, 'address'>,
  plan: number,
): Promise<Hex | undefined> {
  const proposed = getAbiItem({ abi, name: 'PlanProposed' })
  const rows = await ctx.db
    .selectFrom('log')
    .select(['topics', 'data'])
    .where('chain_id', '=', ctx.chain.id)
    .where('address', '=', address)
    .where('orphaned_at', 'is', null)
    .execute()
  const wanted = [toEventSelector(proposed), toHex(plan, { size: 32 })]
  const row = rows.find(({ topics }) => wanted.every((topic, at) => topics[at] === topic))
  if (!row) return undefined
  const { args } = decodeEventLog({
    abi: [proposed],
    topics: row.topics as [Hex, ...Hex[]],
    data: row.data as Hex,
  })
  return encodeFunctionData({ abi, functionName: 'adoptPlan', args: [BigInt(plan), args.tasks] })
}
