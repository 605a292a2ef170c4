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
  const known = new Map<string, Parked>()
  let fresh: string[] = []
  const park = (parked: Parked): string => {
    const id = `p-${createHash('sha256').update(JSON.stringify(parked)).digest('base64url').slice(0, 22)}`
    if (!known.has(id)) {
      known.set(id, parked)
      fresh.push(id)
    }
    return id
  }
  const find = async (id: string): Promise<Parked | undefined> =>
    known.get(id) ?? ((await kv.get(id)) as Parked | undefined)
  return {
    dataOf: (line: string): string =>
      Buffer.byteLength(line) <= limits.data && !line.startsWith('p-') ? line : park({ line }),
    /** For `t.me/<bot>?start=…`: blanks are `_`. With the place where it was asked, a name for both. */
    startOf(line: string, place?: string): string {
      const isPlain = /^[A-Za-z0-9 -]+$/.test(line) && line.length <= startLength && !line.startsWith('p-')
      return isPlain && place === undefined ? line.replaceAll(' ', '_') : park({ line, place })
    },
    /** Keeps what was parked; before the message goes out that carries it. */
    async keep(): Promise<void> {
      const ids = fresh
      fresh = []
      try {
        await Promise.all(ids.map((id) => kv.set(id, known.get(id), keptMs)))
      } catch (error) {
        fresh.push(...ids)
        throw error
      }
      if (known.size > most) known.clear()
    },
    /** The line of a button, without asking the database. */
    knownLine: (data: string): string | undefined => (isName(data) ? known.get(data)?.line : data),
    /** The line of a button; undefined for one that is too old. */
    lineOf: async (data: string): Promise<string | undefined> => (isName(data) ? (await find(data))?.line : data),
    /** What a link's start parameter asks for. */
    async startOfLink(payload: string): Promise<Parked> {
      if (isName(payload)) return (await find(payload)) ?? { line: 'home' }
      return { line: payload.replaceAll('_', ' ').trim() || 'home' }
    },
  }
}
type Parked = { line: string; place?: string | undefined }
const isName = (data: string): boolean => /^p-[\w-]{22}$/.test(data)
export type Lines = ReturnType<typeof createLines>
