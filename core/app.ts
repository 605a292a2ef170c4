import { commands as all } from './features.ts'
import { formLine, parseLine, usage, type AnyCommand, type Choice } from './command.ts'
import type { Context } from './context.ts'
import { RetryableError, UserError } from './errors.ts'
import { findPerson } from './identity/person.ts'
import { incident } from './log.ts'
import type { Answer, Host, Platform } from './host.ts'
import type { Call } from './platform.ts'
import type { View } from './view.ts'
import { settingsOf } from './settings/settings.ts'
import { problemView } from './problem.ts'
import { inLanguage } from './words/language.ts'

/** A host, made: see `Host`. */
export type App = Host

export function createApp(ctx: Context, platforms: readonly Platform[], commands: readonly AnyCommand[] = all): App {
  const platform = (name: string): Platform | undefined => platforms.find((entry) => entry.name === name)
  const app: App = {
    ctx,
    commands,
    parse: (line) => parseLine(commands, line),
    formLine,
    async run(call) {
      try {
        return await runCall(app, call)
      } catch (error) {
        return { view: problemOf(ctx, error), audience: 'caller' }
      }
    },
    complete: (call) => completeCall(app, call),
    platform,
  }
  ctx.platform = platform
  return app
}

async function runCall({ ctx, commands }: App, call: Call): Promise<Answer> {
  const parsed = parseLine(commands, call.line)
  if (parsed.status === 'unknown') {
    throw new UserError(parsed.name ? `There is no command /${parsed.name.slice(0, 40)}.` : 'Type a command.', {
      hint: '/help',
    })
  }
  const { command } = parsed
  if (parsed.status === 'form') {
    throw new UserError(`/${command.name} needs ${parsed.missing.join(' and ')}.`, {
      hint: usage(command),
      code: 'usage',
    })
  }
  if (call.byLink && !command.byLink?.(parsed.args))
    throw new UserError(`A link asks for /${command.name}, and a link may change nothing.`, {
      hint: 'If that is what you want, type the command yourself.',
      code: 'link',
    })
  const person = await findPerson(ctx, call.caller)
  if (command.access === 'linked' && !person) {
    throw new UserError('This account is not linked to a wallet yet.', { hint: '/link', code: 'not-linked' })
  }
  if (command.access === 'manager' && !call.caller.manager) {
    throw new UserError(
      `Only people who may manage this ${call.caller.workspace ? 'server' : 'channel'} can use /${command.name}.`,
      {
        hint: 'Ask someone who can.',
        code: 'not-manager',
      },
    )
  }
  const view = await command.run(ctx, { caller: call.caller, channel: call.channel, person, args: parsed.args })
  const place = await settingsOf(ctx, { channel: call.channel })
  return { view: inLanguage(view, place), audience: command.audience }
}

async function completeCall({ ctx, commands }: App, call: Call): Promise<Choice[]> {
  const match = /^\s*\/?(\S*)(\s[\s\S]*)?$/.exec(call.line)
  const name = (match?.[1] ?? '').toLowerCase()
  const rest = match?.[2]
  if (rest === undefined) {
    return commands
      .filter((command) => command.name.startsWith(name))
      .map((command) => ({ value: command.name, label: command.description }))
  }
  const command = commands.find((entry) => entry.name === name)
  if (!command) return []
  const words = rest.trimStart().split(/\s+/)
  const spec = Object.values(command.args)[words.length - 1]
  if (!spec?.complete) return []
  return (await spec.complete(ctx, words.at(-1) ?? '')).slice(0, 25)
}

function problemOf(ctx: Context, error: unknown): View {
  if (error instanceof UserError) return problemView({ message: error.message, hint: error.hint })
  if (error instanceof RetryableError) {
    const id = incident(ctx.log, error)
    return problemView({
      message: 'Something AutoCo depends on does not answer right now.',
      hint: 'Try again in a minute.',
      incident: id,
    })
  }
  return problemView({ message: 'That went wrong, and it is our fault.', incident: incident(ctx.log, error) })
}
