import { stemmer } from 'stemmer'

/** ROUGE-1 F, in percent, over Porter stems. */
export function rouge1(text: string, reference: string): number {
  const [a, b] = [counts(text), counts(reference)]
  let shared = 0
  for (const [word, count] of a) shared += Math.min(count, b.get(word) ?? 0)
  const [own, wanted] = [total(a), total(b)]
  return own && wanted ? (200 * shared) / (own + wanted) : 0
}

function counts(text: string): Map<string, number> {
  const found = new Map<string, number>()
  for (const [word] of text.toLowerCase().matchAll(/[a-z0-9]+/g)) {
    const stem = stemmer(word)
    found.set(stem, (found.get(stem) ?? 0) + 1)
  }
  return found
}

function total(words: Map<string, number>): number {
  return [...words.values()].reduce((sum, count) => sum + count, 0)
}

/** The first words of a text. */
export function firstWords(text: string, most: number): string {
  return text.split(/\s+/).slice(0, most).join(' ')
}
