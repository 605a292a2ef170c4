import { cleanText } from '../clean.ts'
import { UserError } from '../errors.ts'
import type { Token } from '../chain/token.ts'
import { readSpan } from '../duration.ts'
import { readAmount } from './amounts.ts'
import { setOf, type TaskSpec } from './story.ts'

/** What a plan was typed for. */
export type PlanGround = {
  requirements: readonly string[]
  domains: readonly { id: string; name: string }[]
  unit: Token
}

/** `faults` in words, each naming its task; none when the plan can be proposed. */
export type ReadPlan = { summary: string; tasks: TaskSpec[]; faults: string[] }

export const planExample = 'Write the text | writing | 40% | covers 1 | accept: 2,000 words, no error | 14d | stake 100'

const mostTasks = 32
const mostTitle = 200
const whole = 10_000
const hour = 3_600
const longest = 180 * 86_400

/** As it was typed: which tasks it needs and what it covers are numbers from 1, or all. */
type Line = Omit<TaskSpec, 'dependencies' | 'covers'> & {
  needs: number[] | 'all'
  covered: number[] | 'all'
  faults: string[]
}

/**
 * Reads a plan that a person typed: one line a task, its parts between bars, in any order after the title. Lines without
 * a bar are its summary. The last task puts the others together, so it needs all of them unless it says so itself.
 */
export function readPlan(typed: string, ground: PlanGround): ReadPlan {
  const lines = typed.split('\n').map((line) => cleanText(line).trim())
  const summary = lines
    .filter((line) => line !== '' && !line.includes('|'))
    .join('\n')
    .slice(0, 1_000)
  const read = lines
    .filter((line) => line.includes('|'))
    .slice(0, mostTasks + 1)
    .map((line, at, all) => readLine(line, { ground, isLast: at === all.length - 1 }))
  const tasks = read.map(({ title, acceptance, domain, weight, workTime, minStake, needs, covered }, at) => ({
    title,
    acceptance,
    domain,
    weight,
    workTime,
    minStake,
    dependencies: setOf(
      needs === 'all' ? Array.from({ length: at }, (_, each) => each) : needs.map((each) => each - 1).filter(isBit),
    ),
    covers: setOf(
      covered === 'all' ? ground.requirements.map((_, each) => each) : covered.map((each) => each - 1).filter(isBit),
    ),
  }))
  return { summary, tasks, faults: faultsOf(read, tasks, ground) }
}

const isBit = (bit: number): boolean => bit >= 0 && bit < 32

type Part = { pattern: RegExp; take: (line: Line, match: RegExpExecArray, ground: PlanGround) => void }

const parts: Part[] = [
  {
    pattern: /^(\d{1,3}(?:\.\d{1,2})?)\s*%$/,
    take: (line, [, percent]) => {
      line.weight = Math.round(Number(percent) * 100)
    },
  },
  {
    pattern: /^(?:needs?|after)\b:?\s*(.*)$/i,
    take: (line, [, words = '']) => {
      line.needs = numbersIn(line, words, 'needs')
    },
  },
  {
    pattern: /^covers?\b:?\s*(.*)$/i,
    take: (line, [, words = '']) => {
      line.covered = numbersIn(line, words, 'covers')
    },
  },
  {
    pattern: /^accept(?:ance|ed)?(?: when| if)?\b:?\s*(.+)$/i,
    take: (line, [, words = '']) => {
      line.acceptance = words.slice(0, 1_000)
    },
  },
  {
    pattern: /^stake\b:?\s*(.+)$/i,
    take: (line, [, words = ''], { unit }) => {
      try {
        line.minStake = readAmount(words, unit).toString()
      } catch (error) {
        if (!(error instanceof UserError)) throw error
        line.faults.push(error.message.replace(/\.$/, ''))
      }
    },
  },
]

function readLine(typed: string, { ground, isLast }: { ground: PlanGround; isLast: boolean }): Line {
  const [title = '', ...rest] = typed.split('|').map((part) => part.trim())
  const line: Line = {
    title: title.replace(/^(?:\d{1,2}[.)]|[-*•])\s+/, ''),
    acceptance: '',
    domain: '',
    weight: 0,
    workTime: 0,
    minStake: '0',
    needs: isLast ? 'all' : [],
    covered: [],
    faults: [],
  }
  for (const part of rest.filter(Boolean)) readPart(line, part, ground)
  if (line.title === '') line.faults.push('it has no title')
  if (line.title.length > mostTitle) line.faults.push(`its title is longer than ${mostTitle} characters`)
  if (line.domain === '') line.faults.push(`it names no domain (${domainNames(ground)})`)
  if (line.weight === 0) line.faults.push('it names no share of the money, such as 40%')
  if (line.acceptance === '') line.faults.push('it does not say when it counts as done (accept: …)')
  if (line.workTime === 0) line.faults.push('it names no time to work, such as 14d')
  else if (line.workTime < hour || line.workTime > longest) line.faults.push('its time to work must be from 1h to 180d')
  return line
}

function readPart(line: Line, part: string, ground: PlanGround): void {
  for (const { pattern, take } of parts) {
    const match = pattern.exec(part)
    if (match) return take(line, match, ground)
  }
  const span = readSpan(part)
  const domain = ground.domains.find(({ name }) => name === part.toLowerCase().replaceAll(' ', '-'))
  if (span !== undefined) line.workTime = span
  else if (domain) line.domain = domain.id
  else {
    line.faults.push(`“${part.slice(0, 40)}” is no domain (${domainNames(ground)}), nor anything else that a task has`)
    // One fault is enough for it.
    line.domain ||= '?'
  }
}

const domainNames = ({ domains }: PlanGround): string =>
  domains
    .slice(0, 12)
    .map(({ name }) => name)
    .join(', ')

function numbersIn(line: Line, words: string, what: string): number[] | 'all' {
  if (/^all\b/i.test(words)) return 'all'
  if (/^(none|nothing)?$/i.test(words)) return []
  const tokens = words.split(/[\s,&]+|\band\b/).filter(Boolean)
  const numbers = tokens.flatMap((token) => {
    const match = /^(\d{1,2})(?:-(\d{1,2}))?$/.exec(token)
    if (!match) return [Number.NaN]
    const [from, to] = [Number(match[1]), Number(match[2] ?? match[1])]
    return Array.from({ length: Math.max(1, to - from + 1) }, (_, at) => from + at)
  })
  if (!numbers.some(Number.isNaN)) return numbers
  line.faults.push(`“${what} ${words.slice(0, 40)}” are no numbers such as 1,2`)
  return []
}

function faultsOf(lines: readonly Line[], tasks: readonly TaskSpec[], ground: PlanGround): string[] {
  const faults = lines.flatMap((line, at) => line.faults.map((fault) => `Task ${at + 1}: ${fault}.`))
  if (tasks.length < 2) faults.push('A plan has at least two tasks: the work, and putting it together.')
  if (tasks.length > mostTasks) faults.push(`A plan has at most ${mostTasks} tasks.`)
  return [...faults, ...needFaults(lines), ...weightFaults(tasks), ...coverFaults(lines, ground)]
}

function needFaults(lines: readonly Line[]): string[] {
  const needs = lines.map(({ needs }, at) =>
    needs === 'all' ? Array.from({ length: at }, (_, each) => each + 1) : needs,
  )
  const circle = circleIn(needs)
  const faults = circle ? [`Tasks ${circle.join(' → ')} need one another in a circle.`] : []
  for (const [at, wanted] of needs.entries())
    for (const each of wanted) {
      if (each < 1 || each > lines.length) faults.push(`Task ${at + 1} needs task ${each}, and there is no such task.`)
      else if (each === at + 1 && !circle) faults.push(`Task ${at + 1} needs itself.`)
      else if (each > at + 1 && !circle)
        faults.push(`Task ${at + 1} needs task ${each}, which comes after it: put task ${each} first.`)
    }
  const last = needs.at(-1) ?? []
  const missing = lines.slice(0, -1).flatMap((_, at) => (last.includes(at + 1) ? [] : [at + 1]))
  if (lines.length > 1 && missing.length > 0)
    faults.push(`The last task puts the others together, so it needs all of them; it lacks ${missing.join(', ')}.`)
  return faults
}

/** The first way from a task back to itself, as numbers. */
function circleIn(needs: readonly (readonly number[])[]): number[] | undefined {
  const done = new Set<number>()
  const follow = (task: number, way: readonly number[]): number[] | undefined => {
    const start = way.indexOf(task)
    if (start >= 0) return way.length - start > 1 ? [...way.slice(start), task] : undefined
    if (done.has(task)) return undefined
    for (const next of needs[task - 1] ?? []) {
      const found = follow(next, [...way, task])
      if (found) return found
    }
    done.add(task)
    return undefined
  }
  for (const at of needs.keys()) {
    const found = follow(at + 1, [])
    if (found) return found
  }
  return undefined
}

function weightFaults(tasks: readonly TaskSpec[]): string[] {
  const sum = tasks.reduce((total, { weight }) => total + weight, 0)
  if (sum === whole || tasks.length === 0) return []
  const off = Math.abs(whole - sum) / 100
  return [`The shares sum to ${sum / 100} %, not to 100 %: ${off} % ${sum < whole ? 'is missing' : 'too much'}.`]
}

function coverFaults(lines: readonly Line[], { requirements }: PlanGround): string[] {
  if (lines.some(({ covered }) => covered === 'all')) return []
  const covered = new Set(lines.flatMap((line) => (line.covered === 'all' ? [] : line.covered)))
  const unknown = [...covered].filter((each) => each < 1 || each > requirements.length)
  return [
    ...requirements.flatMap((words, at) =>
      covered.has(at + 1) ? [] : [`No task covers requirement ${at + 1} (“${words.slice(0, 60)}”).`],
    ),
    ...unknown.map((each) => `There is no requirement ${each}.`),
  ]
}
