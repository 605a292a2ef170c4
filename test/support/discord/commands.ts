import { invalidForm } from './refusal.ts'
import type { Json } from './json.ts'
import type { State } from './state.ts'

const name = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u

/** The commands of an application: what `PUT …/commands` may hold, and what it created today. */
export class Commands {
  readonly #state: State
  readonly #scopes = new Map<string, Json[]>()
  readonly #created = new Map<string, number>()

  constructor(state: State) {
    this.#state = state
  }

  put(scope: string, wanted: Json[]): Json[] {
    for (const [index, command] of wanted.entries()) check(String(index), command)
    const before = this.#scopes.get(scope) ?? []
    const fresh = wanted.filter((one) => !before.some((old) => old.name === one.name)).length
    const created = (this.#created.get(scope) ?? 0) + fresh
    if (created > 200)
      throw invalidForm(
        'commands',
        'APPLICATION_COMMANDS_DAILY_LIMIT',
        'Max number of daily application command creates has been reached (200)',
      )
    this.#created.set(scope, created)
    const kept = wanted.map((one) => ({
      ...one,
      type: one.type ?? 1,
      id: before.find((old) => old.name === one.name)?.id ?? this.#state.id(),
      application_id: this.#state.application,
      version: this.#state.id(),
      default_member_permissions: one.default_member_permissions ?? null,
      nsfw: false,
    }))
    this.#scopes.set(scope, kept)
    return kept
  }

  in(scope: string): Json[] {
    return this.#scopes.get(scope) ?? []
  }

  find(guild: string | undefined, wanted: string): Json {
    const found = [...this.in(guild ?? ''), ...this.in('')].find((one) => one.name === wanted)
    if (!found) throw new Error(`no command /${wanted} is registered`)
    return found
  }
}

function check(at: string, command: Json): void {
  if ((command.type ?? 1) === 1) {
    if (!name.test(command.name) || command.name !== command.name.toLowerCase())
      throw invalidForm(`${at}.name`, 'APPLICATION_COMMAND_INVALID_NAME', 'Command name is invalid')
    described(at, command)
  }
  if (weight(command) > 8000)
    throw invalidForm(at, 'APPLICATION_COMMAND_TOO_LARGE', 'Command exceeds maximum size (8000)')
  options(at, command.options ?? [])
}

function options(at: string, list: Json[]): void {
  if (list.length > 25) throw invalidForm(`${at}.options`, 'BASE_TYPE_MAX_LENGTH', 'Must be 25 or fewer in length.')
  let optional = false
  for (const [index, option] of list.entries()) {
    const here = `${at}.options.${index}`
    if (!name.test(option.name) || option.name !== option.name.toLowerCase())
      throw invalidForm(`${here}.name`, 'APPLICATION_COMMAND_INVALID_NAME', 'Option name is invalid')
    described(here, option)
    if (option.required && optional)
      throw invalidForm(
        here,
        'APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID',
        'Required options must be placed before non-required options',
      )
    optional ||= !option.required
    if ((option.choices ?? []).length > 25)
      throw invalidForm(`${here}.choices`, 'BASE_TYPE_MAX_LENGTH', 'Must be 25 or fewer in length.')
    options(here, option.options ?? [])
  }
}

function described(at: string, one: Json): void {
  const length = one.description?.length ?? 0
  if (length < 1 || length > 100)
    throw invalidForm(`${at}.description`, 'BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 100 in length.')
}

function weight(one: Json): number {
  const choices: Json[] = one.choices ?? []
  const inner: Json[] = one.options ?? []
  const own = [one.name, one.description, ...choices.flatMap((each) => [each.name, String(each.value)])]
  return own.reduce((sum, text) => sum + (text?.length ?? 0), 0) + inner.reduce((sum, each) => sum + weight(each), 0)
}
