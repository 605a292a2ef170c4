import { bestAttack, percent, printReport } from './report.ts'
import { baseSetting, daos, play, type Setting } from './simulate.ts'
import { strategies } from './strategies.ts'
import { assumptions } from './world.ts'

/** Plays 1,000 challenges among 200 DAOs and says who earned what, what each attack brought, and how far that holds. */
export function run(args: string[]): object {
  const seed = Number(args.find((arg) => arg.startsWith('--seed='))?.slice(7) ?? 4)
  const setting = baseSetting(seed)
  for (const [name, { says }] of Object.entries(strategies)) console.log(`${name.padEnd(10)} ${says}`)
  console.log('People:', assumptions)
  const { report } = play(setting)
  printReport(report)
  const limits = limitsOf(setting)
  console.log('How far it holds: fewer people who look, more DAOs that attack')
  console.table(limits)
  const growth = growthOf(setting)
  console.log('How cost grows (50 challenges each)')
  console.table(growth)
  return { report, limits, growth }
}

function limitsOf(setting: Setting): Record<string, object> {
  const rows: Record<string, object> = {}
  for (const part of [1, 0.5, 0.25, 0.1, 0.05]) {
    const { sponsorLooks, bidderLooks, peerLooks } = assumptions
    const people = {
      ...assumptions,
      sponsorLooks: sponsorLooks * part,
      bidderLooks: bidderLooks * part,
      peerLooks: peerLooks * part,
    }
    rows[`${part * 100} % of the looks`] = limitOf({ ...setting, people })
  }
  for (const part of [0.4, 0.6, 0.8]) {
    const many = Object.fromEntries(Object.entries(daos).map(([name, n]) => [name, Math.round((n * part) / 0.4)]))
    many.honest = 200 * (1 - part)
    rows[`${part * 100} % of DAOs attack`] = limitOf({ ...setting, daos: many as typeof daos })
  }
  for (const colluding of [32, 64])
    rows[`a ring of ${colluding} in one domain`] = limitOf({
      ...setting,
      daos: { ...daos, colluding, honest: 136 - colluding },
    })
  return rows
}

function limitOf(setting: Setting): object {
  const { report } = play(setting)
  const best = bestAttack(report)
  return {
    'challenges done': percent(report.done / report.challenges),
    'good work won': percent(report.goodOfTried),
    'best attack': best?.name,
    'its return': percent(best?.return ?? 0),
  }
}

function growthOf(setting: Setting): Record<string, object> {
  const rows: Record<string, object> = {}
  for (const tasks of [2, 4, 8, 16, 32])
    rows[`${tasks} tasks, 200 DAOs`] = costOf({ ...setting, tasks: [tasks, tasks] })
  for (const times of [0.5, 2, 4]) {
    const more = Object.fromEntries(Object.entries(daos).map(([name, n]) => [name, n * times])) as typeof daos
    rows[`5 tasks, ${200 * times} DAOs`] = costOf({ ...setting, tasks: [5, 5], daos: more })
  }
  return rows
}

function costOf(setting: Setting): object {
  const { played, ms } = play({ ...setting, challenges: 50 })
  const tasks = played.reduce((sum, { challenge }) => sum + challenge.tasks.length, 0)
  const transactions = played.reduce((sum, one) => sum + one.transactions, 0)
  return {
    'transactions a challenge': Math.round(transactions / played.length),
    'transactions a task': Number((transactions / tasks).toFixed(1)),
    'model, ms a task': Number((ms / tasks).toFixed(2)),
  }
}
