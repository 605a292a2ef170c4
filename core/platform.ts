import type { App } from './app.ts'
import type { View } from './view.ts'

/** A place to talk in: a chat channel, or a private conversation (a channel too). `id` is the platform's own. */
export type Channel = { platform: string; id: string }

/** A message that was sent, in the platform's own terms; plain JSON, kept by the outbox. */
export type MessageRef = { platform: string; channel: string; id: string; thread?: string }

/** Who speaks, as the platform proved it. `workspace` is the server or team, '' where there is none. */
export type Caller = { platform: string; workspace: string; user: string; name: string; manager: boolean }

/** One thing a person did: a typed line, a pressed button or a sent form, always as a command line. */
export type Call = { caller: Caller; channel: Channel; line: string }

/**
 * The port every chat platform fills. `send` and `edit` throw `RetryableError` when the platform asks to wait,
 * `GoneError` when the channel or message no longer exists.
 */
export interface Platform {
  readonly name: string
  start(app: App): Promise<void>
  stop(): Promise<void>
  /** `key` names the message for good: a platform that can recognise a repeated send does so by it. */
  send(to: Channel, view: View, options: { key: string; under?: MessageRef | undefined }): Promise<MessageRef>
  edit(message: MessageRef, view: View): Promise<void>
}

/** The channel or the message is gone for good (deleted, blocked, permission lost): never retried. */
export class GoneError extends Error {
  readonly what: 'channel' | 'message'
  constructor(what: 'channel' | 'message', options: { cause?: unknown } = {}) {
    super(`The ${what} is gone.`, options)
    this.name = 'GoneError'
    this.what = what
  }
}
