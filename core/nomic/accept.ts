import { getAddress, isAddressEqual, type Hex } from 'viem'
import { z } from 'zod'
import { withNumbers } from '../actions/json.ts'
import type { Context } from '../context.ts'
import type { ActionRow, ActionStepRow } from '../db/tables/actions.ts'
import type { ApprovalRow } from '../db/tables/nomic.ts'
import { acceptSigned } from '../relay/accept.ts'
import { approvalKind, onChief, type OnChief } from './approval-kind.ts'
import { approvalDigest } from './approve.ts'
import { nomicById, type NomicDao } from './contracts.ts'
import { seatInfo } from './locker.ts'
import { approvalRefusal } from './refusal.ts'

const relaySchema = z.object({
  args: z.tuple([z.string(), z.number(), z.number(), z.array(z.string().regex(/^0x[0-9a-fA-F]{40}$/))]),
})

/** One of a batch, with room for a list that has to be etched first. */
const gas = { counted: 40_000n, etched: 200_000n }

/** Takes an approval that a wallet signed on a page of actions. */
export async function acceptApproval(
  ctx: Context,
  { row, step, signature }: { row: ActionRow; step: ActionStepRow; signature: Hex },
): Promise<void> {
  const [daoId, seat, sequence, list] = relaySchema.parse(withNumbers(step.relay)).args
  const dao = await nomicById(ctx.db, daoId)
  const spells = list.map((spell) => getAddress(spell))
  const voter = getAddress(row.wallet)
  const digest = approvalDigest(ctx, dao, { seat, sequence, spells })
  await assertStanding(ctx, dao, { voter, seat, sequence })
  const on = await onChief(ctx, dao, [spells])
  const isEtched = [...on.slates.values()].every((slate) => slate !== 0)
  await acceptSigned<ApprovalRow, OnChief>(
    ctx,
    approvalKind,
    {
      id: digest,
      digest,
      voter,
      daoId,
      on,
      columns: { dao_id: daoId, seat, sequence, spells, weight: null, action_id: step.action_id, step: step.number },
      gas: () => gas.counted + (isEtched ? 0n : gas.etched),
      lock: `approval/${daoId}/${seat}`,
    },
    signature,
  )
}

/** As it is on the chain now. */
async function assertStanding(
  ctx: Context,
  dao: NomicDao,
  { voter, seat, sequence }: Pick<ApprovalRow, 'seat' | 'sequence'> & { voter: Hex },
): Promise<void> {
  const [account, locked, newest] = await seatInfo(ctx, dao, seat)
  if (!isAddressEqual(account, voter)) throw approvalRefusal('seat')
  if (sequence <= newest) throw approvalRefusal('stale')
  if (locked === 0n) throw approvalRefusal('unlocked')
}
