import { readShared } from './shared.ts'

/** Payloads that a real platform sent, by name. */
export const recorded = (file: string): Record<string, Record<string, unknown>> =>
  JSON.parse(readShared(`specs/wire-samples/vercel-chat/${file}`)) as Record<string, Record<string, unknown>>

/** Keys of a recorded payload that ours lacks. */
export function missing(theirs: unknown, ours: unknown, at = ''): string[] {
  if (typeof theirs !== 'object' || theirs === null || typeof ours !== 'object' || ours === null) return []
  if (Array.isArray(theirs)) return Array.isArray(ours) && ours[0] ? missing(theirs[0], ours[0], `${at}[]`) : []
  return Object.entries(theirs).flatMap(([key, value]) => {
    const mine = (ours as Record<string, unknown>)[key]
    return mine === undefined ? [`${at}.${key}`] : missing(value, mine, `${at}.${key}`)
  })
}
