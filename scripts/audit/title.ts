import { keccak256 } from 'viem'

const maxBytes = 200
const hash = 0x23
const isBlank = (byte: number): boolean => byte <= 0x20

/** The title that ballots carry in words, found as the contract finds it: the first line that says something. */
export function titleOf(description: string): { title: string; hash: `0x${string}` } {
  const bytes = Buffer.from(description)
  const at = (index: number): number => bytes[index] ?? 0
  let from = 0
  while (from < bytes.length && (isBlank(at(from)) || at(from) === hash)) from += 1
  let to = from
  while (to < bytes.length && at(to) !== 0x0a && at(to) !== 0x0d && to - from < maxBytes) to += 1
  if (to < bytes.length) while (to > from && (at(to) & 0xc0) === 0x80) to -= 1
  while (to > from && isBlank(at(to - 1))) to -= 1
  const title = bytes.subarray(from, to)
  return { title: title.toString('utf8'), hash: keccak256(title) }
}
