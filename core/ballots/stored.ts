import type { Address, Hex } from 'viem'
import type { Db, Trx } from '../context.ts'
import type { BallotRow } from '../db/tables/ballots.ts'
import { proposalById, type Proposal } from '../governance/proposal.ts'
import type { Support } from '../voting/support.ts'

/** A ballot as it is kept, with what a person wants to see beside it. */
export type StoredBallot = {
  row: BallotRow
  proposal: Proposal
  voter: Address
  support: Support
  /** The transaction that carries it; the one that counted it once that is known. */
  tx: Hex | undefined
}

export async function storedBallot(db: Db | Trx, id: string): Promise<StoredBallot> {
  const row = await db.selectFrom('ballot').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  const proposal = await proposalById({ db }, row.proposal_id)
  const tx = row.tx_hash ?? (await newestAttempt(db, row.intent_id))
  return {
    row,
    proposal,
    voter: row.voter as Address,
    support: row.support as Support,
    tx: (tx as Hex | undefined) ?? undefined,
  }
}

async function newestAttempt(db: Db | Trx, intentId: string | null): Promise<string | undefined> {
  if (intentId === null) return undefined
  const row = await db
    .selectFrom('attempt')
    .select('hash')
    .where('intent_id', '=', intentId)
    .orderBy('created_at', 'desc')
    .executeTakeFirst()
  return row?.hash
}
