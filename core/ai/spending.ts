import { sql } from 'kysely'
import type { Db } from '../db/tables/schema.ts'

/** Counts a day's tokens, so that no number of calls at once passes the cap. */
export type Spending = {
  /** Takes the tokens if they are there. */
  reserve: (day: string, tokens: number, cap: number) => Promise<boolean>
  /** What the call really took, more or less than reserved. */
  correct: (day: string, difference: number) => Promise<void>
}

export function spendingInMemory(): Spending {
  const spent = new Map<string, number>()
  return {
    reserve(day, tokens, cap) {
      const before = spent.get(day) ?? 0
      if (before + tokens > cap) return Promise.resolve(false)
      spent.clear()
      spent.set(day, before + tokens)
      return Promise.resolve(true)
    },
    correct(day, difference) {
      spent.set(day, Math.max(0, (spent.get(day) ?? 0) + difference))
      return Promise.resolve()
    },
  }
}

/** Kept over restarts and shared by every process on the database. */
export function spendingIn(db: Db, model: string): Spending {
  return {
    async reserve(day, tokens, cap) {
      if (tokens > cap) return false
      const row = await db
        .insertInto('ai_spent')
        .values({ day, model, tokens })
        .onConflict((conflict) =>
          conflict
            .columns(['day', 'model'])
            .doUpdateSet({ tokens: sql<string>`ai_spent.tokens + excluded.tokens` })
            .where(sql<boolean>`ai_spent.tokens + excluded.tokens <= ${cap}`),
        )
        .returning('tokens')
        .executeTakeFirst()
      return row !== undefined
    },
    async correct(day, difference) {
      await db
        .updateTable('ai_spent')
        .set({ tokens: sql<string>`greatest(0, tokens + ${difference})` })
        .where('day', '=', day)
        .where('model', '=', model)
        .execute()
    },
  }
}
