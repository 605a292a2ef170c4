import type { Said } from '../ai/types.ts'
import type { Context } from '../context.ts'
import type { Channel } from '../platform.ts'

const mostMessages = 2_000
const mostText = 1_000_000

/** Where people talked about a decision, `<kind>/<id>`. */
export const talkingChannels = (ctx: Pick<Context, 'db'>, decision: string): Promise<Channel[]> =>
  ctx.db
    .selectFrom('message')
    .select(['platform', 'channel as id'])
    .distinct()
    .where('decision', '=', decision)
    .orderBy('platform')
    .orderBy('channel')
    .execute()

/** What was said of it in one channel, the newest first, as much as a summary can hold. */
export async function saidAbout(ctx: Pick<Context, 'db'>, decision: string, channel: Channel): Promise<Said[]> {
  const rows = await ctx.db
    .selectFrom('message')
    .select(['author', 'text', 'url', 'at'])
    .where('decision', '=', decision)
    .where('platform', '=', channel.platform)
    .where('channel', '=', channel.id)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(mostMessages)
    .execute()
  let left = mostText
  return rows
    .filter(({ text }) => (left -= text.length) >= 0)
    .map(({ author, text, url, at }) => ({ author, text, at: at.getTime(), ...(url === null ? {} : { url }) }))
}
