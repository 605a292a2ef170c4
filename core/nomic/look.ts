import { getAddress, zeroAddress, type Abi } from 'viem'
import { callsSpell, chief as chiefContract, pause as pauseContract, shutdown } from '../../contracts/generated.ts'
import type { Context, Trx } from '../context.ts'
import type { ChiefRow, PlanRow, SpellRow } from '../db/tables/nomic.ts'
import { RetryableError } from '../errors.ts'
import { readCursor } from '../listen/cursor.ts'
import { askAt, type Block, type Question } from '../chain/ask-at.ts'
import { nomicById, type NomicDao } from './contracts.ts'
import { addForeign } from './foreign.ts'
import { announceSpell } from './jobs.ts'
import { eventsBetween, stageOf, stateOf, type SpellFacts } from './life.ts'
import { lockedIn } from './locked.ts'

/** A spell that is over is looked at for a while, because a reorg may take that back. */
const settleSeconds = 86_400n
/** Who made a spell, or approves of it, must stand behind it with this part of the floor; else it is listed, not posted. */
const worth = 100n

/**
 * Asks chief, pause and spells how they stand at the block of the cursor, writes what changed and has it shown. It goes by
 * the contracts alone, so it may run at any time; what only time changes is looked at when its time comes.
 */
export async function lookAtDao(ctx: Context, { daoId }: { daoId: string }): Promise<void> {
  const dao = await nomicById(ctx.db, daoId)
  const block = await readCursor(ctx)
  if (!block) return
  await addForeign(ctx, dao, block)
  const rows = await openSpells(ctx, dao)
  const chief = await askChief(ctx, dao, block)
  const facts = await askSpells(ctx, { dao, block, rows })
  await ctx.db.transaction().execute((trx) => write(ctx, trx, { dao, chief, rows, facts }))
}

const openSpells = async (ctx: Pick<Context, 'db'>, dao: NomicDao): Promise<SpellRow[]> => {
  const known = await ctx.db.selectFrom('chief').select('checked_at').where('dao_id', '=', dao.id).executeTakeFirst()
  const since = BigInt(known?.checked_at ?? 0) - settleSeconds
  return ctx.db
    .selectFrom('spell')
    .selectAll()
    .where('dao_id', '=', dao.id)
    .where('orphaned_at', 'is', null)
    .where((eb) =>
      eb.or([
        eb('checked_at', 'is', null),
        eb('state', 'in', ['open', 'hat', 'plotted']),
        eb('checked_at', '>', since.toString()),
      ]),
    )
    .orderBy('id')
    .execute()
}

async function askChief(ctx: Context, dao: NomicDao, block: Block): Promise<ChiefRow> {
  const chief = (name: string, args?: readonly unknown[]): Question => ({
    to: dao.chief,
    abi: chiefContract.abi as Abi,
    name,
    ...(args ? { args } : {}),
  })
  const pause = (name: string): Question[] =>
    dao.pause === undefined ? [] : [{ to: dao.pause, abi: pauseContract.abi as Abi, name }]
  const { answers, time } = await askAt(ctx, block, [
    chief('hat'),
    chief('live'),
    chief('LAUNCH_THRESHOLD'),
    chief('approvals', [zeroAddress]),
    chief('FLOOR'),
    chief('COOL_DOWN'),
    chief('liftedAt'),
    ...pause('delay'),
    ...pause('SHUTDOWN'),
  ])
  const [hat, live, threshold, launchApprovals, floor, coolDown, liftedAt, delay, guard] = answers
  if (typeof hat !== 'string') throw new RetryableError('The chief does not answer.')
  const onHat = chief('approvals', [hat])
  const fired: Question[] =
    guard === undefined ? [] : [{ to: guard as string, abi: shutdown.abi as Abi, name: 'fired' }]
  const more = await askAt(ctx, block, [onHat, ...fired])
  return {
    dao_id: dao.id,
    hat: hat.toLowerCase(),
    hat_approvals: String(more.answers[0]),
    live: live === true,
    launch_threshold: String(threshold),
    launch_approvals: String(launchApprovals),
    floor: String(floor),
    cool_down: Number(coolDown),
    lifted_at: String(liftedAt),
    delay: Number(delay ?? 0),
    locked: await lockedIn(ctx, dao),
    is_shut: more.answers[1] === true,
    block_number: block.number.toString(),
    checked_at: time.toString(),
    due_at: null,
  }
}

async function askSpells(
  ctx: Context,
  { dao, block, rows }: { dao: NomicDao; block: Block; rows: readonly SpellRow[] },
): Promise<SpellFacts[]> {
  const asked = ['eta', 'done', 'nextCastTime']
  const abi = chiefContract.abi as Abi
  const { answers } = await askAt(
    ctx,
    block,
    rows.flatMap(({ address, author }) => [
      { to: dao.chief, abi, name: 'approvals', args: [getAddress(address)] },
      { to: dao.chief, abi, name: 'seatOf', args: [getAddress(author ?? zeroAddress)] },
      ...asked.map((name) => ({ to: address, abi: callsSpell.abi as Abi, name })),
    ]),
  )
  const at = (index: number, nth: number): unknown => answers[index * (asked.length + 2) + nth]
  const seats = await askAt(
    ctx,
    block,
    rows.map((_, index) => ({ to: dao.chief, abi, name: 'seatInfo', args: [Number(at(index, 1) ?? 0)] })),
  )
  return rows.map((_, index) => {
    const seat = seats.answers[index] as readonly [string, bigint, number, number] | undefined
    return {
      approvals: (at(index, 0) as bigint | undefined) ?? 0n,
      authorLocked: seat?.[1] ?? 0n,
      eta: BigInt((at(index, 2) as number | undefined) ?? 0),
      isDone: at(index, 3) === true,
      nextCast: BigInt((at(index, 4) as number | undefined) ?? 0),
    }
  })
}

async function write(
  ctx: Context,
  trx: Trx,
  params: { dao: NomicDao; chief: ChiefRow; rows: readonly SpellRow[]; facts: readonly SpellFacts[] },
): Promise<void> {
  const { dao, chief, rows, facts } = params
  const before = await trx.selectFrom('chief').selectAll().where('dao_id', '=', dao.id).executeTakeFirst()
  await trx
    .insertInto('chief')
    .values(chief)
    .onConflict((conflict) => conflict.column('dao_id').doUpdateSet(chief))
    .execute()
  const plans = await trx.selectFrom('plan').selectAll().where('dao_id', '=', dao.id).execute()
  const isMoved =
    !before || (['hat', 'hat_approvals', 'live', 'is_shut'] as const).some((key) => before[key] !== chief[key])
  const due: bigint[] = []
  for (const [at, row] of rows.entries()) {
    const now = facts[at]
    if (!now) continue
    const found = foundOf(row, now, { chief, plans })
    due.push(...timesOf({ ...row, ...found }, chief))
    const isChanged = (Object.keys(found) as (keyof typeof found)[]).some((key) => row[key] !== found[key])
    const stake = BigInt(found.approvals) > now.authorLocked ? BigInt(found.approvals) : now.authorLocked
    const isWorthIt = stake * worth >= BigInt(chief.floor) || found.state !== 'open'
    const isNews = row.checked_at !== null && isChanged
    const announced = row.announced || (isWorthIt && (!row.is_history || isNews))
    await trx
      .updateTable('spell')
      .set({
        ...found,
        author_locked: now.authorLocked.toString(),
        checked_at: chief.checked_at,
        // Never taken back, whoever set it meanwhile.
        ...(announced ? { announced } : {}),
      })
      .where('id', '=', row.id)
      .execute()
    const events = row.checked_at === null ? [] : eventsBetween(row, { ...row, ...found })
    if (events.length > 0)
      await trx
        .insertInto('spell_event')
        .values(
          events.map((event) => ({
            spell_id: row.id,
            event,
            happened_at: new Date(Number(chief.checked_at) * 1_000),
          })),
        )
        .onConflict((conflict) => conflict.columns(['spell_id', 'event']).doNothing())
        .execute()
    const isShown = isChanged || !row.announced || (isMoved && (found.state === 'open' || found.state === 'hat'))
    if (announced && isShown) await ctx.queue.send(trx, announceSpell, { spellId: row.id }, { key: row.id })
  }
  // Those that are taken back by a reorg say so.
  const gone = await trx
    .selectFrom('spell')
    .select('id')
    .where('dao_id', '=', dao.id)
    .where('orphaned_at', 'is not', null)
    .where('announced', '=', true)
    .execute()
  for (const { id } of gone) await ctx.queue.send(trx, announceSpell, { spellId: id }, { key: id })
  const next = due.filter((time) => time > BigInt(chief.checked_at)).toSorted((a, b) => (a < b ? -1 : 1))[0]
  await trx
    .updateTable('chief')
    .set({ due_at: next?.toString() ?? null })
    .where('dao_id', '=', dao.id)
    .execute()
}

type Found = Pick<SpellRow, 'state' | 'stage' | 'approvals' | 'eta' | 'next_cast'>

function foundOf(
  row: SpellRow,
  facts: SpellFacts,
  { chief, plans }: { chief: ChiefRow; plans: readonly PlanRow[] },
): Found {
  const state = stateOf(row, facts, { chief, plans })
  const now = BigInt(chief.checked_at)
  // Once its time has come, the earliest time is always now.
  const isPast = row.next_cast !== null && BigInt(row.next_cast) <= now && facts.nextCast === now
  const next = state !== 'plotted' ? null : isPast ? row.next_cast : facts.nextCast.toString()
  const found = {
    state,
    approvals: facts.approvals.toString(),
    eta: facts.eta === 0n ? null : facts.eta.toString(),
    next_cast: next,
  }
  return { ...found, stage: stageOf(found, chief) }
}

/** When a spell may change although nobody does anything. */
const timesOf = ({ state, expiration, next_cast }: SpellRow, chief: ChiefRow): bigint[] => [
  ...(state === 'open' || state === 'hat' ? [BigInt(expiration) + 1n] : []),
  ...(state === 'open' ? [BigInt(chief.lifted_at) + BigInt(chief.cool_down)] : []),
  // Behind its time it may be missed, which the look of every hour notices.
  ...(state === 'plotted' ? [BigInt(next_cast ?? 0), BigInt(chief.checked_at) + 3_600n] : []),
]
