import { terms } from '../../../core/mesh/terms.ts'
import type { Played } from './played.ts'
import type { Book, World } from './world.ts'

export type Row = Book & { name: string; profit: number; return: number }

export type Report = {
  seed: number
  challenges: number
  /** Challenges that came to their end, tasks that were accepted, and of these the ones whose work was good. */
  done: number
  tasks: number
  accepted: number
  good: number
  /** Good work, of the tasks that were accepted and of all that anybody had. */
  goodOfAccepted: number
  goodOfTried: number
  rows: Row[]
}

export function reportOf(world: World, played: readonly Played[], seed: number): Report {
  const tasks = played.flatMap(({ challenge, work }) => challenge.tasks.map((task, i) => ({ task, work: work[i] })))
  const accepted = tasks.filter(({ task }) => task.status === 'accepted')
  const tried = tasks.filter(({ task }) => task.round > 0)
  const good = accepted.filter(({ work }) => work && work.quality >= Number(terms.threshold))
  return {
    seed,
    challenges: played.length,
    done: played.filter(({ challenge }) => challenge.tasks.every(({ status }) => status === 'accepted')).length,
    tasks: tasks.length,
    accepted: accepted.length,
    good: good.length,
    goodOfAccepted: good.length / accepted.length,
    goodOfTried: good.length / tried.length,
    rows: [...world.books].map(([name, sums]) => rowOf(name, sums)).toSorted((a, b) => a.name.localeCompare(b.name)),
  }
}

function rowOf(name: string, sums: Book): Row {
  const cost = sums.spent + sums.lost
  const profit = sums.received - cost
  return { name, ...sums, profit, return: cost === 0 ? 0 : profit / cost }
}

/** The attack that pays best. */
export function bestAttack({ rows }: Report): Row | undefined {
  return rows.filter(({ name }) => name.endsWith('attack')).toSorted((a, b) => b.return - a.return)[0]
}

export function printReport(report: Report): void {
  const { seed, done, challenges, accepted, tasks, goodOfAccepted, goodOfTried } = report
  console.log(`\nSeed ${seed}: ${done} of ${challenges} challenges done, ${accepted} of ${tasks} tasks accepted.`)
  console.log(
    `Good work won ${percent(goodOfAccepted)} of the tasks accepted, ${percent(goodOfTried)} of those anybody had.`,
  )
  console.table(
    Object.fromEntries(
      report.rows.map(({ name, ...row }) => [
        name,
        {
          tasks: row.tasks,
          accepted: row.accepted,
          spent: Math.round(row.spent),
          lost: Math.round(row.lost),
          received: Math.round(row.received),
          profit: Math.round(row.profit),
          return: percent(row.return),
        },
      ]),
    ),
  )
}

export function percent(part: number): string {
  return `${(part * 100).toFixed(1)} %`
}
