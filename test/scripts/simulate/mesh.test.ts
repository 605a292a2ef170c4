import { expect, test } from 'vitest'
import { baseSetting, play } from '../../../scripts/simulate/mesh/simulate.ts'

test.each([4, 5])('with seed %i good work wins nine tasks of ten, and no attack pays', { timeout: 120_000 }, (seed) => {
  const { report } = play({ ...baseSetting(seed), challenges: 600 })
  expect(report.goodOfTried).toBeGreaterThan(0.9)
  const attacks = report.rows.filter(({ name }) => name.endsWith('attack'))
  expect(attacks.map(({ name }) => name)).toEqual([
    'cheating sponsor attack',
    'colluding attack',
    'griefing attack',
    'lazy attack',
    'squatting attack',
    'sybil attack',
    'washing attack',
  ])
  for (const { name, profit } of attacks) expect(profit, name).toBeLessThan(0)
})

test('the same seed gives the same history', { timeout: 120_000 }, () => {
  const setting = { ...baseSetting(9), challenges: 40 }
  expect(play(setting).report).toEqual(play(setting).report)
})

test('where nobody looks the lazy earn well, so the numbers can come out otherwise', { timeout: 120_000 }, () => {
  const setting = baseSetting(4)
  const people = { ...setting.people, sponsorLooks: 0, bidderLooks: 0, peerLooks: 0 }
  const { report } = play({ ...setting, people, challenges: 100 })
  expect(report.rows.find(({ name }) => name === 'lazy attack')?.profit).toBeGreaterThan(0)
})
