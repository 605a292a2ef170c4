import { sql } from 'kysely'
import type { Context, Db, JobDeclaration, Sender, Trx } from '../context.ts'
import type { LifeEvent } from '../db/tables/settings.ts'
import type { Person } from '../command.ts'
import type { Channel } from '../platform.ts'
import type { Inline, View } from '../view.ts'
import type { Card } from './outbox.ts'

/** A channel that hears of a decision, since when, and of which DAO there. */
export type Place = {
  platform: string
  id: string
  created_at: Date
  daoId: string
  /** Notes before this position do not concern it. */
  from?: number
  /** Whose place it is: accounts on the chain, in lower case. */
  accounts?: readonly string[]
}

/** A short message of its life: said once, kept true by edits. */
export type Note = {
  /** Behind the kind's prefix and the id; for good, because a message of another key is another message. */
  key: string
  /** By which switch of a channel it is heard. */
  setting: LifeEvent
  view: View
  /** Unix milliseconds, by the chain. */
  happenedAt: number
  noticedAt: Date
  /** It is so now; a reorg may take it back. */
  holds: boolean
  position?: number
  /** Said only in places of one of these. */
  accounts?: readonly string[] | undefined
}

/** All that channels are shown of a decision, as the rows had it at one moment. */
export type Shown = {
  daoId: string
  createdAt: Date
  /** Whoever begins to listen now sees it. */
  isOpen: boolean
  /** It stands, and is no history. */
  isNews: boolean
  /** Only where people talk about it does it differ from channel to channel. */
  card: (place: Channel) => View | Promise<View>
  notes: readonly Note[]
  /** Who hears of it beside those who subscribed its DAO, or instead of them. */
  places?: readonly Place[]
  /** Messages of its own, such as to one person in private. */
  others?(shown: ReadonlySet<string>): readonly Card[]
}

/** One line about a decision, for lists of all kinds. */
export type DecisionLine = {
  kind: string
  id: string
  ref: string
  title: string
  dao: { id: string; name: string }
  isOpen: boolean
  /** Unix seconds; undefined where a clock of blocks cannot tell yet. */
  endsAt: number | undefined
  createdAt: Date
  /** Title and how it stands, as one line of a list. */
  item: Inline[]
  /** What a digest says of it, where that is more than the line; `label` says what wrote it. */
  digest?(): Promise<{ words: Inline[]; label?: string | undefined }>
  /** The command that shows it. */
  line: string
}

export type Remindable = {
  id: string
  ref: string
  title: string
  dao: { id: string; name: string }
  opensAt: number
  endsAt: number
  /** The command with which one votes, and the one that shows it. */
  vote: string
  line: string
}

export type Scope = { daoIds: readonly string[]; channel?: Channel }

/**
 * Something that people decide: a proposal, a spell, a poll, a challenge. What a channel or a person is told of decisions
 * walks `ctx.kinds.decisions`, so that a kind has cards, threads, digests, reminders and lists by filling this in.
 *
 * Effect keys are `<name>/<id>/<platform>/<channel>` for cards and `<notes>/<id>/<key>/<platform>/<channel>` for notes, for good.
 */
export type DecisionKind<Units = unknown> = {
  name: string
  notes: string
  /** More prefixes of effect keys, of `others`. */
  prefixes?: readonly string[]
  /** Draws it anew wherever it is heard of; whoever changes a row that a card shows sends it in the same transaction. */
  redraw(sender: Sender, db: Db | Trx, id: string, options?: { afterMs: number }): Promise<void>
  /** What may ask the chain comes before the transaction that reads the rows; undefined when there is no such thing. */
  units(ctx: Context, id: string): Promise<Units | undefined>
  /** In a transaction that holds its row: what is read is newer than what any earlier run has shown. */
  read(ctx: Context, trx: Trx, id: string, units: Units): Promise<Shown>
  /** Of these ids, those whose card may still change. */
  alive(db: Db | Trx, ids: readonly string[]): Promise<string[]>
  /** Its id by the short ref that people write, such as `ens-42`. */
  byRef(db: Db | Trx, refs: readonly string[]): Promise<string | undefined>
  /** What waits for people now, the soonest end first. */
  open(ctx: Context, scope: Scope): Promise<DecisionLine[]>
  /** What was noticed to be decided in that time, the newest first. */
  decided(ctx: Context, scope: Scope & { since: Date; until: Date }): Promise<DecisionLine[]>
  /** Work that somebody can take on; left out by kinds without work. */
  tasks?(ctx: Context, scope: Scope): Promise<DecisionLine[]>
  /** Which of these a person has had their say in. */
  answered(ctx: Context, person: Person, ids: readonly string[]): Promise<ReadonlySet<string>>
  /** Its text, beside which the talk in its threads is summarised; left out by what is summarised in its own way. */
  text?(ctx: Context, id: string): Promise<{ title: string; body: string } | undefined>
  /** Left out where no vote closes by the clock, or where people are reminded in another way. */
  reminders?: {
    /** What takes votes now; in unix seconds by the chain. */
    due(ctx: Context): Promise<Remindable[]>
    /** By the contract: a wallet of theirs has weight in it, and none has voted. */
    mayStillVote(ctx: Context, person: Person, id: string): Promise<boolean>
  }
  /** Whether people vote on it; else they take part by work and money. */
  isVote: boolean
  /** What one shares of it where AutoCo is no member: its card. */
  card(ctx: Context, id: string): Promise<View | undefined>
}

// `any`, because the list of all kinds holds units of different shapes; each kind meets only its own.
export type AnyDecisionKind = DecisionKind<any>

declare module '../context.ts' {
  interface Kinds {
    decisions: readonly AnyDecisionKind[]
  }
}

/** A job that carries nothing but the id, under the name that waiting jobs of older versions have. */
export const redrawBy =
  <Name extends string>(job: JobDeclaration<Record<Name, string>>, name: Name): DecisionKind['redraw'] =>
  (sender, db, id, options) =>
    sender.send(db, job, { [name]: id } as Record<Name, string>, { key: id, ...options })

/** By the ref in one of its own tables; what a reorg took back, as `gone` says, is not there. */
export const byRefIn =
  (table: string, gone: string): DecisionKind['byRef'] =>
  async (db, refs) => {
    const { rows } = await sql<{ id: string }>`
      select id from ${sql.table(table)} where ref = any(${refs}::text[]) and ${sql.ref(gone)} is null limit 1
    `.execute(db)
    return rows[0]?.id
  }

/** What waits for people, of every kind: the soonest end first. */
export async function openDecisions(ctx: Context, scope: Scope): Promise<DecisionLine[]> {
  const lines = await Promise.all(ctx.kinds.decisions.map((kind) => kind.open(ctx, scope)))
  return lines.flat().toSorted(sooner)
}

/** Where votes count now first; who knows no end comes last. */
const sooner = (a: DecisionLine, b: DecisionLine): number =>
  Number(b.isOpen) - Number(a.isOpen) || (a.endsAt ?? Infinity) - (b.endsAt ?? Infinity) || 0
