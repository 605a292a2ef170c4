import type { LifeEvent } from '../db/tables/settings.ts'

/** A step that is told in channels: what makes it one and the same, and which setting of a channel asks for it. */
type Told = { key: (args: Record<string, unknown>) => unknown[]; setting: LifeEvent }

const news = (...names: string[]): Told => ({ key: (args) => names.map((name) => args[name]), setting: 'new' })
const result = (...names: string[]): Told => ({ ...news(...names), setting: 'result' })

/** By event. What is not here shows on the card alone. */
export const toldSteps: Readonly<Record<string, Told>> = {
  StateChanged: result('state'),
  Funded: news('sponsor', 'total'),
  PlanProposed: news('plan'),
  PlanRejected: result('plan'),
  PlanAdopted: result('plan'),
  BiddingOpened: news('task', 'until'),
  BidPlaced: news('task', 'dao', 'stake'),
  TaskAssigned: news('task', 'dao', 'round', 'dueAt'),
  DeliveryCommitted: news('task', 'dao', 'commitment'),
  Delivered: news('task', 'dao', 'deliverable'),
  Objected: news('task', 'objector', 'commitUntil'),
  RatingCommitted: news('task', 'reviewer', 'dao', 'commitment'),
  RevealOpened: news('task', 'until'),
  TaskAccepted: result('task', 'dao'),
  TaskRejected: result('task', 'dao'),
  TaskLate: result('task', 'dao'),
  TaskFailed: result('task'),
  TasksReturned: result('tasks'),
}

/** The creation of a challenge is told by its card. */
export const isTold = (name: string, args: Record<string, unknown>): boolean =>
  name in toldSteps && !(name === 'StateChanged' && Number(args['state']) === 1)
