import type { webApi } from '@slack/bolt'
import {
  GoneError,
  incident,
  problemView,
  summarizeThread,
  type Context,
  type ThreadMessage,
  type View,
} from '../../core/index.ts'
import type { Reply } from './answer.ts'
import { problemOf } from './problem.ts'
import { readable } from './said.ts'

const pageSize = 200
const mostPages = 3
const mostNames = 30

type Thread = { channel: string; ts: string }
/** A thread that somebody wants summarised, and where the summary goes. */
export type Asked = Thread & { what: 'thread'; reply: Reply }

/** What was said in a thread, for whoever asks; or why it cannot be read. */
export async function threadView(
  ctx: Pick<Context, 'ai' | 'log' | 'now'>,
  client: webApi.WebClient,
  asked: Thread,
): Promise<View> {
  try {
    return await summarizeThread(ctx, await readThread(client, asked))
  } catch (error) {
    const problem = problemOf(error)
    return problem instanceof GoneError
      ? problemView({ message: `AutoCo cannot read this thread: ${problem.reason ?? 'it is gone'}.` })
      : problemView({ message: 'The thread could not be read. Try again.', incident: incident(ctx.log, error) })
  }
}

/** What people said in a thread, oldest first, with where each of it stands. */
async function readThread(
  client: webApi.WebClient,
  asked: Thread,
): Promise<{ messages: ThreadMessage[]; isWhole: boolean }> {
  const said: { user: string; text: string; ts: string }[] = []
  let cursor: string | undefined
  for (let page = 0; page < mostPages; page += 1) {
    const read = client.conversations.replies({
      channel: asked.channel,
      ts: asked.ts,
      limit: pageSize,
      ...(cursor ? { cursor } : {}),
    })
    // Some apps may read one page a minute: what is there is better than nothing.
    const answer = await read.catch((error: unknown) => {
      if (page === 0) throw error
      return undefined
    })
    if (!answer) break
    const { messages = [], response_metadata: more } = answer
    for (const { user, text, ts, bot_id: bot, subtype } of messages as Message[])
      if (user && text && ts && !bot && (subtype === undefined || subtype === 'thread_broadcast'))
        said.push({ user, text, ts })
    cursor = more?.next_cursor
    if (!cursor) break
  }
  const names = await namesOf(client, [...new Set(said.map(({ user }) => user))].slice(0, mostNames))
  const { permalink } = await client.chat.getPermalink({ channel: asked.channel, message_ts: asked.ts })
  return {
    messages: said.map(({ user, text, ts }) => ({
      author: names.get(user) ?? 'someone',
      text: readable(text),
      at: Math.round(Number(ts) * 1_000),
      ...(permalink ? { url: addressOf(permalink, asked, ts) } : {}),
    })),
    isWhole: !cursor,
  }
}

type Message = { user?: string; text?: string; ts?: string; bot_id?: string; subtype?: string }

async function namesOf(client: webApi.WebClient, users: readonly string[]): Promise<Map<string, string>> {
  const names = await Promise.all(
    users.map(async (user) => {
      const { user: about } = await client.users.info({ user })
      return [user, about?.profile?.display_name || about?.real_name || about?.name || user] as const
    }),
  )
  return new Map(names)
}

/** `…/archives/C1/p1700000000000100` is the message of 1700000000.000100; the same thread holds the others. */
function addressOf(permalink: string, { channel, ts: root }: Thread, ts: string): string {
  const url = new URL(permalink)
  url.pathname = url.pathname.replace(/p\d+$/, `p${ts.replace('.', '')}`)
  if (ts !== root) url.search = new URLSearchParams({ thread_ts: root, cid: channel }).toString()
  return url.href
}
