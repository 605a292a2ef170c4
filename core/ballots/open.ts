import { getAddress } from 'viem'
import type { Context } from '../context.ts'
import { UserError } from '../errors.ts'
import { findProposal, type Proposal } from '../governance/proposal.ts'
import { tokenOf, type Token } from '../chain/token.ts'
import type { Support } from '../voting/support.ts'
import type { Person } from '../command.ts'
import { pageUrl } from '../origin.ts'
import type { Caller } from '../platform.ts'
import { myVoteWords } from './views/my-votes.ts'
import { writeDraft } from './draft.ts'
import { votesOf, type MyVote } from './mine.ts'
import { assertMayVote, assertOpen, assertReason, standingOf } from './eligible.ts'

const maxReasonBytes = 1_000

export type OpenedBallot = {
  url: string
  expiresAt: number
  proposal: Proposal
  support: Support
  reason: string
  /** The wallets that may vote, with their weight at the snapshot. */
  wallets: Voter[]
  token: Token
  /** What they voted before, where the contract takes a change of mind. */
  mine: MyVote[]
}
type Voter = { address: string; weight: bigint }

/** A page on which one of the person's wallets signs this choice. Whoever cannot vote learns why right here. */
export async function openBallot(
  ctx: Context,
  params: { person: Person; caller: Caller; ref: string; support: Support; reason?: string | undefined },
): Promise<OpenedBallot> {
  const { person, caller, support } = params
  const reason = cleanReason(params.reason ?? '')
  const proposal = await findProposal(ctx, params.ref)
  const votes = await votesOf(ctx, { person, proposalId: proposal.id })
  const wallets = await votersOf(ctx, { person, proposal, reason, mine: votes })
  const mine = votes.filter(({ voter }) => wallets.some(({ address }) => address === voter))
  const token = await tokenOf(ctx, proposal.dao)
  const { secret, expiresAt } = await writeDraft(ctx, { caller, proposalId: proposal.id, support, reason })
  return { url: pageUrl(ctx.config, `/b/${secret}`), expiresAt, proposal, support, reason, wallets, token, mine }
}

/** At least one of the person's wallets may vote, or the first one's reason is told. */
async function votersOf(
  ctx: Context,
  params: { person: Person; proposal: Proposal; reason: string; mine: readonly MyVote[] },
): Promise<Voter[]> {
  const { person, proposal, reason, mine } = params
  const looks = await Promise.all(
    person.wallets.map(async (wallet) => {
      const voter = getAddress(wallet.address)
      const standing = await standingOf(ctx, { proposal, voter })
      assertOpen(standing, proposal)
      assertReason(standing, { proposal, reason })
      const vote = mine.find((each) => each.voter === voter)
      // Signed here or on another platform: that one counts, and is followed to its end.
      if (vote?.ballot && !standing.mayChange) return { fault: votedHere(vote, proposal.ref) }
      try {
        assertMayVote(ctx, standing, { proposal, voter })
        return { voter: { address: voter, weight: standing.weight } }
      } catch (fault) {
        return { fault }
      }
    }),
  )
  const voters = looks.flatMap(({ voter }) => (voter ? [voter] : []))
  if (voters.length > 0) return voters
  throw (
    looks.find(({ fault }) => fault instanceof UserError && fault.code === 'voted')?.fault ??
    looks[0]?.fault ??
    new UserError('No wallet is linked to this account.', { hint: '/link' })
  )
}

function votedHere(vote: MyVote, ref: string): UserError {
  const id = vote.ballot?.id.slice(2, 10) ?? ''
  return new UserError(`You voted ${myVoteWords(vote, ref)}.`, { hint: `/receipt ${id}`, code: 'voted' })
}

/** What becomes part of a signed text and, on a foreign governor, of the chain: no control characters, no half characters. */
function cleanReason(text: string): string {
  const reason = text
    .toWellFormed()
    .replaceAll(/[^\P{Cc}\n]/gu, ' ')
    .trim()
  if (Buffer.byteLength(reason) > maxReasonBytes)
    throw new UserError(`The reason is too long: ${Buffer.byteLength(reason)} of at most ${maxReasonBytes} bytes.`, {
      hint: 'Say more in the proposal’s thread.',
      code: 'reason',
    })
  return reason
}
