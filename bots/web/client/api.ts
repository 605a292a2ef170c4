/** What the server refuses, with the words it said. */
export class ApiError extends Error {
  readonly code: string
  readonly hint: string | undefined
  constructor({ code, message, hint }: { code: string; message: string; hint?: string }) {
    super(message)
    this.code = code
    this.hint = hint
  }
}

export async function get<T>(path: string, query: Record<string, string | undefined> = {}): Promise<T> {
  const known = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const search = new URLSearchParams(known).toString()
  return await read<T>(await reach(() => fetch(search ? `${path}?${search}` : path)))
}

export async function post<T>(path: string, data: unknown = {}): Promise<T> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(data) }
  return await read<T>(await reach(() => fetch(path, init)))
}

/** On a page a command line is nothing to type, so it says where to. */
export const wordsOf = (error: unknown): string => {
  if (error instanceof ApiError) {
    const hint = error.hint?.startsWith('/') ? `In your chat, type ${error.hint}` : error.hint
    return [error.message, hint].filter(Boolean).join(' ')
  }
  return error instanceof Error ? error.message : 'Something went wrong.'
}

async function reach(call: () => Promise<Response>): Promise<Response> {
  try {
    return await call()
  } catch {
    throw new ApiError({
      code: 'offline',
      message: 'AutoCo does not answer.',
      hint: 'Is it still running? Try again in a moment.',
    })
  }
}

async function read<T>(response: Response): Promise<T> {
  const data = (await response.json().catch(() => ({}))) as T & {
    error?: { code: string; message: string; hint?: string }
  }
  if (!response.ok)
    throw new ApiError(data.error ?? { code: 'fault', message: `The server answered ${response.status}.` })
  return data
}
