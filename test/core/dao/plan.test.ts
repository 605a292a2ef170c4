import { describe, expect, test } from 'vitest'
import { assertPlan, warningsOf } from '../../../core/dao/check.ts'
import type { DaoPlan } from '../../../core/dao/plan.ts'
import { presets } from '../../../core/dao/presets.ts'
import { previewOf } from '../../../core/dao/preview.ts'
import { readHolders, readTime, readVotes } from '../../../core/dao/read.ts'
import { daoSettings } from '../../../core/dao/settings.ts'

const [me, ada, ben] = ['1', '2', '3'].map((digit) => `0x${digit.repeat(40)}`) as [string, string, string]

const planOf = (preset: string, more: Partial<DaoPlan> = {}): DaoPlan => ({
  ...presets[preset]!.plan,
  name: 'Harbour',
  preset,
  votes: { kind: 'new', symbol: 'HARBOR', holders: readHolders(`me 400, ${ada} 300, ${ben} 300`, me) },
  ...more,
})
const club = (founders: string[]): DaoPlan['votes'] => ({ kind: 'club', founders })

describe('a preset', () => {
  test.each(Object.keys(presets))('%s is a DAO that the factory takes', (name) => {
    const votes = name === 'club' ? { votes: club(['1', '2', '3']) } : {}
    expect(() => assertPlan(planOf(name, votes))).not.toThrow()
  })
})

describe('a value', () => {
  test('is read as people write it', () => {
    const plan = ['36h', '1.5 days', '2160m'].map((word) => daoSettings['delay']!.read(word).votingDelay)
    expect(plan).toEqual([129_600, 129_600, 129_600])
    expect(daoSettings['weights']!.read('capped 10')).toEqual({ weights: { kind: 'capped', percent: 10 } })
    expect(daoSettings['score']!.read('12 60')).toEqual({ score: { attestor: '12', least: 60 } })
    expect(daoSettings['ai']!.read('drafts, summary')).toEqual({ ai: ['summary', 'drafts'] })
  })

  test.each([
    ['period', '5m', 'The time to vote is between 1 hour and 30 days.'],
    ['period', '40d', 'The time to vote is between 1 hour and 30 days.'],
    ['period', 'soon', '“soon” is not a time such as 36h or 5d.'],
    ['period', '5', '“5” is not a time such as 36h or 5d.'],
    ['timelock', '10m', 'The wait is none at all, or at least an hour.'],
    ['quorum', '51', 'The quorum is between 1 and 50 percent.'],
    ['quorum', '2.5', 'The quorum is between 1 and 50 percent.'],
    ['weights', 'capped', 'The cap is between 0.01 and 100 percent.'],
    ['weights', 'quadratic', '“quadratic” is no weight: linear, root, or capped 10.'],
    ['agents', 'never', '“never” is none of equal, forbidden, advisory, capped 2.'],
    ['score', '12 101', 'A score is between 1 and 100.'],
    ['guardian', '0x12', '“0x12” is not an address (0x and 40 hex digits).'],
    ['ai', 'oracle', '“oracle” is none of summary, arguments, answers, drafts.'],
  ])('%s is not %s', (name, word, message) => {
    expect(() => daoSettings[name]!.read(word)).toThrow(message)
  })

  test('shows what was read', () => {
    for (const [name, word, shown] of [
      ['period', '36h', '36 hours'],
      ['timelock', '0', 'none'],
      ['quorum', '7 %', '7 % of all votes, for and abstain'],
      ['weights', 'capped 0.5', 'at most 0.5 % of all votes for one voice'],
      ['change', 'yes', 'until the close'],
    ] as const)
      expect(daoSettings[name]!.show({ ...planOf('token'), ...daoSettings[name]!.read(word) })).toBe(shown)
  })
})

describe('who votes', () => {
  test('is a new token, one that is there, or a club', () => {
    const params = { holders: '', me, myId: '7' }
    expect(readVotes('gold', params)).toMatchObject({ kind: 'new', symbol: 'GOLD', holders: [{ address: me }] })
    expect(readVotes(ada, params)).toMatchObject({ kind: 'token' })
    expect(readVotes('club', { ...params, holders: 'me, 8 9' })).toEqual({ kind: 'club', founders: ['7', '8', '9'] })
  })

  test('is refused when holders are named twice, hold nothing, or are no addresses', () => {
    expect(() => readHolders('me 5, me 6', me)).toThrow(`${me} is named twice.`)
    expect(() => readHolders('me 0', me)).toThrow('A holder needs more than 0 tokens.')
    expect(() => readHolders('bob 5', me)).toThrow('“bob” is not an address')
    expect(() => readHolders('me', me)).toThrow('is not an amount for me')
    expect(() => readVotes('club', { holders: '', me, myId: undefined })).toThrow('needs a founder with an Auto ID')
  })
})

describe('what may go wrong', () => {
  test.each<[string, Partial<DaoPlan>, string]>([
    ['a period under two days', { votingPeriod: readTime('47h', { least: 0, what: '' }) }, 'Only 47 hours to vote'],
    ['a quorum under two percent', { quorum: 1 }, 'A quorum of 1 %'],
    ['no timelock', { timelock: 0 }, 'What is decided is done at once'],
    [
      'one holder above half',
      { votes: { kind: 'new', symbol: 'H', holders: readHolders(`me 501, ${ada} 499`, me) } },
      'One holder has more than half',
    ],
    ['a lone founder', { votes: club(['1']) }, 'One founder decides alone'],
    ['no time to read', { votingDelay: 0 }, 'Voting starts at once'],
  ])('%s is said in plain words', (_, more, words) => {
    expect(warningsOf(planOf('token', more)).join('\n')).toContain(words)
    expect(warningsOf(planOf('token')).join('\n')).not.toContain(words)
  })

  test('is refused where nobody could ever propose, or the factory says no', () => {
    expect(() => assertPlan(planOf('token', { threshold: '1001' }))).toThrow('nobody could ever propose')
    expect(() => assertPlan(planOf('token', { lateExtension: 6 * 86_400 }))).toThrow('longer than the time to vote')
    expect(() => assertPlan(planOf('token', { name: 'x'.repeat(65) }))).toThrow('up to 64 characters')
    expect(() => assertPlan(planOf('club', { votes: club(['1']), threshold: '2' }))).toThrow('everybody has one vote')
  })
})

describe('the first proposal', () => {
  test('is timed from the plan', () => {
    const { opens, closes, latest, done } = previewOf(planOf('token'), 1_000_000)
    expect([opens, closes, latest, done].map((at) => (at - 1_000_000) / 86_400)).toEqual([1, 6, 7, 8])
  })

  test('is decided by as few voices as the weights allow', () => {
    expect(previewOf(planOf('token'), 0).decide).toEqual({ voters: 3, forQuorum: 1, forMajority: 2, alone: false })
    const holders = readHolders(`me 9000, ${ada} 500, ${ben} 500`, me)
    const large: DaoPlan['votes'] = { kind: 'new', symbol: 'H', holders }
    expect(previewOf(planOf('token', { votes: large }), 0).decide?.alone).toBe(true)
    // The square root of 9,000 is 95, of 500 it is 22: still more than both others.
    expect(previewOf(planOf('grants', { votes: large }), 0).decide).toMatchObject({ forMajority: 1 })
    expect(previewOf(planOf('research', { votes: large }), 0).decide).toMatchObject({ forMajority: 2, alone: false })
    expect(previewOf(planOf('token', { votes: { kind: 'token', address: ada } }), 0).decide).toBeUndefined()
  })
})
