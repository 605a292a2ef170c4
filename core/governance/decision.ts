import {
  byRefIn,
  redrawBy,
  type DecisionKind,
  type DecisionLine,
  type Note,
  type Scope,
  type Shown,
} from '../chat/decision.ts'
import type { Context, Trx } from '../context.ts'
import type { ProposalStateName } from '../db/tables/governance.ts'
import { announce } from './announce.ts'
import { holds } from './life.ts'
import { proposalById, type Proposal } from './proposal.ts'
import { readRecord, unitsOf, type ProposalRecord, type Units } from './record.ts'
import { summarySubject } from './summary-subject.ts'
import { pageUrl } from '../origin.ts'
import type { Channel } from '../platform.ts'
import { hasVoted } from './voted.ts'
import { lifeEventView } from './views/life-event.ts'
import { decidedWords, dueWords } from './views/proposal-digest.ts'
import { proposalCard } from './views/proposal.ts'
import { listLine } from './views/proposals.ts'

const open: readonly ProposalStateName[] = ['pending', 'active', 'succeeded', 'queued']

export const proposalDecision: DecisionKind<Units> = {
  name: 'proposal',
  notes: 'event',
  isVote: true,
  redraw: redrawBy(announce, 'proposalId'),
  units: async (ctx, id) => unitsOf(ctx, await proposalById(ctx, id)),
  read,
  async alive(db, ids) {
    const rows = await db
      .selectFrom('proposal')
      .select('id')
      .where('id', 'in', ids)
      .where('final', '=', false)
      .execute()
    return rows.map(({ id }) => id)
  },
  byRef: byRefIn('proposal', 'orphaned_at'),
  async open(ctx, scope) {
    const rows = await listed(ctx, scope)
      .where('proposal.state', 'in', ['active', 'pending'])
      .orderBy((eb) => eb.case().when('proposal.state', '=', 'active').then(0).else(1).end())
      .orderBy('proposal.deadline')
      .orderBy('proposal.id')
      .execute()
    return rows.map((row) => lineOf(ctx, row, scope, dueWords))
  },
  /** Votes whose result was noticed in that time. */
  async decided(ctx, { since, until, ...scope }) {
    const rows = await listed(ctx, scope)
      .innerJoin('life_event', 'life_event.proposal_id', 'proposal.id')
      .where('life_event.event', '=', 'result')
      .where('life_event.noticed_at', '>', since)
      .where('life_event.noticed_at', '<=', until)
      .where('proposal.state', 'not in', ['active', 'pending'])
      .orderBy('life_event.happened_at', 'desc')
      .execute()
    return rows.map((row) => lineOf(ctx, row, scope, decidedWords))
  },
  async answered(ctx, person, ids) {
    const voted = await Promise.all(ids.map((proposalId) => hasVoted(ctx.db, { proposalId, personId: person.id })))
    return new Set(ids.filter((_, at) => voted[at]))
  },
  async card(ctx, id) {
    const proposal = await proposalById(ctx, id)
    const record = await readRecord(ctx.db, { id, units: await unitsOf(ctx, proposal) })
    return proposalCard({ record, page: pageOf(ctx, proposal) })
  },
}

const pageOf = (ctx: Pick<Context, 'config'>, { ref }: Pick<Proposal, 'ref'>): string =>
  pageUrl(ctx.config, `/p/${ref}`)

async function read(ctx: Context, trx: Trx, id: string, units: Units): Promise<Shown> {
  await trx.selectFrom('proposal').select('id').where('id', '=', id).forUpdate().execute()
  const record = await readRecord(trx, { id, units })
  const { proposal } = record
  const page = pageOf(ctx, proposal)
  const everywhere = proposalCard({ record, page })
  const talking = await talkingIn(trx, id)
  return {
    daoId: proposal.dao_id,
    createdAt: proposal.created_at,
    isOpen: open.includes(proposal.state),
    // One that the listener found as history has `announced` off until its story goes on.
    isNews: proposal.announced && !proposal.orphaned_at,
    card: async (channel) =>
      talking.has(summarySubject(id, channel))
        ? proposalCard({ record: await readRecord(trx, { id, units, channel }), page })
        : everywhere,
    notes: await notesOf(trx, record, page),
  }
}

async function talkingIn(trx: Trx, id: string): Promise<Set<string>> {
  const rows = await trx
    .selectFrom('summary')
    .select('subject')
    .where('subject', 'like', `${summarySubject(id)}/%`)
    .execute()
  return new Set(rows.map(({ subject }) => subject))
}

async function notesOf(trx: Trx, record: ProposalRecord, page: string): Promise<Note[]> {
  const { proposal } = record
  const steps = await trx.selectFrom('life_event').selectAll().where('proposal_id', '=', proposal.id).execute()
  return steps.flatMap(({ event, happened_at, noticed_at }): Note[] =>
    // That it is there is told by its card.
    event === 'new'
      ? []
      : [
          {
            key: event,
            setting: event,
            view: lifeEventView(event, { record, page }),
            happenedAt: happened_at.getTime(),
            noticedAt: noticed_at,
            holds: !proposal.orphaned_at && holds[event](proposal),
          },
        ],
  )
}

const listed = (ctx: Pick<Context, 'db'>, { daoIds }: Scope) =>
  ctx.db
    .selectFrom('proposal')
    .innerJoin('dao', 'dao.id', 'proposal.dao_id')
    .select([
      'proposal.id',
      'proposal.ref',
      'proposal.title',
      'proposal.state',
      'proposal.deadline',
      'proposal.created_at',
      'proposal.dao_id',
      'dao.clock',
      'dao.name',
    ])
    .where('proposal.orphaned_at', 'is', null)
    .where('proposal.dao_id', 'in', ['0', ...daoIds])

type Listed = Awaited<ReturnType<ReturnType<typeof listed>['execute']>>[number]

function lineOf(
  ctx: Context,
  row: Listed,
  { channel }: { channel?: Channel },
  words: (record: ProposalRecord, page: string) => DecisionLine['item'],
): DecisionLine {
  const { id, ref, title, state, deadline, clock } = row
  const ends = clock === 'timestamp' ? { at: Number(deadline) } : { block: deadline }
  return {
    kind: 'proposal',
    id,
    ref,
    title,
    dao: { id: row.dao_id, name: row.name },
    isOpen: state === 'active',
    endsAt: ends.at,
    createdAt: row.created_at,
    item: listLine({ ref, title, state, ends }),
    async digest() {
      const proposal = await proposalById(ctx, id)
      const record = await readRecord(ctx.db, { id, units: await unitsOf(ctx, proposal), channel })
      return { words: words(record, pageOf(ctx, proposal)), label: record.summary?.label }
    },
    line: `proposal ${ref}`,
  }
}
