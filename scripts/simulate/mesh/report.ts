import { terms } from '../../../core/mesh/terms.ts'
import type { Played } from './play.ts'
import { strategies, type StrategyName } from './strategies.ts'
import type { World } from './world.ts'

export type Row = {
  strategy: string
  daos: number
  won: number
  accepted: number
  received: number
  spent: number
  lost: number
  profit: number
  /** Of what was spent and lost. */
  return: number
}

export type Report = {
  seed: number
  challenges: number
  done: number
  tasks: number
  /** Tasks in the end accepted, and of these the ones whose work was good. */
  accepted: number
  good: number
  goodWins: number
  rows: Row[]
}

export function reportOf(world: World, played: readonly Played[], seed: number): Report {
  const tasks = played.flatMap(({ challenge, work }) => challenge.tasks.map((task, i) => ({ task, work: work[i] })))
  const accepted = tasks.filter(({ task }) => task.status === 'accepted')
  const good = accepted.filter(({ work }) => work && !work.isAttack && work.quality >= Number(terms.threshold))
  const names = [...world.books.keys()].toSorted()
  return {
    seed,
    challenges: played.length,
    done: played.filter(({ challenge }) => challenge.tasks.every(({ status }) => status === 'accepted')).length,
    tasks: tasks.length,
    accepted: accepted.length,
    good: good.length,
    goodWins: good.length / accepted.length,
    rows: names.map((name) => rowOf(world, played, name)),
  }
}

function rowOf(world: World, played: readonly Played[], name: string): Row {
  const { spent = 0, received = 0, lost = 0 } = world.books.get(name) ?? {}
  const strategy = name.split(' ')[0] as StrategyName
  const isAttack = name.endsWith('attack')
  const works = played.flatMap(({ work }) => work).filter((w) => w?.author.strategy === strategy && w.isAttack === isAttack)
  const profit = received - spent - lost
  return {
    strategy: name,
    daos: strategy in strategies ? world.agents.filter((agent) => agent.strategy === strategy).length : 0,
    won: 0,
    accepted: works.length,
    received,
    spent,
    lost,
    profit,
    return: profit / (spent + lost || 1),
  }
}

export function printReport(report: Report): void {
  console.log(`seed ${report.seed}: ${report.done} of ${report.challenges} challenges done, ${report.accepted} of ${report.tasks} tasks accepted`)
  console.log(`good work won ${(report.goodWins * 100).toFixed(1)} % of accepted tasks`)
  console.table(
    report.rows.map((row) => ({
      ...row,
      received: Math.round(row.received),
      spent: Math.round(row.spent),
      lost: Math.round(row.lost),
      profit: Math.round(row.profit),
      return: `${(row.return * 100).toFixed(1)} %`,
    })),
  )
}
