import { byRefIn, redrawBy, type DecisionKind, type DecisionLine, type Scope, type Shown } from '../chat/decision.ts'
import type { Context, Trx } from '../context.ts'
import type { SpellEvent, SpellRow } from '../db/tables/nomic.ts'
import type { LifeEvent } from '../db/tables/settings.ts'
import { nomicById } from './contracts.ts'
import { announceSpell } from './jobs.ts'
import { lockersOf } from './locker.ts'
import { spellHolds } from './life.ts'
import { readSpell, spellUnits, type Units } from './record.ts'
import { spellById } from './spell.ts'
import { standing } from '../relay/signed.ts'
import { spellEventView } from './views/spell-event.ts'
import { spellCard, spellLine, spellTitle } from './views/spell.ts'

/** By which switch of a channel a step of a spell's life is heard. */
const switches: Record<SpellEvent, LifeEvent> = {
  liftable: 'ending',
  hat: 'result',
  plotted: 'queued',
  castable: 'queued',
  cast: 'executed',
  dropped: 'result',
  expired: 'result',
  missed: 'result',
  dead: 'result',
}

const open: readonly SpellRow['state'][] = ['open', 'hat', 'plotted']
/** What a spell comes to, for digests. */
const ends: readonly SpellEvent[] = ['hat', 'cast', 'dropped', 'expired', 'missed', 'dead']

export const spellDecision: DecisionKind<Units> = {
  name: 'spell',
  notes: 'spell',
  isVote: true,
  redraw: redrawBy(announceSpell, 'spellId'),
  async units(ctx, id) {
    const spell = await spellById(ctx.db, id)
    return spell && (await spellUnits(ctx, await nomicById(ctx.db, spell.dao_id)))
  },
  read,
  async alive(db, ids) {
    const rows = await db.selectFrom('spell').select('id').where('id', 'in', ids).where('state', 'in', open).execute()
    return rows.map(({ id }) => id)
  },
  byRef: byRefIn('spell', 'orphaned_at'),
  async open(ctx, scope) {
    const rows = await spellsIn(ctx, scope)
      .where('spell.state', '=', 'open')
      .where('spell.announced', '=', true)
      .orderBy('spell.id', 'desc')
      .execute()
    return await Promise.all(rows.map((row) => lineOf(ctx, row)))
  },
  async decided(ctx, { since, until, ...scope }) {
    const rows = await spellsIn(ctx, scope)
      .where('spell.announced', '=', true)
      .where((eb) =>
        eb.exists(
          eb
            .selectFrom('spell_event')
            .select('event')
            .whereRef('spell_event.spell_id', '=', 'spell.id')
            .where('spell_event.event', 'in', ends)
            .where('spell_event.noticed_at', '>', since)
            .where('spell_event.noticed_at', '<=', until),
        ),
      )
      .orderBy('spell.id', 'desc')
      .execute()
    return await Promise.all(rows.map((row) => lineOf(ctx, row)))
  },
  async answered(ctx, person, ids) {
    const wallets = person.wallets.map(({ address }) => address)
    if (wallets.length === 0 || ids.length === 0) return new Set()
    const [spells, approvals] = await Promise.all([
      ctx.db.selectFrom('spell').select(['id', 'address']).where('id', 'in', ids).execute(),
      ctx.db
        .selectFrom('approval')
        .select('spells')
        .where('voter', 'in', wallets)
        .where('state', 'in', standing as never)
        .execute(),
    ])
    const approved = new Set(approvals.flatMap((row) => (row.spells as string[]).map((each) => each.toLowerCase())))
    return new Set(spells.filter(({ address }) => approved.has(address)).map(({ id }) => id))
  },
  async text(ctx, id) {
    const spell = await spellById(ctx.db, id)
    return spell && { title: spell.title, body: spell.text }
  },
  reminders: {
    /** An approval counts until the spell expires; one that never does reminds nobody. */
    async due(ctx) {
      const rows = await ctx.db
        .selectFrom('spell')
        .innerJoin('dao', 'dao.id', 'spell.dao_id')
        .select([
          'spell.id',
          'spell.ref',
          'spell.title',
          'spell.dao_id',
          'spell.created_at',
          'spell.expiration',
          'dao.name',
        ])
        .where('dao.chain_id', '=', ctx.chain.id)
        .where('spell.state', '=', 'open')
        .where('spell.announced', '=', true)
        .where('spell.expiration', '<>', '0')
        .where('spell.orphaned_at', 'is', null)
        .orderBy('spell.id')
        .execute()
      return rows.map(({ id, ref, title, dao_id, name, created_at, expiration }) => ({
        id,
        ref,
        title: spellTitle({ ref, title }),
        dao: { id: dao_id, name },
        opensAt: Math.floor(created_at.getTime() / 1_000),
        endsAt: Number(expiration),
        vote: `approve ${ref}`,
        line: `spell-show ${ref}`,
      }))
    },
    async mayStillVote(ctx, person, id) {
      const spell = await spellById(ctx.db, id)
      const lockers = spell ? await lockersOf(ctx, await nomicById(ctx.db, spell.dao_id), person) : []
      const holders = lockers.filter(({ locked }) => locked > 0n)
      return holders.length > 0 && holders.every(({ approves }) => !approves.includes(spell?.address ?? ''))
    },
  },
  async card(ctx, id) {
    const spell = await spellById(ctx.db, id)
    if (!spell) return undefined
    const units = await spellUnits(ctx, await nomicById(ctx.db, spell.dao_id))
    return spellCard(await readSpell(ctx.db, { spell, units }))
  },
}

async function read(_: Context, trx: Trx, id: string, units: Units): Promise<Shown> {
  const spell = await trx.selectFrom('spell').selectAll().where('id', '=', id).forUpdate().executeTakeFirstOrThrow()
  const record = await readSpell(trx, { spell, units })
  const steps = await trx.selectFrom('spell_event').selectAll().where('spell_id', '=', id).execute()
  const card = spellCard(record)
  return {
    daoId: spell.dao_id,
    createdAt: spell.created_at,
    isOpen: open.includes(spell.state),
    isNews: spell.announced && !spell.orphaned_at,
    card: () => card,
    notes: steps.map(({ event, happened_at, noticed_at }) => ({
      key: event,
      setting: switches[event],
      view: spellEventView(event, record),
      happenedAt: happened_at.getTime(),
      noticedAt: noticed_at,
      holds: !spell.orphaned_at && spellHolds[event](spell),
    })),
  }
}

const spellsIn = (ctx: Pick<Context, 'db'>, { daoIds }: Scope) =>
  ctx.db
    .selectFrom('spell')
    .selectAll()
    .where('spell.orphaned_at', 'is', null)
    .where('spell.dao_id', 'in', ['0', ...daoIds])

async function lineOf(ctx: Context, spell: SpellRow): Promise<DecisionLine> {
  const dao = await nomicById(ctx.db, spell.dao_id)
  const { token } = await spellUnits(ctx, dao)
  return {
    kind: 'spell',
    id: spell.id,
    ref: spell.ref,
    title: spell.title,
    dao: { id: dao.id, name: dao.name },
    isOpen: spell.state === 'open',
    endsAt: spell.expiration === '0' ? undefined : Number(spell.expiration),
    createdAt: spell.created_at,
    item: spellLine(spell, token),
    line: `spell-show ${spell.ref}`,
  }
}
