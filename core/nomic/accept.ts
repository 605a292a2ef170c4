import { sql } from 'kysely'
import { getAddress, isAddressEqual, type Address, type Hex } from 'viem'
import { z } from 'zod'
import { chief } from '../../contracts/generated.ts'
import { showActionCard } from '../actions/card.ts'
import { withNumbers } from '../actions/json.ts'
import { assertRelayer, spendBudget } from '../relay/budget.ts'
import type { Context, Trx } from '../context.ts'
import { crashpoint } from '../crashpoint.ts'
import type { ActionRow, ActionStepRow } from '../db/tables/actions.ts'
import type { ApprovalRow } from '../db/tables/nomic.ts'
import { UserError } from '../errors.ts'
import { ask } from '../chain/ask.ts'
import { proveSignature } from '../identity/signature.ts'
import { approvalDigest } from './approve.ts'
import { nomicById, type NomicDao } from './contracts.ts'
import { relayApprovals } from './jobs.ts'
import { seatInfo } from './locker.ts'
import { approvalRefusal } from './refusal.ts'
import { slateOf } from './slate.ts'
import { packApprovals, reasonOf } from './wire.ts'

const relaySchema = z.object({
  args: z.tuple([z.string(), z.number(), z.number(), z.array(z.string().regex(/^0x[0-9a-fA-F]{40}$/))]),
})

/** One of a batch, with room for a list that has to be etched first. */
const gas = { counted: 40_000n, etched: 200_000n }

type Signed = Pick<ApprovalRow, 'seat' | 'sequence' | 'voter' | 'signer' | 'signature'> & { id: Hex; spells: Address[] }

/**
 * Takes a signed approval: what the chain would say of it now, checked by price, then stored, and only then acknowledged. The
 * same approval again is the same row.
 */
export async function acceptApproval(
  ctx: Context,
  params: { row: ActionRow; step: ActionStepRow; signature: Hex },
): Promise<{ state: 'accepted' }> {
  const { row, step } = params
  const [daoId, seat, sequence, list] = relaySchema.parse(withNumbers(step.relay)).args
  const dao = await nomicById(ctx.db, daoId)
  const spells = list.map((spell) => getAddress(spell))
  const voter = getAddress(row.wallet)
  const id = approvalDigest(ctx, dao, { seat, sequence, spells })
  const slate = await checkStanding(ctx, dao, { voter, seat, sequence, spells })
  const proof = await proveSignature(ctx, { address: voter, hash: id, signature: params.signature })
  if (proof.how === 'erc6492')
    throw new UserError('This wallet is a contract that does not exist on the chain yet.', {
      hint: 'Send any transaction from it first, then sign again.',
      code: 'signature',
    })
  const signer = proof.how === 'eoa' ? 'key' : 'contract'
  const approval: Signed = { id, voter, seat, sequence, spells, signer, signature: proof.signature }
  const needed = gas.counted + (slate === 0 ? gas.etched : 0n)
  await assertRelayer(ctx, needed)
  if (slate !== 0 && signer === 'key') await dryRun(ctx, dao, { ...approval, slate })
  crashpoint(ctx, 'approval.accept.before')
  await ctx.db.transaction().execute((trx) => store(ctx, trx, { dao, step, approval, gas: needed }))
  crashpoint(ctx, 'approval.accept.after')
  return { state: 'accepted' }
}

/** As it is on the chain now; answers with the number of the list, 0 when it was never etched. */
async function checkStanding(
  ctx: Context,
  dao: NomicDao,
  { voter, seat, sequence, spells }: { voter: Address; seat: number; sequence: number; spells: Address[] },
): Promise<number> {
  const [account, locked, newest] = await seatInfo(ctx, dao, seat)
  if (!isAddressEqual(account, voter)) throw approvalRefusal('seat')
  if (sequence <= newest) throw approvalRefusal('stale')
  if (locked === 0n) throw approvalRefusal('unlocked')
  return slateOf(ctx, dao, spells)
}

async function dryRun(ctx: Context, dao: NomicDao, approval: Signed & { slate: number }): Promise<void> {
  const answer = await ask(() =>
    ctx.chain.client.readContract({
      abi: chief.abi,
      address: dao.chief,
      functionName: 'check',
      args: [packApprovals([approval])],
    }),
  )
  const why = reasonOf(Number(BigInt(answer)))
  if (why) throw approvalRefusal(why)
}

/** Everything or nothing; the lock makes approvals of one seat wait for each other. */
async function store(
  ctx: Context,
  trx: Trx,
  params: { dao: NomicDao; step: ActionStepRow; approval: Signed; gas: bigint },
): Promise<void> {
  const { dao, step, approval } = params
  const { id, voter, seat, sequence, signer, signature } = approval
  await sql`select pg_advisory_xact_lock(hashtextextended(${`approval/${dao.id}/${seat}`}, 0))`.execute(trx)
  const others = await trx
    .selectFrom('approval')
    .select(['id', 'sequence', 'state'])
    .where('dao_id', '=', dao.id)
    .where('seat', '=', seat)
    .where('state', 'in', ['accepted', 'batched', 'counted', 'final'])
    .execute()
  if (others.some((other) => other.id === id)) return
  if (others.some((other) => other.sequence >= sequence)) throw approvalRefusal('stale')
  const fresh = {
    signer,
    signature,
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
    .insertInto('approval')
    .values({ ...fresh, id, dao_id: dao.id, voter, seat, sequence, spells: JSON.stringify(approval.spells) })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(fresh))
    .execute()
  await moveStep(ctx, trx, { action_id: step.action_id, step: step.number }, { state: 'accepted', reason: null })
  // Those that were not sent yet need not be: the newer one speaks for the wallet.
  for (const other of others.filter(({ state }) => state === 'accepted')) await supersede(ctx, trx, other.id)
  await spendBudget(ctx, trx, { daoId: dao.id, voter, gas: params.gas, what: 'approvals' })
  await ring(ctx, trx, dao.id)
}

/** When a batch is full at once, else when it had time to fill. */
async function ring(ctx: Context, trx: Trx, daoId: string): Promise<void> {
  const { count } = await trx
    .selectFrom('approval')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('dao_id', '=', daoId)
    .where('state', '=', 'accepted')
    .executeTakeFirstOrThrow()
  const isFull = Number(count) >= ctx.config.RELAY_BATCH_SIZE
  const afterMs = isFull ? 0 : ctx.config.RELAY_FLUSH_SECONDS * 1_000
  await ctx.queue.send(trx, relayApprovals, { daoId }, { key: daoId, afterMs })
}

async function supersede(ctx: Context, trx: Trx, id: string): Promise<void> {
  const row = await trx
    .updateTable('approval')
    .set({ state: 'superseded' })
    .where('id', '=', id)
    .where('state', '=', 'accepted')
    .returning(['action_id', 'step'])
    .executeTakeFirst()
  if (row) await moveStep(ctx, trx, row, { state: 'replaced', reason: null })
}

/** The page and the private message follow the approval. */
export async function moveStep(
  ctx: Pick<Context, 'queue'>,
  trx: Trx,
  { action_id, step }: Pick<ApprovalRow, 'action_id' | 'step'>,
  set: Partial<Pick<ActionStepRow, 'state' | 'reason' | 'intent_id' | 'block_number' | 'tx_hash'>>,
): Promise<void> {
  if (action_id === null || step === null) return
  await trx.updateTable('action_step').set(set).where('action_id', '=', action_id).where('number', '=', step).execute()
  await showActionCard(ctx, trx, action_id)
}
