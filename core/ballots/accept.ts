import type { Address, Hex } from 'viem'
import { z } from 'zod'
import type { Context } from '../context.ts'
import type { BallotRow } from '../db/tables/ballots.ts'
import { UserError } from '../errors.ts'
import { ballotDigest, ballotId } from '../governance/governor.ts'
import type { Standing } from '../governance/governor/types.ts'
import { acceptSigned } from '../relay/accept.ts'
import { gasOf } from '../relay/budget.ts'
import { ballotKind, type OnGovernor } from './ballot-kind.ts'
import { readDraft, type Draft, type Offer } from './draft.ts'
import { assertFree, assertMayVote, assertOpen, ballotsOf, standingOf } from './eligible.ts'
import { alreadySigned, ownWallet, typedDataOf } from './page.ts'
import { refusal } from './refusal.ts'

const signatureSchema = z
  .string()
  .max(32_770)
  .regex(/^0x([0-9a-fA-F]{2})+$/)

/**
 * Takes a signed ballot: checks by price, the contract's dry run as last word, then stored, and only then acknowledged.
 * The same ballot again, from wherever, is the same receipt.
 */
export async function acceptBallot(
  ctx: Context,
  params: { draft: string; address: string; signature: string },
): Promise<{ id: string }> {
  const signature = signatureOf(params.signature)
  const draft = await readDraft(ctx, params)
  const voter = ownWallet(draft.person, params.address)
  const offer = draft.offers[voter]
  if (!offer)
    throw new UserError('Nothing was shown to this wallet yet, so it can have signed nothing.', {
      hint: 'Open the ballot page again.',
      code: 'step',
    })
  const typedData = typedDataOf(draft, voter, offer)
  const id = ballotId(typedData, voter)
  if (await isKnown(ctx, id)) return { id }
  if (draft.ballotId) throw alreadySigned(draft.ballotId)

  const standing = await checkStanding(ctx, { draft, voter, offer })
  const { proposal } = draft
  await acceptSigned<BallotRow, OnGovernor>(
    ctx,
    ballotKind,
    {
      id,
      digest: ballotDigest(typedData),
      voter,
      daoId: proposal.dao_id,
      on: { dao: proposal.dao, proposals: new Map([[proposal.id, proposal]]) },
      columns: {
        proposal_id: proposal.id,
        support: draft.support,
        reason: draft.reason,
        form: offer.form,
        seat: offer.seat,
        nonce: offer.nonce,
        typed_data: typedData,
        weight: standing.weight.toString(),
        deadline: standing.deadline.toString(),
        platform: draft.platform,
        channel: draft.channel,
      },
      gas: (lot) => gasOf(ballotKind.encode(ctx, lot)),
      left: standing.deadline - standing.clock,
      lock: `ballot/${proposal.dao_id}/${voter}`,
      async admit(trx) {
        const mine = await ballotsOf(trx, { proposal, voter, form: offer.form })
        assertFree(mine, { proposal, mayChange: standing.mayChange })
      },
      async stored(trx) {
        await trx.updateTable('draft').set({ ballot_id: id }).where('hash', '=', draft.hash).execute()
      },
    },
    signature,
  )
  return { id }
}

function signatureOf(text: string): string {
  const parsed = signatureSchema.safeParse(text)
  if (parsed.success) return parsed.data
  throw new UserError('This is not a signature: it must be 0x and hex digits.', {
    hint: 'Sign again on the page.',
    code: 'signature',
  })
}

/** A refused ballot may be tried again; every other one is what it is. */
async function isKnown(ctx: Context, id: Hex): Promise<boolean> {
  const row = await ctx.db.selectFrom('ballot').select('state').where('id', '=', id).executeTakeFirst()
  return row !== undefined && row.state !== 'refused'
}

/** As it is on the chain now, which may differ from when the page was shown. */
async function checkStanding(
  ctx: Context,
  { draft, voter, offer }: { draft: Draft; voter: Address; offer: Offer },
): Promise<Standing> {
  const { proposal } = draft
  const standing = await standingOf(ctx, { proposal, voter })
  assertOpen(standing, proposal)
  assertMayVote(ctx, standing, { proposal, voter })
  if (BigInt(offer.nonce) < standing.nonce) throw refusal('stale', proposal.ref)
  return standing
}
