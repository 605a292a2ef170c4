/** What stands for a person beside their words, the same wherever it is drawn. */
export const initials = (name: string): string =>
  name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => /\p{L}|\p{N}|\p{Extended_Pictographic}/u.exec(word)?.[0] ?? '')
    .join('')
    .toUpperCase() || '?'

/** One of eight quiet colours. */
export function hueOf(id: string): number {
  let sum = 7
  for (const letter of id) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 8
  return sum
}
