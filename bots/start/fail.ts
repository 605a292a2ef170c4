import { inspect } from 'node:util'
import { UserError } from '../../core/errors.ts'
import { hideSecrets } from '../../core/log.ts'

/** Exit codes: 2 settings, 3 something outside that a person can mend, 1 a fault of ours. */
const codes: Record<string, number> = { config: 2 }

/** Says in words why AutoCo does not start, and answers with the exit code. */
export function fail(error: unknown): number {
  if (error instanceof UserError) {
    console.error(`AutoCo does not start. ${error.message}${error.hint ? `\n${error.hint}` : ''}`)
    return codes[error.code] ?? 3
  }
  console.error('AutoCo does not start, and it is our fault:')
  // The words of an error may hold the address of the RPC or the database, and keys in it.
  console.error(hideSecrets(inspect(error)))
  return 1
}
