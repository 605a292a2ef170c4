import { sql, type RawBuilder } from 'kysely'
import { withNumbers } from '../actions/json.ts'
import { tokenOf, type Token } from '../chain/token.ts'
import {
  byRefIn,
  redrawBy,
  type DecisionKind,
  type DecisionLine,
  type Note,
  type Place,
  type Scope,
  type Shown,
} from '../chat/decision.ts'
import type { Context, Trx } from '../context.ts'
import type { ChallengeStepRow } from '../db/tables/mesh.ts'
import { challengeRecord, readChallenge } from './find.ts'
import { involvedIn, type Involved } from './involved.ts'
import { showChallenge } from './jobs.ts'
import { taskRef, type ChallengeRecord } from './record.ts'
import { revealsOf } from './reveals.ts'
import { toldSteps } from './steps.ts'
import { isOver } from './story.ts'
import { cut } from '../plain.ts'
import { challengeCard, challengeLine, money, taskStateWords } from './views/challenge.ts'
import { stepView } from './views/challenge-step.ts'
import { revealView } from './views/reveal.ts'

type Step = Omit<ChallengeStepRow, 'args'> & { args: Record<string, unknown> }

/** Heard of in the channels of the Global DAO, and of every DAO that has a part in it from then on. */
export const challengeDecision: DecisionKind<Token> = {
  name: 'challenge',
  notes: 'challenge-step',
  prefixes: ['challenge-reveal'],
  isVote: false,
  redraw: redrawBy(showChallenge, 'challengeId'),
  async units(ctx, id) {
    const row = await ctx.db.selectFrom('challenge').select('token').where('id', '=', id).executeTakeFirst()
    return row && (await tokenOf(ctx, { chain_id: ctx.chain.id, token: row.token }))
  },
  read,
  async alive(db, ids) {
    const rows = await db.selectFrom('challenge').select('id').where('id', 'in', ids).where(open).execute()
    return rows.map(({ id }) => id)
  },
  byRef: byRefIn('challenge', 'gone_at'),
  async open(ctx, scope) {
    return (await recordsIn(ctx, scope, open)).map(lineOf)
  },
  async decided(ctx, { since, until, ...scope }) {
    const rows = await ctx.db
      .selectFrom('challenge_step')
      .select('challenge_id')
      .distinct()
      .where('name', '=', 'StateChanged')
      .where('gone_at', 'is', null)
      .where('noticed_at', '>', since)
      .where('noticed_at', '<=', until)
      .execute()
    const changed = rows.map(({ challenge_id }) => challenge_id)
    const records = await recordsIn(ctx, scope, sql<boolean>`id = any(${changed}::bigint[])`)
    return records.filter(({ story }) => isOver(story)).map(lineOf)
  },
  /** Tasks that look for a DAO to do them, and challenges that look for money or a plan. */
  async tasks(ctx, scope) {
    const records = await recordsIn(ctx, scope, open)
    return records.flatMap((record) => (record.story.state === 'working' ? openTasks(record) : [lineOf(record)]))
  },
  async text(ctx, id) {
    const row = await ctx.db.selectFrom('challenge').select(['title', 'text']).where('id', '=', id).executeTakeFirst()
    return row && { title: row.title, body: row.text }
  },
  answered: () => Promise.resolve(new Set()),
  card: async (ctx, id) => challengeCard(await readChallenge(ctx, id)),
}

async function read(_: Context, trx: Trx, id: string, unit: Token): Promise<Shown> {
  await trx.selectFrom('challenge').select('id').where('id', '=', id).forUpdate().execute()
  const record = await challengeRecord(trx, { id, unit })
  const steps = await stepsOf(trx, id)
  const standing = steps.filter((step) => step.gone_at === null)
  const card = challengeCard(record)
  const reveals = await revealsOf(trx, record)
  return {
    daoId: record.dao_id,
    createdAt: record.created_at,
    isOpen: !isOver(record.story),
    isNews: record.announced && !record.gone_at,
    card: () => card,
    notes: steps.flatMap((step) => noteOf(record, step, isRepeated(standing, step))),
    places: await placesOf(trx, record, involvedIn(record, standing)),
    others: (shown) =>
      reveals
        .filter(({ key, isDue }) => isDue || shown.has(key))
        .map((reveal) => ({ ...reveal, view: revealView(record, reveal) })),
  }
}

async function stepsOf(trx: Trx, id: string): Promise<Step[]> {
  const rows = await trx
    .selectFrom('challenge_step')
    .selectAll()
    .where('challenge_id', '=', id)
    .orderBy('position')
    .execute()
  return rows.map((row) => ({ ...row, args: withNumbers(row.args) as Record<string, unknown> }))
}

/** Nobody bid, so bidding opened again: the card says until when. */
function isRepeated(steps: readonly Step[], { name, args, position }: Step): boolean {
  if (name !== 'BiddingOpened') return false
  const before = steps.findLast((each) => each.position < position && each.args['task'] === args['task'])
  return before?.name === name
}

function noteOf(record: ChallengeRecord, step: Step, isRepeated: boolean): Note[] {
  const view = stepView(record, step)
  const told = toldSteps[step.name]
  const setting = told?.setting
  if (!view) return []
  return [
    {
      key: step.key,
      setting: setting ?? 'new',
      view,
      happenedAt: Number(step.happened_at ?? 0) * 1_000,
      noticedAt: step.noticed_at,
      holds: setting !== undefined && step.announced && step.gone_at === null && !isRepeated,
      position: step.position,
      accounts: told?.isOwn?.(step.args) ? ownersOf(record, step) : undefined,
    },
  ]
}

/** Whose step it is; the DAOs of whoever acted. */
const ownersOf = ({ daos }: ChallengeRecord, step: Step): string[] =>
  involvedIn({ creator: '', daos }, [step]).flatMap(({ account }) => account || [])

async function placesOf(trx: Trx, record: ChallengeRecord, involved: readonly Involved[]): Promise<Place[]> {
  const accounts = involved.map(({ account }) => account)
  const rows = await trx
    .selectFrom('subscription')
    .innerJoin('dao', 'dao.id', 'subscription.dao_id')
    .select(['subscription.platform', 'subscription.channel as id', 'subscription.created_at', 'dao.id as daoId'])
    .select(sql<string>`lower(coalesce(dao.timelock, ''))`.as('timelock'))
    .select(sql<string>`lower(dao.address)`.as('address'))
    .where((eb) =>
      eb.or([
        eb('dao.id', '=', record.dao_id),
        eb(sql`lower(dao.timelock)`, 'in', accounts),
        eb(sql`lower(dao.address)`, 'in', accounts),
      ]),
    )
    .where('dao.chain_id', '=', record.global.chain_id)
    .orderBy('subscription.created_at')
    .execute()
  const places = new Map<string, Place & { from: number }>()
  for (const { timelock, address, ...row } of rows) {
    const from = row.daoId === record.dao_id ? 0 : since(involved, [timelock, address])
    const key = `${row.platform}/${row.id}`
    const known = places.get(key)
    if (!known || from < known.from) places.set(key, { ...row, from, accounts: [timelock, address] })
  }
  return [...places.values()]
}

const since = (involved: readonly Involved[], accounts: readonly string[]): number =>
  Math.min(...involved.filter(({ account }) => accounts.includes(account)).map(({ from }) => from))

const open = sql<boolean>`story ->> 'state' not in ('done', 'cancelled', 'expired')`

async function recordsIn(ctx: Context, { daoIds }: Scope, which: RawBuilder<boolean>): Promise<ChallengeRecord[]> {
  const rows = await ctx.db
    .selectFrom('challenge')
    .select('id')
    .where('dao_id', 'in', ['0', ...daoIds])
    .where('gone_at', 'is', null)
    .where(which)
    .orderBy('id', 'desc')
    .execute()
  return await Promise.all(rows.map(({ id }) => readChallenge(ctx, id)))
}

const lineOf = (record: ChallengeRecord): DecisionLine => ({
  kind: 'challenge',
  id: record.id,
  ref: record.ref,
  title: record.title,
  dao: record.global,
  isOpen: !isOver(record.story),
  endsAt: record.story.until ?? undefined,
  createdAt: record.created_at,
  item: challengeLine({
    ref: record.ref,
    title: record.title,
    state: record.story.state,
    until: record.story.until,
    money: money(record, record.story.funded),
  }),
  line: `challenge ${record.ref}`,
})

const openTasks = (record: ChallengeRecord): DecisionLine[] =>
  record.story.tasks.flatMap((task, number) =>
    task.state === 'bidding'
      ? [
          {
            ...lineOf(record),
            ref: taskRef(record, number),
            endsAt: task.until ?? undefined,
            item: [`${taskRef(record, number)}: ${cut(task.title, 120)}, `, ...taskStateWords(record, task)],
            line: `task ${taskRef(record, number)}`,
          },
        ]
      : [],
  )
