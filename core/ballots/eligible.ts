import { getAddress, type Address } from 'viem'
import type { Context, Db, Trx } from '../context.ts'
import type { BallotRow } from '../db/tables/ballots.ts'
import { UserError } from '../errors.ts'
import { whyBarred } from '../governance/barred.ts'
import { governorOf } from '../governance/governor.ts'
import type { Standing } from '../governance/governor/types.ts'
import type { Proposal } from '../governance/proposal.ts'
import { refusal } from './refusal.ts'
import type { Offer } from './draft.ts'

/** The last sequence that our contracts count. */
const lastSequence = 14n

/** How this wallet would vote now; throws the reason why it cannot. */
export async function offerFor(
  ctx: Context,
  params: { proposal: Proposal; address: string },
): Promise<{ offer: Offer; standing: Standing }> {
  const { proposal } = params
  const voter = getAddress(params.address)
  const standing = await standingOf(ctx, { proposal, voter })
  assertOpen(standing, proposal)
  assertMayVote(ctx, standing, { proposal, voter })
  const { form, seat, mayChange } = standing
  const mine = await ballotsOf(ctx.db, { proposal, voter, form })
  assertFree(mine, { proposal, mayChange })
  return { offer: { form, seat, nonce: nextNonce(standing, mine, proposal.id).toString() }, standing }
}

export const standingOf = (ctx: Context, params: { proposal: Proposal; voter: Address }): Promise<Standing> =>
  governorOf(params.proposal.dao).standing(ctx, {
    dao: params.proposal.dao,
    proposalId: BigInt(params.proposal.onchain_id),
    voter: params.voter,
  })

/** By the chain's clock and the contract's own word, never by ours. */
export function assertOpen(standing: Pick<Standing, 'state' | 'clock' | 'deadline'>, proposal: Proposal): void {
  if (standing.state === 'active' && standing.clock <= standing.deadline) return
  const hint = `/proposal ${proposal.ref}`
  if (standing.state === 'pending')
    throw new UserError(`Voting on ${proposal.ref} has not started yet.`, { hint, code: 'closed' })
  if (standing.state === 'canceled')
    throw new UserError(`${proposal.ref} was cancelled, so nobody can vote on it any more.`, { hint, code: 'closed' })
  throw new UserError(`Voting on ${proposal.ref} is over.`, { hint, code: 'closed' })
}

export function assertMayVote(
  ctx: Pick<Context, 'config'>,
  standing: Standing,
  params: { proposal: Proposal; voter: Address },
): void {
  const { ref } = params.proposal
  if (standing.hasVoted && !standing.mayChange) throw refusal('voted', ref)
  if (standing.barred) {
    const { message, hint } = whyBarred(standing.barred)
    throw new UserError(message, { hint, code: 'barred' })
  }
  if (standing.weight === 0n)
    throw new UserError(`${params.voter} had no weight when voting on ${ref} started.`, {
      hint: `/power ${ref}`,
      code: 'no-weight',
    })
  if (standing.weight < BigInt(ctx.config.RELAY_MIN_WEIGHT))
    throw new UserError('The weight of this wallet is below the least that is relayed here.', {
      hint: 'You can still vote from your wallet directly.',
      code: 'min-weight',
    })
}

/** A reason that the contract cannot take is not dropped in silence. */
export function assertReason(
  standing: Pick<Standing, 'takesReason'>,
  { proposal, reason }: { proposal: Proposal; reason: string },
): void {
  if (reason === '' || standing.takesReason) return
  throw new UserError(`Signed votes of ${proposal.dao.name} carry no reason.`, {
    hint: `Vote without one: /vote ${proposal.ref} <choice>. A reason can be said in the proposal’s thread.`,
    code: 'reason',
  })
}

type Mine = Pick<BallotRow, 'id' | 'proposal_id' | 'nonce' | 'state'> & { ref: string }

/** Ballots of this wallet that could be in the way: of the proposal, and of the whole DAO where its nonces are one row. */
export async function ballotsOf(
  db: Db | Trx,
  params: { proposal: Proposal; voter: Address; form: Offer['form'] },
): Promise<Mine[]> {
  return db
    .selectFrom('ballot')
    .innerJoin('proposal', 'proposal.id', 'ballot.proposal_id')
    .select(['ballot.id', 'ballot.proposal_id', 'ballot.nonce', 'ballot.state', 'proposal.ref'])
    .where('ballot.voter', '=', params.voter)
    .where('proposal.dao_id', '=', params.proposal.dao_id)
    .where('ballot.form', '=', params.form)
    .orderBy('ballot.accepted_at')
    .execute()
}

/** One ballot at a time, unless a newer one may replace it. */
export function assertFree(mine: readonly Mine[], params: { proposal: Proposal; mayChange: boolean }): void {
  const { proposal } = params
  const waiting = mine.filter(({ state }) => state === 'accepted' || state === 'batched')
  const here = waiting.find((row) => row.proposal_id === proposal.id)
  if (here && !params.mayChange)
    throw new UserError(`A ballot of this wallet for ${proposal.ref} is on its way already.`, {
      hint: `/receipt ${here.id.slice(2, 10)}`,
      code: 'waiting',
    })
  const other = proposal.dao.kind === 'oz5' ? waiting.find((row) => row.proposal_id !== proposal.id) : undefined
  if (other)
    throw new UserError(
      `${proposal.dao.name} takes one signed ballot of a wallet at a time, and yours for ${other.ref} is on its way. Vote again once it is counted.`,
      { hint: `/receipt ${other.id.slice(2, 10)}`, code: 'waiting' },
    )
}

/** Above every sequence that was ever signed, even for a ballot that was refused: it is out in the world. */
function nextNonce(standing: Standing, mine: readonly Mine[], proposalId: string): bigint {
  if (standing.form === 'sig') return standing.nonce
  const used = mine.filter((row) => row.proposal_id === proposalId).map((row) => BigInt(row.nonce))
  const next = used.reduce((most, nonce) => (nonce >= most ? nonce + 1n : most), standing.nonce)
  if (next > lastSequence)
    throw new UserError('This wallet has changed its vote as often as the contract allows.', { code: 'voted' })
  return next
}
