import type { webApi } from '@slack/bolt'
import { z } from 'zod'
import { GoneError, RetryableError, type CallHappening, type Context, type View } from '../../core/index.ts'
import type { Clients } from './post.ts'
import { problemOf } from './problem.ts'
import { renderView } from './render.ts'

/** How a call is answered, also after a restart: where Slack takes the answer, or in whose view it stands. */
export const replySchema = z.object({
  team: z.string(),
  user: z.string(),
  channel: z.string().optional(),
  thread: z.string().optional(),
  responseUrl: z.url().optional(),
  /** A modal that waits for the answer. */
  view: z.string().optional(),
})
export type Reply = z.infer<typeof replySchema>

const timeoutMs = 10_000

/** Shows an answer where it was asked for: to the caller alone, or to the channel. */
export async function answer(
  ctx: Pick<Context, 'chain'>,
  clients: Clients,
  happening: Pick<CallHappening, 'reply'>,
  { view, audience }: { view: View; audience: 'caller' | 'channel' },
): Promise<void> {
  const reply = replySchema.parse(happening.reply)
  const drawn = renderView(view, { explorerUrl: ctx.chain.explorerUrl })
  try {
    const client = await clients(reply.team)
    if (reply.view !== undefined)
      return void (await client.views.update({ view_id: reply.view, view: answerModal(drawn.blocks) }))
    if (reply.responseUrl !== undefined && (await respond(reply.responseUrl, { ...drawn, audience }))) return
    await post(client, reply, { ...drawn, audience })
  } catch (cause) {
    throw problemOf(cause)
  }
}

type Drawn = ReturnType<typeof renderView> & { audience: 'caller' | 'channel' }

/** False when Slack takes no answer there any more. */
async function respond(url: string, { text, blocks, audience }: Drawn): Promise<boolean> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        text,
        blocks,
        response_type: audience === 'channel' ? 'in_channel' : 'ephemeral',
        replace_original: false,
        unfurl_links: false,
        unfurl_media: false,
      }),
      signal: AbortSignal.timeout(timeoutMs),
    })
    if (response.status === 429 || response.status >= 500)
      throw new RetryableError('Slack asks to wait.', { afterMs: 1_000 })
    return response.ok
  } catch (cause) {
    if (cause instanceof RetryableError) throw cause
    throw new RetryableError('Slack does not answer.', { maybeDone: true, cause })
  }
}

async function post(client: webApi.WebClient, reply: Reply, { text, blocks, audience }: Drawn): Promise<void> {
  // What only one person sees is never unfurled; Slack does not even take the words for it there.
  const message = { text, blocks }
  const quiet = { unfurl_links: false, unfurl_media: false }
  const thread = reply.thread === undefined ? {} : { thread_ts: reply.thread }
  const { channel, user } = reply
  if (channel !== undefined && !channel.startsWith('D')) {
    try {
      if (audience === 'channel') await client.chat.postMessage({ channel, ...thread, ...message, ...quiet })
      else await client.chat.postEphemeral({ channel, user, ...thread, ...message })
      return
    } catch (cause) {
      // Not in that channel: the person still gets the answer, in private.
      if (!(problemOf(cause) instanceof GoneError)) throw cause
    }
  }
  const direct = channel?.startsWith('D') ? channel : (await client.conversations.open({ users: user })).channel?.id
  await client.chat.postMessage({ channel: direct ?? user, ...message, ...quiet })
}

/** What a modal shows while it waits, and then. */
export const answerModal = (blocks: ReturnType<typeof renderView>['blocks']) => ({
  type: 'modal' as const,
  title: { type: 'plain_text' as const, text: 'AutoCo' },
  close: { type: 'plain_text' as const, text: 'Close' },
  blocks,
})
