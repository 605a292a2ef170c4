/** One thing that was looked at. `bad` keeps AutoCo from working, `note` is worth knowing. */
export type Finding = { state: 'ok' | 'note' | 'bad'; what: string; found: string; todo?: string | undefined }

export const ok = (what: string, found: string): Finding => ({ state: 'ok', what, found })
export const note = (what: string, found: string, todo?: string): Finding => ({ state: 'note', what, found, todo })
export const bad = (what: string, found: string, todo: string): Finding => ({ state: 'bad', what, found, todo })

/** What a fetch or a driver says when it fails, without addresses or keys in it. */
export function reason(error: unknown): string {
  if (!(error instanceof Error)) return 'it failed'
  if (error.name === 'TimeoutError') return 'no answer in time'
  const { code } = error as { code?: unknown }
  if (typeof code === 'string') return code
  return error.cause instanceof Error ? reason(error.cause) : error.name
}
