import { openChallenge, playDay, type Played, type Sponsor } from './play.ts'
import { createRandom } from './random.ts'
import { printReport, reportOf, type Report } from './report.ts'
import type { StrategyName } from './strategies.ts'
import { assumptions, createWorld, type Assumptions, type World } from './world.ts'

const challenges = 1000
const daos: Record<StrategyName, number> = {
  honest: 120,
  lazy: 24,
  colluding: 16,
  sybil: 16,
  washing: 8,
  griefing: 8,
  squatting: 8,
}

/** Plays 1,000 challenges among 200 DAOs and says who earned what and what each attack brought. */
export function run(args: string[]): Report {
  const seed = Number(args.find((arg) => arg.startsWith('--seed='))?.slice(7) ?? 4)
  const { world, played } = play(seed, assumptions)
  const report = reportOf(world, played, seed)
  if (!args.includes('--json')) printReport(report)
  return report
}

function play(seed: number, people: Assumptions): { world: World; played: Played[] } {
  const random = createRandom(seed)
  const world = createWorld(random, daos, people)
  const played: Played[] = []
  for (; played.length < challenges || played.some(({ isOver }) => !isOver); world.day += 1) {
    for (let i = 0; i < 3 && played.length < challenges; i++) {
      const count = random.whole(2, 8)
      played.push(openChallenge(world, sponsorsOf(world, played.length), count, random.whole(50, 400) * count))
    }
    for (const one of played) if (!one.isOver) playDay(world, one)
  }
  return { world, played }
}

/** One to four sponsors; every tenth challenge is paid by one who cheats, every fortieth by who washes. */
function sponsorsOf({ random, agents }: World, nth: number): Sponsor[] {
  if (nth % 40 === 20) {
    const washes = random.pick(agents.filter(({ strategy }) => strategy === 'washing'))
    return [{ account: `other name of ${washes.account}`, isCheating: false, washes }]
  }
  const isCheating = nth % 10 === 5
  return Array.from({ length: random.whole(1, 4) }, (_, i) => ({ account: `sponsor ${nth} ${i}`, isCheating }))
}
