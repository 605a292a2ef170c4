import type { Logger } from 'pino'
import { extractSections } from './extract/extract.ts'
import type { Model } from './model.ts'
import { plainSource, readPassages, textHash, type Passage } from './sources.ts'
import type { Fact, Section, Summary, SummaryInput } from './types.ts'

export { sourcesOf, textHash } from './sources.ts'

const extractLabel = 'Extract, no AI model: sentences copied from the proposal and its discussion, chosen by program.'

/** A sourced summary of a proposal and of what was said about it. Never throws for a model's faults: then it is an extract. */
export async function summarize(
  ctx: { ai?: Model | undefined; log: Logger; now: () => number },
  input: SummaryInput,
): Promise<Summary> {
  const passages = readPassages(input)
  return summaryOf(input, passages, {
    sections: extractSections(passages),
    label: extractLabel,
    mode: 'extract',
    dropped: {},
  })
}

function summaryOf(
  input: SummaryInput,
  passages: Passage[],
  made: { sections: Section[]; label: string; mode: Summary['mode']; dropped: Record<string, number>; seen?: number },
): Summary {
  const cited = new Set(made.sections.flatMap(({ claims }) => claims.flatMap(({ cites }) => cites)))
  return {
    sections: made.sections,
    sources: passages.filter(({ id }) => cited.has(id)).map(plainSource),
    facts: input.facts,
    label: made.label,
    mode: made.mode,
    shown: made.sections.reduce((sum, { claims }) => sum + claims.length, 0),
    dropped: made.dropped,
    coverage: { seen: made.seen ?? passages.length, total: passages.length },
    textHash: textHash(input),
  }
}

/** The facts as they are now; one that only the summary still names keeps its last value. */
export function withFacts(summary: Summary, facts: Fact[]): Summary {
  const known = new Set(facts.map(({ id }) => id))
  return { ...summary, facts: [...facts, ...summary.facts.filter(({ id }) => !known.has(id))] }
}
