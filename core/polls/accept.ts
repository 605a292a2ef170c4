import { sql } from 'kysely'
import { getAddress, numberToHex, type Hex } from 'viem'
import { z } from 'zod'
import { polls as contract } from '../../contracts/generated.ts'
import { refusalOf } from '../chain/refusal.ts'
import { withNumbers } from '../actions/json.ts'
import { assertRelayer, spendBudget } from '../relay/budget.ts'
import type { Context, Trx } from '../context.ts'
import { crashpoint } from '../crashpoint.ts'
import type { ActionRow, ActionStepRow } from '../db/tables/actions.ts'
import type { PaperBallotRow } from '../db/tables/polls.ts'
import { RetryableError, UserError } from '../errors.ts'
import { ask } from '../chain/ask.ts'
import { proveSignature } from '../identity/signature.ts'
import { moveStep } from '../nomic/accept.ts'
import { nomicById } from '../nomic/contracts.ts'
import { markBits, readMark } from '../voting/paper.ts'
import { relayPapers } from './jobs.ts'
import { assertOpen, digestOf, holderOf, isHolder, markOf, readPaper, type Paper } from './paper.ts'
import { paperRefusal } from './refusal.ts'
import { packPapers, reasonOf, singleCall } from './wire.ts'

const relaySchema = z.object({
  args: z.tuple([z.string(), z.number(), z.number(), z.string().regex(/^0x[0-9a-f]+$/)]),
})

/** One of a batch, with room for rankings that nobody gave before. */
const gas = 160_000n
/** So long before the close nothing waits for a fuller batch any more. */
const hurrySeconds = 300

export type Signed = Pick<PaperBallotRow, 'seat' | 'mark' | 'voter' | 'signer' | 'signature' | 'sequence' | 'paper'> & {
  id: Hex
}

/**
 * Takes a signed paper: what the chain would say of it now, then stored, and only then acknowledged. The same paper again is
 * the same row.
 */
export async function acceptPaper(
  ctx: Context,
  params: { row: ActionRow; step: ActionStepRow; signature: Hex },
): Promise<{ state: 'accepted' }> {
  const { row, step } = params
  const [daoId, number, seat, mark] = relaySchema.parse(withNumbers(step.relay)).args
  const paper = await readPaper(ctx, await nomicById(ctx.db, daoId), number)
  const { left } = await assertOpen(ctx, paper)
  const voter = getAddress(row.wallet)
  const { sequence } = readMark(paper.polls, BigInt(mark))
  await checkStanding(ctx, paper, { voter, seat, sequence })
  const id = digestOf(ctx, paper, { seat, mark: BigInt(mark) })
  const proof = await proveSignature(ctx, { address: voter, hash: id, signature: params.signature })
  if (proof.how === 'erc6492')
    throw new UserError('This wallet is a contract that does not exist on the chain yet.', {
      hint: 'Send any transaction from it first, then sign again.',
      code: 'signature',
    })
  const signer = proof.how === 'eoa' ? 'key' : 'contract'
  const signed: Signed = { id, voter, seat, sequence, mark, paper: number, signer, signature: proof.signature }
  await assertRelayer(ctx, gas)
  await dryRun(ctx, paper, signed)
  crashpoint(ctx, 'paper.accept.before')
  await ctx.db.transaction().execute((trx) => store(ctx, trx, { daoId, step, signed, left }))
  crashpoint(ctx, 'paper.accept.after')
  return { state: 'accepted' }
}

/** As it is on the chain now. */
async function checkStanding(
  ctx: Context,
  paper: Paper,
  { voter, seat, sequence }: Pick<PaperBallotRow, 'seat' | 'sequence'> & { voter: Hex },
): Promise<void> {
  if (!isHolder(await holderOf(ctx, paper.to, seat), voter)) throw paperRefusal('seat')
  const newest = readMark(paper.polls, await markOf(ctx, paper, seat)).sequence
  if (sequence <= newest) throw paperRefusal('stale')
}

/** The contract itself is the judge of weight, Auto ID and signature. */
async function dryRun(ctx: Context, paper: Paper, signed: Signed): Promise<void> {
  if (signed.signer === 'contract') {
    try {
      await ctx.chain.client.call({ to: paper.to, data: singleCall(signed) })
      return
    } catch (cause) {
      const words = refusalOf(cause)
      if (words === undefined) throw new RetryableError('The chain does not answer.', { cause })
      throw new UserError(words, { hint: '/answer', code: 'refused', cause })
    }
  }
  const packed = packPapers([signed], markBits(paper.polls))
  const answer = await ask(() =>
    ctx.chain.client.readContract({
      abi: contract.abi,
      address: paper.to,
      functionName: 'check',
      args: [BigInt(paper.row.number), packed],
    }),
  )
  const why = reasonOf(Number(BigInt(answer)))
  if (why) throw paperRefusal(why)
}

/** Everything or nothing; the lock makes papers of one seat wait for each other. */
async function store(
  ctx: Context,
  trx: Trx,
  params: { daoId: string; step: ActionStepRow; signed: Signed; left: number },
): Promise<void> {
  const { daoId, step, signed } = params
  const { id, paper, seat, sequence } = signed
  await sql`select pg_advisory_xact_lock(hashtextextended(${`paper/${daoId}/${paper}/${seat}`}, 0))`.execute(trx)
  const others = await trx
    .selectFrom('paper_ballot')
    .select(['id', 'sequence', 'state'])
    .where('dao_id', '=', daoId)
    .where('paper', '=', paper)
    .where('seat', '=', seat)
    .where('state', 'in', ['accepted', 'batched', 'counted', 'final'])
    .execute()
  if (others.some((other) => other.id === id)) return
  if (others.some((other) => other.sequence >= sequence)) throw paperRefusal('stale')
  const fresh = {
    signer: signed.signer,
    signature: signed.signature,
    state: 'accepted',
    reason_code: null,
    tries: 0,
    action_id: step.action_id,
    step: step.number,
    intent_id: null,
    weight: null,
    block_number: null,
    block_hash: null,
    tx_hash: null,
  } as const
  await trx
    .insertInto('paper_ballot')
    .values({ ...fresh, id, dao_id: daoId, paper, voter: signed.voter, seat, sequence, mark: signed.mark })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(fresh))
    .execute()
  await moveStep(ctx, trx, { action_id: step.action_id, step: step.number }, { state: 'accepted', reason: null })
  // Those that were not sent yet need not be: the newer one speaks for the wallet.
  for (const other of others.filter(({ state }) => state === 'accepted')) await supersede(ctx, trx, other.id)
  await spendBudget(ctx, trx, { daoId, voter: signed.voter, gas, what: 'papers' })
  await ring(ctx, trx, { daoId, left: params.left })
}

/** When a batch is full, or the close is near, at once; else when it had time to fill. */
async function ring(ctx: Context, trx: Trx, { daoId, left }: { daoId: string; left: number }): Promise<void> {
  const { count } = await trx
    .selectFrom('paper_ballot')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('dao_id', '=', daoId)
    .where('state', '=', 'accepted')
    .executeTakeFirstOrThrow()
  const isFull = Number(count) >= ctx.config.RELAY_BATCH_SIZE
  const seconds = isFull ? 0 : Math.min(ctx.config.RELAY_FLUSH_SECONDS, Math.max(0, left - hurrySeconds))
  await ctx.queue.send(trx, relayPapers, { daoId }, { key: daoId, afterMs: seconds * 1_000 })
}

async function supersede(ctx: Context, trx: Trx, id: string): Promise<void> {
  const row = await trx
    .updateTable('paper_ballot')
    .set({ state: 'superseded' })
    .where('id', '=', id)
    .where('state', '=', 'accepted')
    .returning(['action_id', 'step'])
    .executeTakeFirst()
  if (row) await moveStep(ctx, trx, row, { state: 'replaced', reason: null })
}

export const markHex = (mark: bigint): Hex => numberToHex(mark)
