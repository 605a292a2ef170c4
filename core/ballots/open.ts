import { getAddress } from 'viem'
import type { Context } from '../context.ts'
import { UserError } from '../errors.ts'
import { findProposal, type Proposal } from '../governance/proposal.ts'
import type { Support } from '../governance/types.ts'
import type { Person } from '../identity/person.ts'
import { pageUrl } from '../origin.ts'
import type { Caller } from '../platform.ts'
import { writeDraft } from './draft.ts'
import { assertMayVote, assertOpen, standingOf } from './eligible.ts'

const maxReasonBytes = 1_000

export type OpenedBallot = { url: string; expiresAt: number; proposal: Proposal; support: Support; reason: string }

/** A page on which one of the person's wallets signs this choice. Whoever cannot vote learns why right here. */
export async function openBallot(
  ctx: Context,
  params: { person: Person; caller: Caller; ref: string; support: Support; reason?: string | undefined },
): Promise<OpenedBallot> {
  const { person, caller, support } = params
  const reason = cleanReason(params.reason ?? '')
  const proposal = await findProposal(ctx, params.ref)
  await assertSomeWalletMayVote(ctx, person, proposal)
  const { secret, expiresAt } = await writeDraft(ctx, { caller, proposalId: proposal.id, support, reason })
  return { url: pageUrl(ctx.config, `/b/${secret}`), expiresAt, proposal, support, reason }
}

async function assertSomeWalletMayVote(ctx: Context, person: Person, proposal: Proposal): Promise<void> {
  const faults = await Promise.all(
    person.wallets.map(async (wallet) => {
      const voter = getAddress(wallet.address)
      const standing = await standingOf(ctx, { proposal, voter })
      assertOpen(standing, proposal)
      try {
        assertMayVote(ctx, standing, { proposal, voter })
        return undefined
      } catch (error) {
        return error
      }
    }),
  )
  if (faults.length === 0) throw new UserError('No wallet is linked to this account.', { hint: '/link' })
  if (faults.includes(undefined)) return
  throw faults[0]
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
