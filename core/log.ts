import { randomBytes } from 'node:crypto'
import { destination, pino, type Logger } from 'pino'

const secrets = [
  'authorization',
  'cookie',
  'signature',
  'ticket',
  'token',
  'draft',
  'apiKey',
  'privateKey',
  'raw',
  'code',
  'typedData',
  'typed_data',
  'url',
  'DATABASE_URL',
  'reply',
  'initData',
  'secret',
  'RPC_URL',
  'AI_API_KEY',
]

/** JSON lines to stdout or a file; whatever is named like a secret is blanked, at the top and up to two levels down. */
export function createLogger(options: { level: string; file?: string | undefined }): Logger {
  const settings = {
    level: options.level,
    redact: { paths: secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[hidden]' },
    serializers: { error: describeError, err: describeError },
  }
  return options.file ? pino(settings, destination({ dest: options.file, mkdir: true, sync: true })) : pino(settings)
}

/** Logs a fault of ours with its cause and returns the short id that the person is shown. */
export function incident(log: Logger, error: unknown): string {
  const id = randomBytes(4).toString('hex')
  log.error({ incident: id, error }, 'incident')
  return id
}

type Described = { type: string; message: string; stack?: string; cause?: Described }

/** Errors may quote a URL with a key in it or a signature; those parts are cut. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  return {
    type: error.name,
    message: hideSecrets(error.message),
    ...(error.stack ? { stack: hideSecrets(error.stack) } : {}),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) as Described }),
  }
}

/** The words of an error without the parts of it that are nobody’s business. */
export function hideSecrets(words: string): string {
  return words
    .replaceAll(/\b(https?|postgres(?:ql)?|wss?):\/\/[^\s"'<>]+/g, (url) =>
      url.replace(/^(\w+:\/\/)(?:[^@/\s]*@)?([^/?\s]*).*$/, '$1$2/…'),
    )
    .replaceAll(/0x[0-9a-fA-F]{128,}/g, '0x…')
    .replaceAll(/\b(sk|xoxb|xapp)-[\w-]{8,}/g, '$1-…')
}
