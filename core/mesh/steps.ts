import type { LifeEvent } from '../db/tables/settings.ts'

/** A step that is told in channels: what makes it one and the same, and which setting of a channel asks for it. */
type Told = {
  key: (args: Record<string, unknown>) => unknown[]
  setting: LifeEvent
  /** Told only in channels of the DAO whose step it is. */
  isOwn?: (args: Record<string, unknown>) => boolean
}

const news = (...names: string[]): Told => ({ key: (args) => names.map((name) => args[name]), setting: 'new' })
const result = (...names: string[]): Told => ({ ...news(...names), setting: 'result' })

/** A step of one DAO's own, told where that DAO lives; on the card everybody sees it. */
const own = (told: Told): Told => ({ ...told, isOwn: () => true })

/**
 * By event. What is not here shows on the card alone. A channel hears of what asks for somebody or ends something; what a DAO
 * does on its way, only its own people hear of: a challenge of four tasks had thirty messages in every channel else.
 */
export const toldSteps: Readonly<Record<string, Told>> = {
  StateChanged: result('state'),
  Funded: news('sponsor', 'total'),
  PlanProposed: news('plan'),
  PlanRejected: result('plan'),
  PlanAdopted: result('plan'),
  BiddingOpened: news('task', 'until'),
  BidPlaced: own(news('task', 'dao', 'stake')),
  // Who takes a task over from somebody is news to all.
  TaskAssigned: { ...news('task', 'dao', 'round', 'dueAt'), isOwn: ({ round }) => Number(round) <= 1 },
  DeliveryCommitted: own(news('task', 'dao', 'commitment')),
  Delivered: news('task', 'dao', 'deliverable'),
  Objected: news('task', 'objector', 'commitUntil'),
  RatingCommitted: own(news('task', 'reviewer', 'dao', 'commitment')),
  RevealOpened: own(news('task', 'until')),
  TaskAccepted: own(result('task', 'dao')),
  TaskRejected: result('task', 'dao'),
  TaskLate: result('task', 'dao'),
  TaskFailed: result('task'),
  TasksReturned: result('tasks'),
}

/** The creation of a challenge is told by its card. */
export const isTold = (name: string, args: Record<string, unknown>): boolean =>
  name in toldSteps && !(name === 'StateChanged' && Number(args['state']) === 1)
