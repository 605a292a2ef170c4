import { getAddress, type Hex } from 'viem'
import { z } from 'zod'
import { withNumbers } from '../actions/json.ts'
import type { Context } from '../context.ts'
import type { ActionRow, ActionStepRow } from '../db/tables/actions.ts'
import type { PaperBallotRow } from '../db/tables/polls.ts'
import { nomicById } from '../nomic/contracts.ts'
import { acceptSigned } from '../relay/accept.ts'
import { readMark } from '../voting/paper.ts'
import { assertOpen, digestOf, holderOf, isHolder, markOf, readPaper, type Paper } from './paper.ts'
import { paperKind } from './paper-kind.ts'
import { paperRefusal } from './refusal.ts'

const relaySchema = z.object({
  args: z.tuple([z.string(), z.number(), z.number(), z.string().regex(/^0x[0-9a-f]+$/)]),
})

/** One of a batch, with room for rankings that nobody gave before. */
const gas = 160_000n

/** Takes a paper that a wallet signed on a page of actions. */
export async function acceptPaper(
  ctx: Context,
  { row, step, signature }: { row: ActionRow; step: ActionStepRow; signature: Hex },
): Promise<void> {
  const [daoId, number, seat, mark] = relaySchema.parse(withNumbers(step.relay)).args
  const paper = await readPaper(ctx, await nomicById(ctx.db, daoId), number)
  const { left } = await assertOpen(ctx, paper)
  const voter = getAddress(row.wallet)
  const { sequence } = readMark(paper.polls, BigInt(mark))
  await assertStanding(ctx, paper, { voter, seat, sequence })
  const digest = digestOf(ctx, paper, { seat, mark: BigInt(mark) })
  await acceptSigned<PaperBallotRow, Paper>(
    ctx,
    paperKind,
    {
      id: digest,
      digest,
      voter,
      daoId,
      on: paper,
      columns: {
        dao_id: daoId,
        paper: number,
        seat,
        sequence,
        mark,
        weight: null,
        action_id: step.action_id,
        step: step.number,
      },
      gas: () => gas,
      left: BigInt(left),
      lock: `paper/${daoId}/${number}/${seat}`,
    },
    signature,
  )
}

/** As it is on the chain now. */
async function assertStanding(
  ctx: Context,
  paper: Paper,
  { voter, seat, sequence }: Pick<PaperBallotRow, 'seat' | 'sequence'> & { voter: Hex },
): Promise<void> {
  if (!isHolder(await holderOf(ctx, paper.to, seat), voter)) throw paperRefusal('seat')
  const newest = readMark(paper.polls, await markOf(ctx, paper, seat)).sequence
  if (sequence <= newest) throw paperRefusal('stale')
}
