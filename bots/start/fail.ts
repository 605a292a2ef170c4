import { UserError } from '../../core/errors.ts'

/** Exit codes: 2 settings, 3 something outside that a person can mend, 1 a fault of ours. */
const codes: Record<string, number> = { config: 2 }

/** Says in words why AutoCo does not start, and answers with the exit code. */
export function fail(error: unknown): number {
  if (error instanceof UserError) {
    console.error(`AutoCo does not start. ${error.message}${error.hint ? `\n${error.hint}` : ''}`)
    return codes[error.code] ?? 3
  }
  console.error('AutoCo does not start, and it is our fault:')
  console.error(error)
  return 1
}
