const maxBytes = 200

/**
 * The title that a ballot of our DAOs carries in words, found as the contract finds it: the first line that says something,
 * without the blanks and `#` in front and the blanks behind, at most 200 bytes, never cut inside a character.
 */
export function titleOf(description: string): string {
  const text = Buffer.from(description, 'utf8')
  const at = (index: number): number => text[index] ?? 0
  let from = 0
  while (from < text.length && (at(from) <= 0x20 || at(from) === 0x23)) from += 1
  let to = from
  while (to < text.length && to - from < maxBytes && at(to) !== 0x0a && at(to) !== 0x0d) to += 1
  if (to < text.length) while (to > from && (at(to) & 0xc0) === 0x80) to -= 1
  while (to > from && at(to - 1) <= 0x20) to -= 1
  return text.subarray(from, to).toString('utf8')
}
