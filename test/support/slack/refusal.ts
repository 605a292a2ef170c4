/** Slack's "no": the error code of its answer, and what goes with it. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly error: string
  readonly extra: Record<string, unknown>

  constructor(error: string, extra: Record<string, unknown> = {}) {
    const messages = (extra['response_metadata'] as { messages?: string[] } | undefined)?.messages
    super(messages ? `${error} (${messages.join('; ')})` : error)
    this.error = error
    this.extra = extra
  }

  body(): Record<string, unknown> {
    return { ok: false, error: this.error, ...this.extra }
  }
}

export function refuse(error: string, messages?: string[]): never {
  throw new Refusal(
    error,
    messages ? { response_metadata: { messages: messages.map((text) => `[ERROR] ${text}`) } } : {},
  )
}
