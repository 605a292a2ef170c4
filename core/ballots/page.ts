import { getAddress, isAddress, type Address } from 'viem'
import type { Context } from '../context.ts'
import { RetryableError, UserError } from '../errors.ts'
import { governorOf } from '../governance/governor.ts'
import type { BallotTypedData } from '../governance/governor/types.ts'
import { tokenOf } from '../chain/token.ts'
import type { Person } from '../command.ts'
import { single } from '../voting/single.ts'
import { readDraft, writeOffer, type Draft, type Offer } from './draft.ts'
import { assertFree, assertMayVote, assertOpen, ballotsOf, offerFor, standingOf } from './eligible.ts'

export type BallotPage = {
  proposal: { ref: string; title: string; dao: string; deadline: string; clock: 'timestamp' | 'blocknumber' }
  choice: string
  reason: string
  /** How weights are said: they come in base units. */
  token: { symbol: string; decimals: number }
  wallets: { address: Address; weight: string; why?: string; hint?: string }[]
  state: 'open' | 'signed'
  /** The receipt, once it is signed. */
  ballot?: string
  expiresAt: number
}

/** What the page shows: the choice in words, and which wallets can make it. */
export async function ballotPage(ctx: Context, params: { draft: string }): Promise<BallotPage> {
  const draft = await readDraft(ctx, params)
  const { proposal } = draft
  return {
    proposal: {
      ref: proposal.ref,
      title: proposal.title,
      dao: proposal.dao.name,
      deadline: proposal.deadline,
      clock: proposal.dao.clock,
    },
    choice: single.describe(draft.support),
    reason: draft.reason,
    token: await tokenOf(ctx, proposal.dao),
    // A page that has done its work tells nobody any more which wallets belong together.
    wallets: draft.ballotId
      ? []
      : await Promise.all(draft.person.wallets.map((wallet) => walletOn(ctx, draft, getAddress(wallet.address)))),
    state: draft.ballotId ? 'signed' : 'open',
    ...(draft.ballotId ? { ballot: draft.ballotId } : {}),
    expiresAt: draft.expiresAt,
  }
}

/** What this wallet is to sign, and the same in words. It is kept, and only this is accepted. */
export async function ballotTypedData(
  ctx: Context,
  params: { draft: string; address: string },
): Promise<{ typedData: BallotTypedData; words: string; weight: string }> {
  const draft = await readDraft(ctx, params)
  if (draft.ballotId) throw alreadySigned(draft.ballotId)
  const address = ownWallet(draft.person, params.address)
  const { offer, standing } = await offerFor(ctx, { proposal: draft.proposal, address })
  await writeOffer(ctx, { hash: draft.hash, address, offer })
  const { ref, title } = draft.proposal
  const reason = draft.reason ? `, because: ${draft.reason}` : ''
  return {
    typedData: typedDataOf(draft, address, offer),
    words: `${single.describe(draft.support)} on ${ref}, ${title}${reason}`,
    weight: standing.weight.toString(),
  }
}

export function typedDataOf(draft: Draft, voter: Address, offer: Offer): BallotTypedData {
  const { proposal, support, reason } = draft
  return governorOf(proposal.dao).typedData({
    dao: proposal.dao,
    proposal,
    ballot: { voter, support, reason, form: offer.form, seat: offer.seat, nonce: BigInt(offer.nonce) },
  })
}

export function ownWallet(person: Person, typed: string): Address {
  const address = isAddress(typed, { strict: false }) ? getAddress(typed) : undefined
  if (address && person.wallets.some((wallet) => wallet.address === address)) return address
  throw new UserError('This wallet is not linked to the account that asked for this ballot.', {
    hint: '/link',
    code: 'not-linked',
  })
}

export const alreadySigned = (ballotId: string): UserError =>
  new UserError('This ballot page has been used: its ballot is signed.', {
    hint: `/receipt ${ballotId.slice(2, 10)}`,
    code: 'used',
  })

async function walletOn(ctx: Context, draft: Draft, voter: Address): Promise<BallotPage['wallets'][number]> {
  const { proposal } = draft
  const standing = await standingOf(ctx, { proposal, voter })
  const wallet = { address: voter, weight: standing.weight.toString() }
  try {
    assertOpen(standing, proposal)
    assertMayVote(ctx, standing, { proposal, voter })
    const mine = await ballotsOf(ctx.db, { proposal, voter, form: standing.form })
    assertFree(mine, { proposal, mayChange: standing.mayChange })
    return wallet
  } catch (error) {
    if (error instanceof RetryableError || !(error instanceof UserError)) throw error
    return { ...wallet, why: error.message, ...(error.hint ? { hint: error.hint } : {}) }
  }
}
