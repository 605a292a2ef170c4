import type { AnyCommand, Choice, Parsed } from './command.ts'
import type { Context } from './context.ts'
import type { Call, Messenger } from './platform.ts'
import type { View } from './view.ts'

/** What a platform shows: the view, and whether only the caller or the whole channel may see it. */
export type Answer = { view: View; audience: 'caller' | 'channel' }

/**
 * What AutoCo is to a platform: it parses lines, runs calls and offers completions.
 *
 * @example
 * const answer = await host.run({ caller, channel, line: 'vote ens-42 for' })
 */
export type Host = {
  ctx: Context
  commands: readonly AnyCommand[]
  /** Pure, so that a platform may decide to open a form before any I/O. Throws UserError for a line that makes no sense. */
  parse(line: string): Parsed
  /** The line that a filled form stands for. */
  formLine(command: AnyCommand, words: Record<string, string | undefined>): string
  /** Never throws: what goes wrong becomes the `problem` view. */
  run(call: Call): Promise<Answer>
  /** Values for the argument that the line ends in. */
  complete(call: Call): Promise<Choice[]>
  platform(name: string): Platform | undefined
}

/**
 * The port every chat platform fills. `send` and `edit` throw `RetryableError` when the platform asks to wait,
 * `GoneError` when the channel or message no longer exists.
 */
export interface Platform extends Messenger {
  start(host: Host): Promise<void>
  stop(): Promise<void>
}
