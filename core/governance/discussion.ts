import { z } from 'zod'
import type { Said } from '../ai/types.ts'
import type { Context } from '../context.ts'
import { fetchJson, type Reach } from './fetch-json.ts'

type Topic = { host: string; id: string }
type Kept = { readAt: number; posts: Said[] }

/** A forum is not asked more often than this, whether it answered or not. */
const freshMs = 10 * 60_000
const keptMs = 7 * 86_400_000
const mostPages = 5
const pageSize = 20

const topicAnswer = z.object({
  posts_count: z.number().int(),
  post_stream: z.object({
    posts: z.array(
      z.object({
        post_number: z.number().int().positive(),
        username: z.string(),
        name: z.string().nullish(),
        created_at: z.iso.datetime({ offset: true }),
        cooked: z.string(),
        post_type: z.number().optional(),
        hidden: z.boolean().optional(),
        user_deleted: z.boolean().optional(),
        deleted_at: z.string().nullish(),
      }),
    ),
  }),
})

/**
 * What was said of a proposal in the Discourse topic that its text names, if the operator allows that forum. Never
 * throws: a forum that is away, or was never meant to be one, costs the summary its discussion and nothing else.
 */
export async function readDiscussion(
  ctx: Pick<Context, 'config' | 'kv' | 'log' | 'now'>,
  description: string,
  reach?: Reach,
): Promise<Said[]> {
  const topic = topicOf(description, ctx.config.DISCUSSION_HOSTS)
  if (!topic) return []
  const kept = ctx.kv('discussion')
  const key = `${topic.host}/${topic.id}`
  const before = await kept.get<Kept>(key)
  if (before && ctx.now() - before.readAt < freshMs) return before.posts
  const posts = await readTopic(topic, reach).catch((error: unknown) => {
    const why =
      error instanceof z.ZodError || error instanceof SyntaxError
        ? 'it is no Discourse topic'
        : String((error as Error).message)
    ctx.log.info({ host: topic.host, topic: topic.id, why: why.slice(0, 200) }, 'discussion not read')
    return before?.posts ?? []
  })
  await kept.set(key, { readAt: ctx.now(), posts } satisfies Kept, keptMs)
  return posts
}

/** What was read of it already: for those who will not wait for a forum. */
export async function keptDiscussion(ctx: Pick<Context, 'config' | 'kv'>, description: string): Promise<Said[]> {
  const topic = topicOf(description, ctx.config.DISCUSSION_HOSTS)
  if (!topic) return []
  return (await ctx.kv('discussion').get<Kept>(`${topic.host}/${topic.id}`))?.posts ?? []
}

/** The first topic in the text that lies on an allowed host: https, no port, no password. */
export function topicOf(description: string, hosts: readonly string[]): Topic | undefined {
  const allowed = new Set(hosts.map((host) => host.toLowerCase()))
  if (allowed.size === 0) return undefined
  for (const [address] of description.matchAll(/https:\/\/[^\s<>"'`)\]|]{4,500}/g)) {
    if (!URL.canParse(address)) continue
    const { protocol, hostname, port, username, password, pathname } = new URL(address)
    const id = /^\/t\/(?:[^/]+\/)?(\d{1,12})(?:\/|$)/.exec(pathname)?.[1]
    if (protocol === 'https:' && !port && !username && !password && allowed.has(hostname) && id !== undefined)
      return { host: hostname, id }
  }
  return undefined
}

async function readTopic({ host, id }: Topic, reach?: Reach): Promise<Said[]> {
  const said: Said[] = []
  for (let page = 1, pages = 1; page <= Math.min(pages, mostPages); page += 1) {
    const { posts_count, post_stream } = topicAnswer.parse(
      await fetchJson({ host, path: `/t/${id}.json?page=${page}` }, reach),
    )
    pages = Math.ceil(posts_count / pageSize)
    for (const post of post_stream.posts) {
      // Posts of the system ("moved", "closed") and hidden ones are nobody's opinion.
      if (post.post_type !== undefined && post.post_type !== 1) continue
      if (post.hidden || post.user_deleted || post.deleted_at) continue
      const text = withoutQuotes(post.cooked).slice(0, 20_000)
      const url = `https://${host}/t/${id}/${post.post_number}`
      if (text.trim()) said.push({ author: post.name || post.username, at: Date.parse(post.created_at), text, url })
    }
  }
  return said
}

/** What a post quotes was said by somebody else. One pass, whatever is left open: posts may be made to hurt a parser. */
function withoutQuotes(html: string): string {
  let kept = ''
  let depth = 0
  let at = 0
  for (const match of html.matchAll(/<(\/)?(?:aside|blockquote)\b[^<>]{0,2000}>?/gi)) {
    if (match[1] === undefined) {
      if (depth === 0) kept += `${html.slice(at, match.index)} `
      depth += 1
    } else if (depth > 0) {
      depth -= 1
      at = match.index + match[0].length
    }
  }
  return depth > 0 ? kept : kept + html.slice(at)
}
