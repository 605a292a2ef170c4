import { showCards, type Card } from '../chat/outbox.ts'
import type { Context, Trx } from '../context.ts'
import { tokenOf } from '../chain/token.ts'
import { nomicById } from '../nomic/contracts.ts'
import { announcePoll } from '../polls/jobs.ts'
import { readPoll, type PollRecord } from '../polls/record.ts'
import { quietUntil } from '../settings/quiet.ts'
import { settingsOfAll } from '../settings/settings.ts'
import { pollCard, pollResult } from '../views/poll.ts'
import { defineJob } from '../job.ts'

const newsMs = 86_400_000

/** Draws the card of a poll wherever its DAO is heard of, and says once what it came to. */
export const announcePollJob = defineJob({
  ...announcePoll,
  retry: { limit: 20, delayMs: 1_000, backoff: true },
  concurrency: 2,
  expireSeconds: 60,
  async run(ctx: Context, { pollId }) {
    const known = await ctx.db.selectFrom('poll').select('dao_id').where('id', '=', pollId).executeTakeFirst()
    if (!known) return
    const token = await tokenOf(ctx, await nomicById(ctx.db, known.dao_id))
    await ctx.db.transaction().execute(async (trx) => {
      // One after the other: what is read here is newer than what any earlier run has shown.
      const poll = await trx
        .selectFrom('poll')
        .selectAll()
        .where('id', '=', pollId)
        .forUpdate()
        .executeTakeFirstOrThrow()
      const heldMs = await show(ctx, trx, await readPoll(trx, { poll, token }))
      // In quiet hours nothing new is said; they end by the clock, not by an event.
      if (heldMs !== undefined) await ctx.queue.send(trx, announcePoll, { pollId }, { key: pollId, afterMs: heldMs })
    })
  },
})

async function show(ctx: Context, trx: Trx, record: PollRecord): Promise<number | undefined> {
  const { poll } = record
  const channels = await trx
    .selectFrom('subscription')
    .select(['platform', 'channel as id', 'created_at'])
    .where('dao_id', '=', poll.dao_id)
    .orderBy('created_at')
    .execute()
  const rows = await trx.selectFrom('effect').select('key').where('key', 'like', `poll/${poll.id}/%`).execute()
  const shown = new Set(rows.map(({ key }) => key))
  const settings = await settingsOfAll({ db: trx }, { channels, daoId: poll.dao_id })
  const now = ctx.now()
  const isStanding = !poll.orphaned_at && poll.state !== 'withdrawn'
  const isResult = isStanding && poll.closed_at !== null && now - poll.closed_at.getTime() < newsMs
  const cards: Card[] = []
  let until: number | undefined
  for (const channel of channels) {
    const { platform, id, created_at } = channel
    const wanted = settings(channel)
    const quiet = quietUntil(wanted, now)
    const card = `poll/${poll.id}/${platform}/${id}`
    // One that is over before the channel heard of the DAO is known, not told.
    const isNew = isStanding && !poll.is_history && poll.created_at >= created_at
    const isOpen = isStanding && (poll.state === 'open' || poll.state === 'upcoming')
    const isCarded = shown.has(card) || ((isNew || isOpen) && wanted.events.new)
    if (isCarded) cards.push({ key: card, platform, channel: id, view: pollCard(record), notBefore: quiet })
    const key = `poll/${poll.id}/result/${platform}/${id}`
    if (!shown.has(key)) {
      if (!isResult || !wanted.events.result || (poll.closed_at ?? created_at) < created_at) continue
      if (quiet !== undefined) {
        until = Math.min(until ?? quiet, quiet)
        continue
      }
    }
    cards.push({ key, platform, channel: id, view: pollResult(record), under: isCarded ? card : undefined })
  }
  await showCards(trx, ctx.queue, cards)
  return until === undefined ? undefined : Math.max(until - now, 1_000)
}
