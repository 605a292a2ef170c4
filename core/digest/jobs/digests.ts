import { z } from 'zod'
import { showCard } from '../../chat/outbox.ts'
import type { Context } from '../../context.ts'
import type { DigestRow } from '../../db/tables/digest.ts'
import { isEmpty, readDigest } from '../facts.ts'
import { nextAfter } from '../schedule.ts'
import { RetryableError } from '../../errors.ts'
import { digestView } from '../views/digest.ts'
import { defineJob } from '../../job.ts'

/** Rows that carry an earlier time may still be on their way into the database. */
const slackMs = 10_000

/**
 * Posts the digests whose time has come. One that nobody rang for is posted once, however many times it was missed; one
 * that has nothing to say is not posted.
 */
export const digestsJob = defineJob({
  name: 'digests',
  schema: z.object({}),
  retry: { limit: 2, delayMs: 5_000 },
  concurrency: 1,
  expireSeconds: 300,
  run: ringDigests,
})

export async function ringDigests(ctx: Context): Promise<void> {
  const due = await ctx.db
    .selectFrom('digest')
    .selectAll()
    .where('next_at', '<=', new Date(ctx.now()))
    .orderBy('next_at')
    .execute()
  for (const row of due) {
    try {
      await ring(ctx, row)
    } catch (error) {
      // The next tick asks again; other channels need not wait for it.
      if (!(error instanceof RetryableError)) throw error
      ctx.log.warn({ platform: row.platform, channel: row.channel, error }, 'no digest yet')
    }
  }
}

async function ring(ctx: Context, row: DigestRow): Promise<void> {
  const { platform, channel: id, zone, skip_next, last_at: since } = row
  const channel = { platform, id, server: row.server ?? undefined }
  const until = new Date(ctx.now() - slackMs)
  const facts = skip_next ? undefined : await readDigest(ctx, { ...row, channel, since, until })
  await ctx.db.transaction().execute(async (trx) => {
    const next = nextAfter(row, ctx.now()) ?? Number.NaN
    const rung = await trx
      .updateTable('digest')
      // One that was left out is told of by the one after it.
      .set({ next_at: new Date(next), skip_next: false, ...(facts ? { last_at: until } : {}) })
      .where('platform', '=', platform)
      .where('channel', '=', id)
      .where('next_at', '=', row.next_at)
      .returning('channel')
      .executeTakeFirst()
    if (!rung || !facts || isEmpty(facts)) return
    const view = digestView({ facts, since, zone })
    const slot = row.next_at.toISOString()
    await showCard(trx, ctx.queue, { key: `digest/${platform}/${id}/${slot}`, platform, channel: id, view })
  })
}
