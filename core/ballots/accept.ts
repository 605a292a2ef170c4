import { sql } from 'kysely'
import type { Address, Hex } from 'viem'
import { z } from 'zod'
import type { Context, Trx } from '../context.ts'
import { crashpoint } from '../crashpoint.ts'
import { UserError } from '../errors.ts'
import { ballotDigest, ballotId, governorOf } from '../governance/governor.ts'
import type { BallotTypedData, CastBallot, Standing } from '../governance/governor/types.ts'
import { proveSignature, type Proof } from '../identity/signature.ts'
import { assertRelayer, gasOf, spendBudget } from '../relay/budget.ts'
import { showBallotCard } from './card.ts'
import { readDraft, type Draft, type Offer } from './draft.ts'
import { assertFree, assertMayVote, assertOpen, ballotsOf, standingOf } from './eligible.ts'
import { alreadySigned, ownWallet, typedDataOf } from './page.ts'
import { refusal } from './refusal.ts'
import { callRelay } from './relay-job.ts'

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
  const proof = await prove(ctx, { voter, digest: ballotDigest(typedData), signature })
  const ballot: CastBallot = {
    id,
    proposalId: BigInt(draft.proposal.onchain_id),
    voter,
    support: draft.support,
    reason: draft.reason,
    form: offer.form,
    signer: proof.how === 'eoa' ? 'key' : 'contract',
    seat: offer.seat,
    nonce: BigInt(offer.nonce),
    signature: proof.signature,
  }
  const { dao, ref } = draft.proposal
  const governor = governorOf(dao)
  const gas = gasOf(governor.encodeBatch({ dao, multicall: ctx.chain.addresses.multicall, ballots: [ballot] }))
  await assertRelayer(ctx, gas)
  const [verdict] = await governor.simulate(ctx, { dao, ballots: [ballot] })
  if (verdict?.refusal) throw refusal(verdict.refusal, ref)

  crashpoint(ctx, 'ballot.accept.before')
  await ctx.db.transaction().execute((trx) => store(ctx, trx, { draft, ballot, typedData, standing, gas }))
  crashpoint(ctx, 'ballot.accept.after')
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

async function prove(
  ctx: Context,
  { voter, digest, signature }: { voter: Address; digest: Hex; signature: string },
): Promise<Proof> {
  const proof = await proveSignature(ctx, { address: voter, hash: digest, signature })
  if (proof.how === 'erc6492')
    throw new UserError('This wallet is a contract that does not exist on the chain yet, so no governor can ask it.', {
      hint: 'Send any transaction from it first, then sign again.',
      code: 'signature',
    })
  return proof
}

type Accepted = { draft: Draft; ballot: CastBallot; typedData: BallotTypedData; standing: Standing; gas: bigint }

/** Everything or nothing; the lock makes ballots of one wallet in one DAO wait for each other. */
async function store(ctx: Context, trx: Trx, accepted: Accepted): Promise<void> {
  const { draft, ballot, standing } = accepted
  const { proposal } = draft
  const { voter, form, id } = ballot
  await sql`select pg_advisory_xact_lock(hashtextextended(${`ballot/${proposal.dao_id}/${voter}`}, 0))`.execute(trx)
  const known = await trx.selectFrom('ballot').select('state').where('id', '=', id).executeTakeFirst()
  if (!known || known.state === 'refused') {
    const mine = await ballotsOf(trx, { proposal, voter, form })
    assertFree(mine, { proposal, mayChange: standing.mayChange })
    const here = mine.filter((row) => row.proposal_id === proposal.id && row.id !== id && row.state !== 'refused')
    if (form === 'seat' && here.some((row) => BigInt(row.nonce) >= ballot.nonce)) throw refusal('stale', proposal.ref)
    await insertBallot(trx, accepted)
    await supersede(
      ctx,
      trx,
      here.filter((row) => row.state === 'accepted').map((row) => row.id),
    )
    await showBallotCard(ctx, trx, id)
    // Last, because all ballots of the DAO wait for these two rows until we commit.
    await spendBudget(ctx, trx, { daoId: proposal.dao_id, voter, gas: accepted.gas })
    await callRelay(ctx, trx, { dao: proposal.dao, left: standing.deadline - standing.clock })
  }
  await trx.updateTable('draft').set({ ballot_id: id }).where('hash', '=', draft.hash).execute()
}

async function insertBallot(trx: Trx, { draft, ballot, typedData, standing }: Accepted): Promise<void> {
  const row = {
    state: 'accepted',
    tries: 0,
    reason_code: null,
    signature: ballot.signature,
    signer: ballot.signer,
    weight: standing.weight.toString(),
    deadline: standing.deadline.toString(),
    platform: draft.platform,
    channel: draft.channel,
    intent_id: null,
    block_number: null,
    block_hash: null,
    tx_hash: null,
  } as const
  await trx
    .insertInto('ballot')
    .values({
      ...row,
      id: ballot.id,
      proposal_id: draft.proposal.id,
      voter: ballot.voter,
      support: ballot.support,
      reason: ballot.reason,
      form: ballot.form,
      seat: ballot.seat,
      nonce: ballot.nonce.toString(),
      typed_data: JSON.stringify(typedData),
    })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute()
}

/** Those that were not sent yet need not be: the newer one speaks for the wallet. */
async function supersede(ctx: Context, trx: Trx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const gone = await trx
    .updateTable('ballot')
    .set({ state: 'superseded' })
    .where('id', 'in', ids)
    .where('state', '=', 'accepted')
    .returning('id')
    .execute()
  for (const { id } of gone) await showBallotCard(ctx, trx, id)
}
