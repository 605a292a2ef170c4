import pg from 'pg'
import { until } from './wait.ts'
import type { Proposed } from './stage.ts'

/** A proposal as AutoCo shows it in the channel. */
export type Card = { id: string; ref: string; messageId: string }
export type Claims = { shown: number; dropped: number; label: string }
export type Records = {
  /** Waits for the card of each proposal. */
  cards(proposals: readonly Proposed[]): Promise<Card[]>
  /** Waits for the summary of each, with the discussion where there is one, and until the cards show it. */
  claims(cards: readonly Card[], discussed: ReadonlySet<string>): Promise<Claims[]>
  close(): Promise<void>
}

type Summary = { shown: number; dropped: Record<string, number>; label: string }

/** What no public path tells: which card belongs to which proposal, and how many claims a check refused. */
export function openRecords(databaseUrl: string, channel: string): Records {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 })
  const place = `playground/${channel}`
  return {
    async cards(proposals) {
      const found = new Map<string, Card>()
      await until(`the cards of ${proposals.length} proposals`, 300_000, async () => {
        const { rows } = await pool.query<Card & { onchain_id: string }>(
          `select p.id, p.ref, p.onchain_id, e.ref ->> 'id' as "messageId" from proposal p
           join effect e on e.key = 'proposal/' || p.id || '/' || $1 where e.ref is not null`,
          [place],
        )
        for (const { onchain_id: onchainId, ...card } of rows) found.set(onchainId, card)
        return proposals.every(({ onchainId }) => found.has(onchainId.toString()))
      })
      return proposals.flatMap(({ onchainId }) => found.get(onchainId.toString()) ?? [])
    },

    async claims(cards, discussed) {
      const subjects = cards.map(({ id }) => `proposal/${id}${discussed.has(id) ? `/${place}` : ''}`)
      let found = new Map<string, Summary>()
      await until(`${cards.length} summaries`, 600_000, async () => {
        const { rows } = await pool.query<{ subject: string; summary: Summary }>(
          'select subject, summary from summary where subject = any($1)',
          [subjects],
        )
        found = new Map(rows.map(({ subject, summary }) => [subject, summary]))
        return found.size === subjects.length
      })
      await until('the cards to show their summaries', 300_000, async () => {
        const { rows } = await pool.query<{ count: string }>(
          `select count(*) from effect where key = any($1) and shown_hash = wanted_hash and view::text not like '%A summary follows.%'`,
          [cards.map(({ id }) => `proposal/${id}/${place}`)],
        )
        return Number(rows[0]?.count) === cards.length
      })
      return subjects.map((subject) => {
        const { shown = 0, dropped = {}, label = '' } = found.get(subject) ?? {}
        return { shown, dropped: Object.values(dropped).reduce((sum, count) => sum + count, 0), label }
      })
    },

    close: () => pool.end(),
  }
}
