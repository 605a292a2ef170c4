import type { Matter, NotExpressed } from './matter.ts'

/** An executive vote of Maker: markdown behind a head of `name: value` lines. Undefined for markdown of another kind. */
export function readExecutive(text: string, source: string): Matter | NotExpressed | undefined {
  const match = /^\uFEFF?---\r?\n([^]*?)\r?\n---[ \t]*(?:\r?\n|$)([^]*)$/.exec(text)
  const head = match?.[1]
  if (head === undefined) return undefined
  const title = titleOf(head)
  if (!title) return { source, title: '', reason: 'its head has no title' }
  const body = match?.[2]?.trim() ?? ''
  if (!body) return { source, title, reason: 'it has no text' }
  return { source, house: 'Maker', title, body, said: [], result: undefined }
}

function titleOf(head: string): string {
  const line = /^title:[ \t]*(.*)$/m.exec(head)?.[1]?.trim() ?? ''
  return line
    .replace(/^(["'])(.*)\1$/, '$2')
    .replace(/^Template - /, '')
    .trim()
}
