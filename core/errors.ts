/** The person can mend it: shown as it is, never retried. `hint` says what to do next, often a command line to type. */
export class UserError extends Error {
  readonly hint: string | undefined
  readonly code: string
  constructor(message: string, options: { hint?: string; code?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.name = 'UserError'
    this.hint = options.hint
    this.code = options.code ?? 'refused'
  }
}

/**
 * The world can mend it (an RPC, a model, a platform's 429): retried, never shown raw. `afterMs` is the wait the other side
 * asked for; `maybeDone` says that the request may have had its effect although no answer came (a broken connection).
 */
export class RetryableError extends Error {
  readonly afterMs: number | undefined
  readonly maybeDone: boolean
  constructor(message: string, options: { afterMs?: number | undefined; maybeDone?: boolean; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.name = 'RetryableError'
    this.afterMs = options.afterMs
    this.maybeDone = options.maybeDone ?? false
  }
}
