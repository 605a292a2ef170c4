import type { Address, Hex } from 'viem'
import type { Context } from '../context.ts'
import type { BallotState } from '../db/tables/ballots.ts'
import { RetryableError, UserError } from '../errors.ts'
import { castOf, governorOf } from '../governance/governor.ts'
import type { BallotTypedData } from '../governance/governor/types.ts'
import { tokenOf } from '../chain/token.ts'
import { amount } from '../amount.ts'
import { ballotWords } from './views/ballot.ts'
import type { RecentBallot } from './views/ballot.ts'
import { cardOf } from './card.ts'
import { storedBallot, type StoredBallot } from './stored.ts'

/**
 * Everything about one ballot that its voter, or anybody who has its id, may see. A vote is public on the chain, so its
 * receipt is too; which chat account signed it is on no receipt.
 */
export type Receipt = {
  id: Hex
  proposal: { ref: string; title: string; dao: string; deadline: string; clock: 'timestamp' | 'blocknumber' }
  voter: Address
  choice: string
  reason: string
  /** At the snapshot, token base units. */
  weight: string
  /** The weight in words, `100 NOMIC`; not there while the chain does not answer. */
  power?: string
  state: BallotState
  /** `Signed → sent → counted in block 12`, what that means, and what can be done. */
  steps: string
  words: string
  hint?: string
  tx?: Hex
  block?: string
  /** Unix seconds. */
  acceptedAt: number
  finalAt?: number
  /** The ballot itself, for keeping: whoever holds it can prove what was signed, and send it. */
  ballot: { chainId: number; typedData: BallotTypedData; signature: Hex }
  /** The transaction with which anybody can send this ballot without AutoCo. */
  alone: { chainId: number; to: Address; data: Hex }
}

/** A receipt by the ballot's whole id, or by as much of its beginning as is unique (eight digits or more). */
export async function findReceipt(ctx: Pick<Context, 'db' | 'kv' | 'chain'>, params: { id: string }): Promise<Receipt> {
  const digits = params.id.trim().toLowerCase().replace(/^0x/, '')
  if (!/^[0-9a-f]{8,64}$/.test(digits))
    throw new UserError('A receipt is named by the ballot’s id: at least its first eight hex digits.', {
      hint: '/receipt',
      code: 'usage',
    })
  const rows = await ctx.db.selectFrom('ballot').select('id').where('id', 'like', `0x${digits}%`).limit(2).execute()
  const [found, other] = rows
  if (!found) throw new UserError('AutoCo has no ballot of this id.', { hint: '/receipt', code: 'unknown' })
  if (other)
    throw new UserError('Several ballots begin like this.', { hint: 'Type more of the id.', code: 'ambiguous' })
  const stored = await storedBallot(ctx.db, found.id)
  return receiptOf(stored, await powerWords(ctx, stored))
}

/** The newest ballots of these wallets, for their owner: where each was signed is nobody else's business. */
export async function recentBallots(
  ctx: Pick<Context, 'db'>,
  params: { wallets: readonly string[] },
): Promise<RecentBallot[]> {
  const rows = await ctx.db
    .selectFrom('ballot')
    .select('id')
    .where('voter', 'in', ['', ...params.wallets])
    .orderBy('accepted_at', 'desc')
    .limit(recent)
    .execute()
  const stored = await Promise.all(rows.map(({ id }) => storedBallot(ctx.db, id)))
  return stored.map((ballot) => ({
    ...cardOf(ballot),
    acceptedAt: seconds(ballot.row.accepted_at),
    platform: ballot.row.platform ?? undefined,
  }))
}

const recent = 10

async function powerWords(
  ctx: Pick<Context, 'kv' | 'chain'>,
  { row, proposal }: StoredBallot,
): Promise<string | undefined> {
  try {
    return amount(BigInt(row.weight), await tokenOf(ctx, proposal.dao))
  } catch (error) {
    // A receipt is shown all the same while the chain does not answer.
    if (error instanceof RetryableError) return undefined
    throw error
  }
}

function receiptOf(stored: StoredBallot, power: string | undefined): Receipt {
  const { row, proposal, voter, tx } = stored
  const { dao, ref, title, deadline } = proposal
  const card = cardOf(stored)
  const { steps, words, hint } = ballotWords(card)
  const ballot = castOf(row, proposal)
  return {
    id: ballot.id,
    proposal: { ref, title, dao: dao.name, deadline, clock: dao.clock },
    voter,
    choice: card.choice,
    reason: row.reason,
    weight: row.weight,
    ...(power ? { power } : {}),
    state: row.state,
    steps,
    words,
    ...(hint ? { hint } : {}),
    ...(tx ? { tx } : {}),
    ...(row.block_number ? { block: row.block_number } : {}),
    acceptedAt: seconds(row.accepted_at),
    ...(row.final_at ? { finalAt: seconds(row.final_at) } : {}),
    ballot: {
      chainId: dao.chain_id,
      // Our own column, written from this type.
      typedData: row.typed_data as BallotTypedData,
      signature: ballot.signature,
    },
    alone: { chainId: dao.chain_id, ...governorOf(dao).encodeAlone({ dao, ballot }) },
  }
}

const seconds = (date: Date): number => Math.floor(date.getTime() / 1_000)
