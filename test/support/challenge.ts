import type { ChallengeRecord } from '../../core/mesh/record.ts'
import type { ChallengeStory, TaskState, TaskStory } from '../../core/mesh/story.ts'
import { other } from './record.ts'

const hash = `0x${'cd'.repeat(32)}`
const second = 1_893_456_000
const money = (10n ** 21n).toString()
const states: TaskState[] = [
  'waiting',
  'bidding',
  'assigned',
  'committed',
  'delivered',
  'rating',
  'revealing',
  'accepted',
  'failed',
]

/** A challenge with a task in every state, all of its words by somebody who means harm. */
export function challengeOf(words: string, state: ChallengeStory['state'] = 'working'): ChallengeRecord {
  const account = other.toLowerCase()
  const spec = {
    title: words,
    acceptance: words,
    domain: hash,
    weight: 1_111,
    covers: 3,
    workTime: 86_400,
    minStake: money,
  }
  const tasks = states.map((each, at): TaskStory => ({
    ...spec,
    dependencies: (1 << at) - 1,
    payout: money,
    state: each,
    until: second,
    assignee: 1,
    stake: money,
    round: 2,
    bids: [{ dao: 2, stake: money }],
    past: [{ dao: 2, how: at % 2 === 0 ? 'late' : 'rejected', slashed: money }],
    commitment: hash,
    delivery: { deliverable: hash, cid: 'https://evil.example/<b>', contributors: [{ id: '7', share: 10_000 }] },
    objection: { by: account, bond: money, reason: words },
    ratings: [
      { reviewer: account, dao: 0, commitment: hash, rating: 12, reason: words },
      { reviewer: account, dao: 1, commitment: hash, rating: null, reason: '' },
    ],
    rating: 50,
  }))
  const plan = {
    number: 1,
    author: account,
    bond: money,
    summary: words,
    approved: money,
    spam: '1',
    state: 'open' as const,
  }
  return {
    id: '1',
    dao_id: '1',
    number: 1,
    ref: 'global-1',
    address: account,
    creator: account,
    token: account,
    title: words,
    text: words,
    requirements: Array.from({ length: 32 }, () => words),
    goal: money,
    terms: {
      fundingUntil: second,
      deadline: second,
      planningTime: 1,
      biddingTime: 1,
      revealTime: 1,
      reviewTime: 1,
      ratingTime: 1,
    },
    tx_hash: hash,
    announced: true,
    gone_at: null,
    created_at: new Date(second * 1_000),
    unit: { symbol: 'NOMIC', decimals: 18 },
    global: { id: '1', slug: 'global', name: words, address: account, chain_id: 1 },
    daos: [1, 2].map((number) => ({
      dao_id: '1',
      number,
      account: `${account}${number === 1 ? '' : '2'}`,
      executive: account,
      name: words,
      domains: [{ id: hash, points: 100 }],
    })),
    domains: [{ dao_id: '1', id: hash, name: words, parent: hash }],
    story: {
      state,
      until: second,
      funded: money,
      sponsors: [{ address: account, amount: money }],
      plans: Array.from({ length: 12 }, () => ({ ...plan, tasks })),
      adopted: 1,
      tasks: state === 'funding' || state === 'planning' ? [] : tasks,
      manifest: { root: hash, parts: 8 },
      verdicts: [{ sponsor: account, weight: money, returned: [0, 2], reason: words }],
      credits: [{ account, reason: 'payout', amount: money }],
      withdrawn: [],
      refunded: [{ account, amount: money }],
    },
  }
}
