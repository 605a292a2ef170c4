import { createHash } from 'node:crypto'
import type { Context } from '../../core/index.ts'
import { limits } from './render.ts'

const keptMs = 180 * 86_400_000
const most = 10_000
const startLength = 64

/**
 * Command lines as Telegram carries them: 64 bytes behind a button, 64 plain characters in a link. What is longer stands in
 * the database under a short name, the same one every time.
 */
export function createLines(ctx: Pick<Context, 'kv'>) {
  const kv = ctx.kv('telegram-lines')
  const known = new Map<string, string>()
  let fresh: string[] = []
  const park = (line: string): string => {
    const id = `p-${createHash('sha256').update(line).digest('base64url').slice(0, 22)}`
    if (!known.has(id)) {
      known.set(id, line)
      fresh.push(id)
    }
    return id
  }
  const lineOf = async (data: string): Promise<string | undefined> => {
    if (!/^p-[\w-]{22}$/.test(data)) return data
    return known.get(data) ?? ((await kv.get(data)) as string | undefined)
  }
  return {
    dataOf: (line: string): string =>
      Buffer.byteLength(line) <= limits.data && !line.startsWith('p-') ? line : park(line),
    /** For `t.me/<bot>?start=…`: blanks are `_`. */
    startOf(line: string): string {
      const isPlain = /^[A-Za-z0-9 -]+$/.test(line) && line.length <= startLength && !line.startsWith('p-')
      return isPlain ? line.replaceAll(' ', '_') : park(line)
    },
    /** Keeps what was parked; before the message goes out that carries it. */
    async keep(): Promise<void> {
      const ids = fresh
      fresh = []
      await Promise.all(ids.map((id) => kv.set(id, known.get(id), keptMs)))
      if (known.size > most) known.clear()
    },
    /** The line of a button; undefined for one that is too old. */
    lineOf,
    /** The line of a link's start parameter. */
    async startLine(payload: string): Promise<string> {
      if (/^p-[\w-]{22}$/.test(payload)) return (await lineOf(payload)) ?? 'home'
      return payload.replaceAll('_', ' ').trim() || 'home'
    },
  }
}
export type Lines = ReturnType<typeof createLines>
