import { hexToBytes, type Hex } from 'viem'

const maxTitle = 140
const hidden = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g

/** Text as a contract emitted it: it may be no UTF-8, and the database takes no NUL. */
export function textOf(bytes: Hex): string {
  return new TextDecoder().decode(hexToBytes(bytes)).replaceAll('\0', '\ufffd')
}

/** What a proposal is called: the first heading or line of its description that has a word in it, without its markup. */
export function headline(description: string): string {
  for (const line of description.slice(0, 10_000).split(/\r\n?|\n/)) {
    const words = plain(line)
    if (/[\p{L}\p{N}]/u.test(words)) return cut(words)
  }
  return 'Untitled proposal'
}

function plain(line: string): string {
  return line
    .replaceAll(hidden, ' ')
    .replace(/^[\s>]*(?:#{1,6}\s*|[-*+]\s+)?/, '')
    .replace(/\s#+\s*$/, '')
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/(\*\*|__|`)(.+?)\1/g, '$2')
    .replaceAll(/\s+/g, ' ')
    .trim()
}

function cut(words: string): string {
  if (words.length <= maxTitle) return words
  const short = words.slice(0, maxTitle - 1)
  // Not in the middle of a character of two halves.
  return `${(short.isWellFormed() ? short : short.slice(0, -1)).trimEnd()}…`
}
