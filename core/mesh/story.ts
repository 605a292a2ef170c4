/** How a challenge stands, by all that its contract has logged. Amounts are decimals in base units, times unix seconds. */
export type ChallengeStory = {
  state: ChallengeState
  /** When time alone changes the state. */
  until: number | null
  funded: string
  sponsors: { address: string; amount: string }[]
  plans: PlanStory[]
  /** The number of the plan that was adopted. */
  adopted: number | null
  tasks: TaskStory[]
  manifest: { root: string; parts: number } | null
  /** What sponsors say of the whole; tasks from 0. */
  verdicts: { sponsor: string; weight: string; returned: number[]; reason: string }[]
  /** What the contract owes or has paid, in the order in which it said so. */
  credits: { account: string; reason: CreditReason; amount: string }[]
  withdrawn: { account: string; amount: string }[]
  refunded: { account: string; amount: string }[]
}

export type PlanStory = {
  number: number
  author: string
  bond: string
  summary: string
  tasks: TaskSpec[]
  approved: string
  spam: string
  state: 'open' | 'adopted' | 'rejected'
}

/** As the contract takes it; `dependencies` and `covers` are bit sets. */
export type TaskSpec = {
  title: string
  acceptance: string
  domain: string
  /** Basis points. */
  weight: number
  dependencies: number
  covers: number
  /** Seconds. */
  workTime: number
  minStake: string
}

export type TaskStory = TaskSpec & {
  payout: string
  state: TaskState
  until: number | null
  /** Numbers of DAOs in the Global DAO. */
  assignee: number | null
  stake: string
  /** Assignments so far. */
  round: number
  bids: { dao: number; stake: string }[]
  /** Who had it and lost it. */
  past: { dao: number; how: 'late' | 'rejected'; slashed: string }[]
  commitment: string | null
  delivery: { deliverable: string; cid: string; contributors: { id: string; share: number }[] } | null
  objection: { by: string; bond: string; reason: string } | null
  /** Of the delivery that is being judged. */
  ratings: { reviewer: string; dao: number; commitment: string; rating: number | null; reason: string }[]
  /** How good it was found in the end, where somebody objected and reviewers spoke. */
  rating: number | null
}

export const challengeStates = ['none', 'funding', 'planning', 'working', 'done', 'cancelled', 'expired'] as const
export type ChallengeState = (typeof challengeStates)[number]

export type TaskState =
  | 'waiting'
  | 'bidding'
  | 'assigned'
  | 'committed'
  | 'delivered'
  | 'rating'
  | 'revealing'
  | 'accepted'
  | 'failed'

export const creditReasons = ['payout', 'fee', 'stake', 'bond', 'slash'] as const
export type CreditReason = (typeof creditReasons)[number]

/** Of a challenge, in seconds; the first two are moments. */
export type Terms = {
  fundingUntil: number
  deadline: number
  planningTime: number
  biddingTime: number
  revealTime: number
  reviewTime: number
  ratingTime: number
}

export const isOver = ({ state }: Pick<ChallengeStory, 'state'>): boolean =>
  state === 'done' || state === 'cancelled' || state === 'expired'

/** The numbers of the bits that are set: tasks and requirements from 0. */
export const bitsOf = (set: number): number[] =>
  Array.from({ length: 32 }, (_, bit) => bit).filter((bit) => (set >>> bit) & 1)

export const setOf = (bits: readonly number[]): number => bits.reduce((set, bit) => (set | (1 << bit)) >>> 0, 0)

/** What an account was credited and nobody has fetched yet. */
export function owedTo({ credits, withdrawn }: ChallengeStory, account: string): bigint {
  const sum = (rows: readonly { account: string; amount: string }[]): bigint =>
    rows.filter((row) => row.account === account).reduce((total, { amount }) => total + BigInt(amount), 0n)
  return sum(credits) - sum(withdrawn)
}
