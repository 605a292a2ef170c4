import { inverseFrequency } from '../extract/corpus.ts'
import type { Passage } from '../sources.ts'
import type { Fact } from '../types.ts'
import { termsOf } from '../words.ts'

/** What a claim is held against: exactly what the model was shown, and nothing else. */
export type Given = {
  passages: Map<string, Passage>
  facts: Map<string, Fact>
  authors: string[]
  idf: (term: string) => number
  terms: (passage: Passage) => Set<string>
}

export function givenOf(passages: Passage[], facts: Fact[]): Given {
  const known = new Map(
    passages.map((passage) => [
      passage.id,
      new Set(termsOf(`${passage.author ?? ''} ${passage.heading} ${passage.text}`)),
    ]),
  )
  return {
    passages: new Map(passages.map((passage) => [passage.id, passage])),
    facts: new Map(facts.map((fact) => [fact.id, fact])),
    authors: [...new Set(passages.flatMap(({ author }) => author || []))],
    idf: inverseFrequency([...known.values()].map((terms) => [...terms])),
    terms: ({ id }) => known.get(id) ?? new Set(),
  }
}

export const placeholder = /\{\{\s*fact:\s*([\w-]{1,40})\s*\}\}/g

/** The claim's own words: what the program fills in is not the model's. */
export function ownWords(text: string): string {
  return text.replaceAll(placeholder, ' ')
}
