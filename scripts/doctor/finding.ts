/** One thing that was looked at. `bad` keeps AutoCo from working, `note` is worth knowing. */
export type Finding = { state: 'ok' | 'note' | 'bad'; what: string; found: string; todo?: string | undefined }

export const ok = (what: string, found: string): Finding => ({ state: 'ok', what, found })
export const note = (what: string, found: string, todo?: string): Finding => ({ state: 'note', what, found, todo })
export const bad = (what: string, found: string, todo: string): Finding => ({ state: 'bad', what, found, todo })

/** What a fetch or a driver says when it fails, without addresses or keys in it. */
export function reason(error: unknown): string {
  const cause = (error as { cause?: { code?: string } }).cause
  const code = (error as { code?: string }).code ?? cause?.code
  if (error instanceof Error && error.name === 'TimeoutError') return 'no answer in time'
  return code ?? (error instanceof Error ? error.name : 'it failed')
}
