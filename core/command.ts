import type { Context } from './context.ts'
import { UserError } from './errors.ts'
import type { AccountRow, WalletRow } from './db/tables/identity.ts'
import type { Caller, Channel } from './platform.ts'
import type { View } from './view.ts'

export type Choice = { value: string; label: string }

/**
 * One argument of a command. `parse` is pure; `complete` offers values and may look things up.
 * A `rest` argument takes the remainder of the line and must be the last.
 */
export type Arg<T> = {
  description: string
  required: boolean
  /** Needed as soon as this other argument is there, so that a form asks for it. */
  requiredWith?: string
  rest: boolean
  choices?: readonly Choice[]
  /** How a form asks for it: several of the choices at once, or one of the server's roles. */
  kind?: 'several' | 'role'
  parse(word: string): T
  complete?(ctx: Context, prefix: string): Promise<Choice[]>
}

/** Someone known by what they proved: chat accounts and wallets (EIP-55 addresses). It carries no authority; every vote is its own signature. */
export type Person = { id: string; accounts: AccountRow[]; wallets: WalletRow[] }

type Args = Record<string, Arg<unknown>>
type Values<A extends Args> = { [K in keyof A]: A[K] extends Arg<infer T> ? T : never }

export type CommandCall<V> = { caller: Caller; channel: Channel; person: Person | undefined; args: V }

/**
 * A command is what a person can ask for, on any platform: one file in the `commands/` of its feature, one word in its `feature.ts`.
 * `audience` says who sees the answer, `access` who may ask.
 */
export type Command<A extends Args = Args> = {
  name: string
  description: string
  args: A
  audience: 'caller' | 'channel'
  access: 'anyone' | 'linked' | 'manager'
  /** True where it only shows something, or opens a page on which its person decides: a link may ask for that, and for nothing else. */
  byLink?(args: Values<A>): boolean
  run(ctx: Context, call: CommandCall<Values<A>>): Promise<View>
}

/** A command of any arguments, as the registry holds it. */
// `any` because a registry holds commands whose arguments differ; parse() gives each its own values.
export type AnyCommand = Omit<Command, 'run' | 'args' | 'byLink'> & {
  args: Args
  byLink?(args: any): boolean
  run(ctx: Context, call: CommandCall<any>): Promise<View>
}

export const defineCommand = <A extends Args>(command: Command<A>): Command<A> => command

const optional = <T>(inner: Arg<T>): Arg<T | undefined> => ({ ...inner, required: false })

/** Plain arguments; those that look things up (`proposal`, `dao`) are in `commands/args.ts`. */
export const arg = {
  word: (description: string): Arg<string> => ({ description, required: true, rest: false, parse: (word) => word }),
  text: (description: string): Arg<string> => ({ description, required: true, rest: true, parse: (word) => word }),
  choice: (description: string, choices: readonly Choice[]): Arg<string> => ({
    description,
    required: true,
    rest: false,
    choices,
    parse(word) {
      const wanted = word.toLowerCase()
      const found = choices.find(
        (choice) => choice.value.toLowerCase() === wanted || choice.label.toLowerCase() === wanted,
      )
      if (!found) {
        const known = choices.map((choice) => choice.value).join(', ')
        throw new UserError(`“${word.slice(0, 40)}” is not ${choices.length === 1 ? known : `one of ${known}`}.`)
      }
      return found.value
    },
    complete: async (_ctx, prefix) => choices.filter((choice) => choice.value.startsWith(prefix.toLowerCase())),
  }),
  optional,
}

export type Parsed =
  | { status: 'ready'; command: AnyCommand; args: Record<string, unknown> }
  | { status: 'form'; command: AnyCommand; words: Record<string, string>; missing: string[] }
  | { status: 'unknown'; name: string }

/** A line is words; `"two words"` is one; a `rest` argument keeps the line's remainder as it was typed. */
export function parseLine(commands: readonly AnyCommand[], line: string): Parsed {
  const { command, name, rest } = findCommand(commands, line)
  if (!command) return { status: 'unknown', name }
  const words: Record<string, string> = {}
  let left = rest
  for (const [key, spec] of Object.entries(command.args)) {
    const [word, after] = spec.rest ? [left.trim(), ''] : takeWord(left)
    if (word === '') break
    words[key] = word
    left = after
  }
  if (left.trim() !== '')
    throw new UserError(`I do not know what to do with “${left.trim().slice(0, 80)}”.`, {
      hint: usage(command),
      code: 'usage',
    })
  const missing = Object.entries(command.args).flatMap(([key, spec]) =>
    words[key] === undefined && (spec.required || words[spec.requiredWith ?? ''] !== undefined) ? [key] : [],
  )
  if (missing.length > 0) return { status: 'form', command, words, missing }
  const args = Object.fromEntries(
    Object.entries(command.args).map(([key, spec]) => [
      key,
      words[key] === undefined ? undefined : spec.parse(words[key]),
    ]),
  )
  return { status: 'ready', command, args }
}

/** The line that a filled form stands for: the inverse of `parseLine`. */
export function formLine(command: AnyCommand, words: Record<string, string | undefined>): string {
  const parts = Object.entries(command.args).flatMap(([key, spec]) => {
    const word = words[key]?.trim()
    if (!word) return []
    return [spec.rest || !/[\s"]/.test(word) ? word : `"${word.replaceAll('"', '')}"`]
  })
  return [command.name, ...parts].join(' ')
}

/** `/vote <proposal> <choice> [reason]` */
export function usage(command: Pick<AnyCommand, 'name' | 'args'>): string {
  const parts = Object.entries(command.args).map(([key, spec]) => (spec.required ? `<${key}>` : `[${key}]`))
  return ['/' + command.name, ...parts].join(' ')
}

/** `audit-log` may be typed as two words or with the `_` that some platforms write. The longest name wins. */
function findCommand(
  commands: readonly AnyCommand[],
  line: string,
): { command: AnyCommand | undefined; name: string; rest: string } {
  const one = splitName(line)
  const [second, rest] = takeWord(one.rest)
  const byName = (name: string) => commands.find((entry) => entry.name === name.replaceAll('_', '-'))
  const two = second === '' ? undefined : byName(`${one.name}-${second.toLowerCase()}`)
  return two ? { command: two, name: two.name, rest } : { ...one, command: byName(one.name) }
}

function splitName(line: string): { name: string; rest: string } {
  const match = /^\s*\/?([^\s]*)([\s\S]*)$/.exec(line)
  return { name: (match?.[1] ?? '').toLowerCase(), rest: match?.[2] ?? '' }
}

function takeWord(line: string): [word: string, after: string] {
  const match = /^\s*(?:"([^"]*)"|(\S+))([\s\S]*)$/.exec(line)
  return match ? [match[1] ?? match[2] ?? '', match[3] ?? ''] : ['', '']
}
