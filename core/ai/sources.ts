import { createHash } from 'node:crypto'
import { plainLine, readMarkdown, type Block } from '../markdown.ts'
import { splitSentences } from './sentences.ts'
import type { Said, Source } from './types.ts'

/** A source with what only the program needs: what kind of block it is and the heading that it stands under. */
export type Passage = Source & {
  block: Block['kind'] | 'message'
  heading: string
  stance?: 'for' | 'against' | undefined
}

export type Text = { title: string; body: string; messages: Said[] }

/** Longer paragraphs are cut between sentences, so that a citation points at something a person can find. */
const longest = 1_200

export function readPassages(input: Text): Passage[] {
  const blocks = readMarkdown(input.body)
  const title = plainLine(input.title)
  if (title && blocks[0]?.text !== title) blocks.unshift({ kind: 'heading', text: title })
  const passages: Passage[] = []
  let heading = ''
  for (const block of blocks) {
    if (block.kind === 'heading') heading = block.text
    for (const text of parts(block.text))
      passages.push({ id: `p${passages.length + 1}`, kind: 'proposal', text, block: block.kind, heading })
  }
  const said = input.messages.map((message) => ({ message, text: wordsOf(message.text) })).filter(({ text }) => text)
  said.sort((a, b) => a.message.at - b.message.at)
  return [
    ...passages,
    ...said.map(({ message, text }, index): Passage => {
      const { author, at, url, stance } = message
      const name = Array.from(plainLine(author)).slice(0, 80).join('')
      return {
        id: `m${index + 1}`,
        kind: 'message',
        text,
        author: name,
        at,
        ...(url ? { url } : {}),
        block: 'message',
        heading: '',
        stance,
      }
    }),
  ]
}

/** The parts of a text that claims may cite, in order, without markup. */
export function sourcesOf(input: Text): Source[] {
  return readPassages(input).map(plainSource)
}

export function plainSource({ id, kind, text, author, at, url }: Passage): Source {
  return {
    id,
    kind,
    text,
    ...(author === undefined ? {} : { author }),
    ...(at === undefined ? {} : { at }),
    ...(url === undefined ? {} : { url }),
  }
}

/** Changes when the text or the discussion does; the order in which messages are handed over does not matter. */
export function textHash({ title, body, messages }: Text): string {
  const said = messages.map(({ author, at, text, stance }) => JSON.stringify([at, author, text, stance ?? ''])).sort()
  return createHash('sha256')
    .update(JSON.stringify([title, body, said]))
    .digest('hex')
}

function wordsOf(message: string): string {
  return readMarkdown(message)
    .map(({ text }) => text)
    .join('\n')
}

function parts(text: string): string[] {
  if (text.length <= longest) return [text]
  const whole: string[] = []
  for (const sentence of splitSentences(text)) {
    const last = whole.at(-1)
    if (last !== undefined && last.length + sentence.length < longest) whole[whole.length - 1] = `${last} ${sentence}`
    else whole.push(sentence)
  }
  return whole
}
