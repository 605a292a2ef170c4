import type { DaoPlan } from './plan.ts'

const hour = 3_600
const day = 24 * hour

type Preset = { label: string; words: string; plan: Omit<DaoPlan, 'name' | 'preset' | 'votes'> }

const common = {
  entry: { agents: false },
  votingDelay: day,
  votingPeriod: 5 * day,
  lateExtension: day,
  timelock: 2 * day,
  threshold: '0',
  quorum: 4,
  changeOfMind: false,
  weights: { kind: 'linear' },
  agents: { kind: 'equal' },
  ai: ['summary', 'arguments', 'answers'],
} satisfies Preset['plan']

/** Where a new DAO starts from; every value may be changed before it is made, and later by the DAO itself. */
export const presets: Record<string, Preset> = {
  token: {
    label: 'Token voting',
    words: 'Tokens are votes. The usual form: a quorum, a day to think, five days to vote, two days before it is done.',
    plan: common,
  },
  club: {
    label: 'Club: one Auto ID, one vote',
    words: 'Every member has one vote that cannot be sold or lent. Agents stay outside.',
    plan: { ...common, threshold: '1', quorum: 20, agents: { kind: 'forbidden' }, votingPeriod: 3 * day },
  },
  maker: {
    label: 'Maker-like',
    words: 'Minds may change until the close, long periods, a strong delay: for a protocol that others build on.',
    plan: {
      ...common,
      changeOfMind: true,
      votingPeriod: 14 * day,
      lateExtension: 2 * day,
      timelock: 3 * day,
      quorum: 10,
    },
  },
  grants: {
    label: 'Grants',
    words: 'Many small decisions: short votes, and the square root of tokens, so that many small voices weigh more.',
    plan: {
      ...common,
      votingDelay: 12 * hour,
      votingPeriod: 3 * day,
      timelock: day,
      weights: { kind: 'root' },
      quorum: 3,
    },
  },
  research: {
    label: 'Research',
    words: 'Agents advise and people decide; nobody weighs more than a tenth.',
    plan: {
      ...common,
      weights: { kind: 'capped', percent: 10 },
      agents: { kind: 'advisory' },
      ai: [...common.ai, 'drafts'],
    },
  },
  treasury: {
    label: 'Treasury fund',
    words: 'For money: a high quorum, a week to vote, three days in which a wrong decision can still be stopped.',
    plan: {
      ...common,
      votingPeriod: 7 * day,
      lateExtension: 2 * day,
      timelock: 3 * day,
      quorum: 15,
      agents: { kind: 'capped', percent: 2 },
    },
  },
}
