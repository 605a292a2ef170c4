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

/** The world can mend it (an RPC, a model, a platform's 429): retried, never shown raw. `afterMs` is the wait the other side asked for. */
export class RetryableError extends Error {
  readonly afterMs: number | undefined
  constructor(message: string, options: { afterMs?: number | undefined; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.name = 'RetryableError'
    this.afterMs = options.afterMs
  }
}
