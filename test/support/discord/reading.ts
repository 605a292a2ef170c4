import type { Json } from './json.ts'
import type { Message } from './state.ts'

const mention = /<@[!&]?(\d+)>|@everyone|@here/g

/** Whom a message rings, as far as `allowed_mentions` lets it. Embeds ring nobody. */
export function pings(message: Message): string[] {
  const texts = [message.content, ...message.components.flatMap(textOf)].map(withoutCode)
  const found = texts.flatMap((text) => [...text.matchAll(mention)].map(([whole]) => whole))
  const allowed: Json | undefined = message.allowed
  if (!allowed) return found
  const parse: string[] = allowed.parse ?? []
  return found.filter((one) => {
    if (one.startsWith('@')) return parse.includes('everyone')
    const kind = one.startsWith('<@&') ? 'roles' : 'users'
    const id = one.replace(/\D/g, '')
    return parse.includes(kind) || (allowed[kind] ?? []).includes(id)
  })
}

export const mentioned = (text: string): string[] => [...text.matchAll(/<@!?(\d+)>/g)].map(([, id = '']) => id)

/** Links that Discord would unfold. */
export function previews(text: string): string[] {
  const rest = withoutCode(text).replace(/<https?:\/\/[^\s>]+>/g, '')
  return [...rest.matchAll(/https?:\/\/[^\s)>\]]+/g)].map(([url]) => url)
}

/** Markup of a text that acts: what a backslash or a code span does not silence. */
export function markup(text: string): string[] {
  const bare = withoutCode(text)
  const kinds = [
    /<@[!&]?\d+>/g,
    /<#\d+>/g,
    /@everyone|@here/g,
    /<\/[^:>]+:\d+>/g,
    /<a?:\w+:\d+>/g,
    /\[[^\]\n]+\]\([^)\n]+\)/g,
    /\*\*[^*\n]+\*\*/g,
    /__[^_\n]+__/g,
    /~~[^~\n]+~~/g,
    /\|\|[^|\n]+\|\|/g,
    /^#{1,3} .+$/gm,
    /^>{1,3} .+$/gm,
    /^-# .+$/gm,
  ]
  return kinds.flatMap((kind) => [...bare.matchAll(kind)].map(([whole]) => whole))
}

/** The words alone, as a person reads them. */
export function plain(text: string): string {
  return text
    .replace(/(?<!\\)\[([^\]\n]+)\]\(<?([^)\n>]+)>?\)/g, '$1')
    .replace(/(?<!\\)(\*\*|__|~~|\|\||`)/g, '')
    .replace(/^(#{1,3}|-#|>{1,3}) /gm, '')
    .replace(/<t:(\d+)(:\w)?>/g, (_whole, at: string) => new Date(Number(at) * 1000).toISOString())
    .replace(/<(https?:[^>]+)>/g, '$1')
    .replace(/\\([^\w\s])/g, '$1')
}

export function links(text: string): string[] {
  return [...text.matchAll(/https?:\/\/[^\s)>\]]+/g)].map(([url]) => url)
}

export function textOf(component: Json): string[] {
  const inner: Json[] = [...(component.components ?? []), ...(component.accessory ? [component.accessory] : [])]
  return [...(component.type === 10 ? [component.content as string] : []), ...inner.flatMap(textOf)]
}

/** Every text of a message in reading order. */
export function texts(message: Message): string[] {
  const ofEmbeds = message.embeds.flatMap((embed) => [
    embed.author?.name,
    embed.title,
    embed.description,
    ...(embed.fields ?? []).flatMap((one: Json) => [one.name, one.value]),
    embed.footer?.text,
  ])
  return [message.content, ...ofEmbeds, ...message.components.flatMap(textOf)].filter(Boolean)
}

function withoutCode(text: string): string {
  return text
    .replace(/\\[^\w\s]/g, '\u2060')
    .replace(/```[\s\S]*?```/g, '')
    .replace(/`[^`\n]+`/g, '')
}
