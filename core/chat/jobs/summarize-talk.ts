import { cachedSummary } from '../../ai/store.ts'
import { summarizeTalk } from '../hear.ts'
import { saidAbout, talkingChannels } from '../talk.ts'
import type { Context } from '../../context.ts'
import { defineJob } from '../../job.ts'

/** Summarises what was said of a decision in each channel, for that channel alone, and has its card drawn anew. */
export const summarizeTalkJob = defineJob({
  ...summarizeTalk,
  retry: { limit: 5, delayMs: 5_000, backoff: true },
  concurrency: 2,
  expireSeconds: 1_800,
  async run(ctx: Context, { kind: name, id }) {
    const kind = ctx.kinds.decisions.find((each) => each.name === name)
    const text = await kind?.text?.(ctx, id)
    if (!kind || !text) return
    const decision = `${name}/${id}`
    const channels = await talkingChannels(ctx, decision)
    for (const channel of channels) {
      const messages = await saidAbout(ctx, decision, channel)
      await cachedSummary(ctx, `${decision}/${channel.platform}/${channel.id}`, { ...text, messages, facts: [] })
    }
    // Where everything was deleted again, nothing of it may stay.
    const kept = channels.map((channel) => `${decision}/${channel.platform}/${channel.id}`)
    await ctx.db
      .deleteFrom('summary')
      .where('subject', 'like', `${decision}/%`)
      .$if(kept.length > 0, (query) => query.where('subject', 'not in', kept))
      .execute()
    await kind.redraw(ctx.queue, ctx.db, id)
  },
})
