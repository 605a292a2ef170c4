import { openChallenge, playDay } from './play.ts'
import type { Played, Sponsor } from './played.ts'
import { createRandom } from './random.ts'
import { reportOf, type Report } from './report.ts'
import { assumptions, createWorld, type Assumptions, type StrategyName, type World } from './world.ts'

export type Setting = {
  seed: number
  challenges: number
  daos: Record<StrategyName, number>
  people: Assumptions
  /** Tasks of a challenge, from and to. */
  tasks: readonly [number, number]
}

export const daos = { honest: 120, lazy: 24, colluding: 16, sybil: 16, washing: 8, griefing: 8, squatting: 8 }

export function baseSetting(seed: number): Setting {
  return { seed, challenges: 1000, daos, people: assumptions, tasks: [2, 8] }
}

/** The same seed plays the same history. */
export function play({ seed, challenges, daos, people, tasks }: Setting): {
  report: Report
  played: Played[]
  ms: number
} {
  const started = performance.now()
  const random = createRandom(seed)
  const world = createWorld(random, daos, people)
  const played: Played[] = []
  for (; played.length < challenges || played.some(({ isOver }) => !isOver); world.day += 1) {
    for (let i = 0; i < 3 && played.length < challenges; i++) {
      const count = random.whole(...tasks)
      played.push(openChallenge(world, sponsorsOf(world, played.length), count, random.whole(50, 400) * count))
    }
    for (const one of played) if (!one.isOver) playDay(world, one)
  }
  return { report: reportOf(world, played, seed), played, ms: performance.now() - started }
}

/** One to four sponsors; every tenth challenge is paid by one who cheats, every fortieth by who washes. */
function sponsorsOf({ random, agents }: World, nth: number): Sponsor[] {
  const washers = agents.filter(({ strategy }) => strategy === 'washing')
  if (nth % 40 === 20 && washers.length > 0) {
    const washes = random.pick(washers)
    return [{ account: `other name of ${washes.account}`, isCheating: false, washes }]
  }
  const isCheating = nth % 10 === 5
  return Array.from({ length: random.whole(1, 4) }, (_, i) => ({ account: `sponsor ${nth} ${i}`, isCheating }))
}
