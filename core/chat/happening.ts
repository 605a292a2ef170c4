import type { Answer } from '../host.ts'
import type { Call, MessageRef } from '../platform.ts'
import type { Said } from './hear.ts'

/**
 * Something that a platform told us, under the platform's own name for it, so that a second telling is recognised.
 * `reply` is plain JSON: with it the platform can still answer after a restart.
 */
export type Happening = { key: string } & (
  | {
      type: 'call'
      call: Call
      reply: unknown
      /** What the command has said, where only the telling of it is left. */
      said?: Answer
    }
  | { type: 'said'; said: Said }
  | { type: 'forgot'; message: Heard }
  | { type: 'other'; data: unknown }
)
type Heard = Pick<MessageRef, 'platform' | 'channel' | 'id'>
export type CallHappening = Extract<Happening, { type: 'call' }>
