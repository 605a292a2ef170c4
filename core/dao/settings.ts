import { UserError } from '../errors.ts'
import { aiFeatures, type DaoPlan } from './plan.ts'
import { readAddress, readAmount, readIdNumber, readPercent, readTime, readYes, timeWords } from './read.ts'

/** One thing about a new DAO that a person may choose. */
export type DaoSetting = {
  label: string
  /** What may be typed. */
  hint: string
  read: (word: string) => Partial<DaoPlan>
  show: (plan: DaoPlan) => string
}

const hour = 3_600

const percentOf = (word: string, what: string): number => readPercent(word, { least: 0.01, most: 100, what, digits: 2 })
const split = (word: string): [string, string] => {
  const [head = '', ...others] = word.trim().toLowerCase().split(/\s+/)
  return [head, others.join(' ')]
}

/** Every parameter of a DAO, in the order in which it is shown. The factory checks the same bounds. */
export const daoSettings: Record<string, DaoSetting> = {
  delay: {
    label: 'Time to think before a vote',
    hint: '0 to 30 days, such as 1d',
    read: (word) => ({ votingDelay: readTime(word, { least: 0, what: 'The time before a vote' }) }),
    show: ({ votingDelay }) => timeWords(votingDelay),
  },
  period: {
    label: 'Time to vote',
    hint: '1 hour to 30 days, such as 5d',
    read: (word) => ({ votingPeriod: readTime(word, { least: hour, what: 'The time to vote' }) }),
    show: ({ votingPeriod }) => timeWords(votingPeriod),
  },
  extension: {
    label: 'Longer when the quorum comes late',
    hint: '0 up to the time to vote, such as 1d',
    read: (word) => ({ lateExtension: readTime(word, { least: 0, what: 'The extension' }) }),
    show: ({ lateExtension }) => timeWords(lateExtension),
  },
  timelock: {
    label: 'Wait before a decision is done',
    hint: '0 for a DAO that holds nothing, or 1 hour to 30 days',
    read(word) {
      const timelock = readTime(word, { least: 0, what: 'The wait before a decision is done' })
      if (timelock !== 0 && timelock < hour) throw new UserError('The wait is none at all, or at least an hour.')
      return { timelock }
    },
    show: ({ timelock }) => timeWords(timelock),
  },
  quorum: {
    label: 'Quorum',
    hint: '1 to 50 percent of all votes',
    read: (word) => ({ quorum: readPercent(word, { least: 1, most: 50, what: 'The quorum' }) }),
    show: ({ quorum }) => `${quorum} % of all votes, for and abstain`,
  },
  threshold: {
    label: 'Votes that it takes to propose',
    hint: 'whole tokens, such as 100; 0 for anybody',
    read: (word) => ({ threshold: readAmount(word, 'an amount') }),
    show: ({ threshold }) => (Number(threshold) === 0 ? 'none, anybody may' : threshold),
  },
  weights: {
    label: 'Weight of a voice',
    hint: 'linear, root (square root of the tokens), or: capped 10 (percent of all votes)',
    read(word) {
      const [kind, more] = split(word)
      if (kind === 'linear') return { weights: { kind } }
      if (kind === 'root' || kind === 'sqrt') return { weights: { kind: 'root' } }
      if (kind === 'capped') return { weights: { kind, percent: percentOf(more, 'The cap') } }
      throw new UserError(`“${word.slice(0, 40)}” is no weight: linear, root, or capped 10.`)
    },
    show: ({ weights }) =>
      weights.kind === 'linear'
        ? 'as many votes as tokens'
        : weights.kind === 'root'
          ? 'the square root of the tokens'
          : `at most ${weights.percent} % of all votes for one voice`,
  },
  agents: {
    label: 'AI agents',
    hint: 'equal, forbidden, advisory, or: capped 2 (percent of all votes)',
    read(word) {
      const [kind, more] = split(word)
      if (kind === 'equal' || kind === 'forbidden' || kind === 'advisory') return { agents: { kind } }
      if (kind === 'capped') return { agents: { kind, percent: percentOf(more, 'The cap') } }
      throw new UserError(`“${word.slice(0, 40)}” is none of equal, forbidden, advisory, capped 2.`)
    },
    show: ({ agents }) =>
      ({
        equal: 'vote as anybody',
        forbidden: 'may not vote',
        advisory: 'give an opinion that counts nothing',
        capped: `at most ${agents.kind === 'capped' ? agents.percent : 0} % of all votes each`,
      })[agents.kind],
  },
  score: {
    label: 'Least Auto Score of a voter',
    hint: 'none, or the number of the organisation that scores and the least score: 12 60',
    read(word) {
      const [attestor, least] = split(word)
      if (attestor === 'none') return { score: undefined }
      return { score: { attestor: readIdNumber(attestor), least: readScore(least) } }
    },
    show: ({ score }) => (score ? `${score.least} of 100, from Auto ID ${score.attestor}` : 'none'),
  },
  entry: {
    label: 'Who may join a club',
    hint: 'open, or the number of the organisation that scores and the least score: 12 60',
    read(word) {
      const [attestor, least] = split(word)
      if (attestor === 'open') return { entry: { agents: false } }
      return { entry: { attestor: readIdNumber(attestor), minScore: readScore(least), agents: false } }
    },
    show: ({ entry, votes }) =>
      votes.kind !== 'club'
        ? 'nobody joins: tokens are votes'
        : entry.attestor
          ? `a score of ${entry.minScore ?? 0} from Auto ID ${entry.attestor}`
          : 'every person and organisation with an Auto ID',
  },
  change: {
    label: 'A voter may change their mind',
    hint: 'yes or no',
    read: (word) => ({ changeOfMind: readYes(word) }),
    show: ({ changeOfMind }) => (changeOfMind ? 'until the close' : 'no, a vote is final'),
  },
  guardian: {
    label: 'Guardian',
    hint: 'none, or an address that may cancel proposals and do nothing else',
    read: (word) => ({ guardian: word.trim().toLowerCase() === 'none' ? undefined : readAddress(word) }),
    show: ({ guardian }) => guardian ?? 'none',
  },
  ai: {
    label: 'AI features',
    hint: `none, or some of ${Object.keys(aiFeatures).join(', ')}`,
    read(word) {
      const names = word
        .toLowerCase()
        .split(/[,\s]+/)
        .filter(Boolean)
      if (names.length === 1 && names[0] === 'none') return { ai: [] }
      const known = Object.keys(aiFeatures) as DaoPlan['ai']
      const strange = names.find((name) => !known.includes(name as never))
      if (strange) throw new UserError(`“${strange.slice(0, 40)}” is none of ${known.join(', ')}.`)
      return { ai: known.filter((name) => names.includes(name)) }
    },
    show: ({ ai }) => (ai.length === 0 ? 'none' : ai.join(', ')),
  },
}

function readScore(word: string): number {
  const score = /^\d{1,3}$/.test(word) ? Number(word) : Number.NaN
  if (!(score >= 1 && score <= 100)) throw new UserError('A score is between 1 and 100.')
  return score
}
