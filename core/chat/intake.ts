import type { Context } from '../context.ts'
import { cleanJson } from '../view.ts'
import type { Happening } from './happening.ts'

export type Intake = {
  take(happening: Happening): Promise<'new' | 'seen' | 'busy'>
  /** Takes away what stands in the database although its person was told to ask again. */
  dropRefused(): Promise<void>
}

const takeMs = 1_000

type Taken = {
  happening: Happening
  /** Its person was told that nothing was taken. */
  isLate: boolean
  settle(outcome: 'new' | 'seen' | 'busy'): void
}

/**
 * Stores what comes in, and says within a second whether it is stored. Those that come while one insert is on its way go
 * together in the next: five hundred at once are a handful of inserts.
 */
export function createIntake(
  ctx: Pick<Context, 'db' | 'log' | 'now'>,
  { platform, leaseMs }: { platform: string; leaseMs: number },
): Intake {
  /** What may stand in the database after all: it must not be done as well. */
  const refused = new Set<string>()
  let waiting: Taken[] = []
  let isOnItsWay = false

  const dropRefused = async (): Promise<void> => {
    if (refused.size === 0) return
    const keys = [...refused]
    await ctx.db.deleteFrom('inbox').where('key', 'in', keys).execute()
    for (const key of keys) refused.delete(key)
  }

  const insert = async (batch: readonly Taken[]): Promise<void> => {
    const first = new Map<string, Taken>()
    for (const taken of batch)
      if (!isGivenUp(taken)) first.set(taken.happening.key, first.get(taken.happening.key) ?? taken)
    if (first.size === 0) return
    try {
      // The same may come again, and must not be taken for what was refused.
      await dropRefused()
      const rows = await ctx.db
        .insertInto('inbox')
        .values(
          [...first].map(([key, { happening }]) => ({
            key,
            platform,
            event: cleanJson(happening),
            leased_until: new Date(ctx.now() + leaseMs),
          })),
        )
        .onConflict((conflict) => conflict.column('key').doNothing())
        .returning('key')
        .execute()
      const stored = new Set(rows.map(({ key }) => key))
      for (const taken of batch) {
        const { key } = taken.happening
        const isNew = stored.has(key) && first.get(key) === taken
        if (isNew && isGivenUp(taken)) refused.add(key)
        taken.settle(isNew ? 'new' : 'seen')
      }
    } catch (error) {
      ctx.log.warn({ error, platform }, 'events could not be stored')
      for (const { happening } of batch) if (happening.type === 'call') refused.add(happening.key)
      for (const taken of batch) taken.settle('busy')
    }
  }

  const flush = async (): Promise<void> => {
    isOnItsWay = true
    for (let batch = waiting; batch.length > 0; batch = waiting) {
      waiting = []
      await insert(batch)
      await dropRefused().catch((error: unknown) => ctx.log.warn({ error, platform }, 'what was refused still stands'))
    }
    isOnItsWay = false
  }

  return {
    take: (happening) =>
      new Promise((resolve) => {
        const taken: Taken = {
          happening,
          isLate: false,
          settle(outcome) {
            clearTimeout(timer)
            resolve(outcome)
          },
        }
        const timer = setTimeout(() => {
          taken.isLate = true
          resolve('busy')
        }, takeMs)
        waiting.push(taken)
        if (!isOnItsWay) void flush()
      }),
    dropRefused,
  }
}

/** What people say is kept, however late. */
const isGivenUp = ({ isLate, happening }: Taken): boolean => isLate && happening.type === 'call'
