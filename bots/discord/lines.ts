import { createHash } from 'node:crypto'
import type { App } from '../../core/index.ts'
import { limits } from './render.ts'

const keptMs = 180 * 86_400_000
const most = 10_000

/** Command lines that are too long for a button stand in the database under a short name, the same one every time. */
export function createLines({ ctx, parse }: Pick<App, 'ctx' | 'parse'>) {
  const kv = ctx.kv('discord')
  const known = new Map<string, string>()
  let fresh: string[] = []

  const isPublic = (line: string): boolean => {
    try {
      const parsed = parse(line)
      return parsed.status === 'ready' && parsed.command.audience === 'channel'
    } catch {
      return false
    }
  }

  return {
    idOf(line: string): string {
      if (line.length > 0 && line.length <= limits.customId && !line.startsWith('~')) return line
      const id = `~${isPublic(line) ? 'c' : 'p'}${createHash('sha256').update(line).digest('base64url').slice(0, 24)}`
      if (!known.has(id)) {
        known.set(id, line)
        fresh.push(id)
      }
      return id
    },
    /** Keeps what `idOf` gave names to; before the message with the buttons goes out. */
    async keep(): Promise<void> {
      const ids = fresh
      fresh = []
      await Promise.all(ids.map((id) => kv.set(`line/${id}`, known.get(id), keptMs)))
      if (known.size > most) known.clear()
    },
    /** The line of a button; undefined for one that is too old. A short one is its own line. */
    async lineOf(id: string): Promise<string | undefined> {
      if (!id.startsWith('~')) return id
      return known.get(id) ?? ((await kv.get(`line/${id}`)) as string | undefined)
    },
  }
}
export type Lines = ReturnType<typeof createLines>
