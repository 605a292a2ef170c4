import { z } from 'zod'
import type { Matter, NotExpressed } from './matter.ts'

const topic = z.object({
  topic_id: z.number(),
  title: z.string().trim().min(1),
  url: z.string().default(''),
  posts: z.array(z.object({ author: z.string().min(1), text: z.string() })).min(1),
})

/** A topic of a forum: the first post is what it is about, the others are what was said. Undefined for a file of another kind. */
export function readTopic(text: string, source: string): Matter | NotExpressed | undefined {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return { source, title: '', reason: 'the file is no JSON' }
  }
  if (!z.object({ posts: z.unknown() }).safeParse(json).success) return undefined
  const parsed = topic.safeParse(json)
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path.join('.') ?? ''
    return { source, title: '', reason: `the field ${field} is missing or wrong` }
  }
  const { title, url, posts } = parsed.data
  const [first, ...others] = posts
  return {
    source,
    house: 'Optimism forum',
    title,
    // The address of the topic is left out of the text: nothing is read from the network here.
    body: `${first?.text ?? ''}\n\nBy ${first?.author ?? ''}, topic ${parsed.data.topic_id}${url ? ` of ${hostOf(url)}` : ''}`,
    said: others.filter(({ text: words }) => words.trim() !== ''),
    result: undefined,
  }
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).hostname : 'a forum')
