import type { Passage } from './sources.ts'
import type { Fact } from './types.ts'
import { numeralsOf } from './verify/numbers.ts'

const mostFacts = 60

/** The figures that stand in the proposal's text: a claim names them, the program copies them. */
export function factsOfText(passages: Passage[]): Fact[] {
  const facts: Fact[] = []
  for (const { id, kind, text } of passages) {
    if (kind !== 'proposal') continue
    const seen = new Set<string>()
    for (const numeral of numeralsOf(text)) {
      if (numeral.kind === 'plain' || seen.has(numeral.value) || facts.length === mostFacts) continue
      seen.add(numeral.value)
      const value = verbatim(text, numeral.text)
      if (value)
        facts.push({
          id: `a${facts.length + 1}`,
          label:
            numeral.kind === 'date'
              ? 'date in the text'
              : numeral.kind === 'percent'
                ? 'share in the text'
                : 'amount in the text',
          kind: numeral.kind === 'date' ? 'time' : 'amount',
          value,
          source: id,
        })
    }
  }
  return facts
}

/** The words as they stand there; with the unit that follows, where there is one. */
function verbatim(text: string, figure: string): string | undefined {
  const at = text.toLowerCase().indexOf(figure.toLowerCase())
  return at < 0 ? undefined : text.slice(at, at + figure.length).trim()
}
