export type AiFault =
  | 'timeout'
  | 'rate'
  | 'quota'
  | 'auth'
  | 'server'
  | 'unsupported'
  | 'bad-answer'
  | 'refused'
  | 'filtered'
  | 'too-long'
  | 'budget'

/** Why a model gave no usable answer. Its words are ours: a server's own may quote the key or the text it was sent. */
export class AiError extends Error {
  readonly code: AiFault
  readonly afterMs: number | undefined
  constructor(code: AiFault, message: string, options: { afterMs?: number | undefined; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.name = 'AiError'
    this.code = code
    this.afterMs = options.afterMs
  }
}
