import type { Logger } from 'pino'
import { composeSections } from './compose.ts'
import { draftClaims, summaryPrompts } from './draft.ts'
import { AiError } from './error.ts'
import { extractSections } from './extract/extract.ts'
import { factsOfText } from './facts.ts'
import type { Model } from '../ports.ts'
import { plainSource, readPassages, textHash, type Passage } from './sources.ts'
import type { Fact, Section, Summary, SummaryInput } from './types.ts'

export { sourcesOf, textHash } from './sources.ts'

const extractLabel = 'Extract, no AI model: sentences copied from the proposal and its discussion, chosen by program.'

type Made = Pick<Summary, 'sections' | 'facts' | 'label' | 'mode' | 'dropped'> & { seen: number }

/** A sourced summary of a proposal and of what was said about it. Never throws for a model's faults: then it is an extract. */
export async function summarize(
  ctx: { ai?: Model | undefined; log: Logger; now: () => number },
  input: SummaryInput,
): Promise<Summary> {
  const passages = readPassages(input)
  const sections = extractSections(passages)
  const extract: Made = {
    sections,
    facts: input.facts,
    label: extractLabel,
    mode: 'extract',
    dropped: {},
    seen: passages.length,
  }
  if (!ctx.ai || !passages.length) return summaryOf(input, passages, extract)
  const from = ctx.now()
  try {
    const made = await modelSummary(ctx.ai, input, passages, sections)
    const { mode, dropped } = made
    ctx.log.info({ model: ctx.ai.name, mode, dropped, tookMs: ctx.now() - from }, 'summary by a model')
    if (made.passed) return summaryOf(input, passages, made)
    const label = `${extractLabel} The model's sentences did not pass the checks.`
    return summaryOf(input, passages, { ...extract, dropped, label })
  } catch (error) {
    if (!(error instanceof AiError)) throw error
    ctx.log.warn({ model: ctx.ai.name, fault: error.code, tookMs: ctx.now() - from }, 'extract instead of a model')
    return summaryOf(input, passages, { ...extract, label: `${extractLabel} The model gave no usable answer.` })
  }
}

async function modelSummary(
  ai: Model,
  input: SummaryInput,
  passages: Passage[],
  extract: Section[],
): Promise<Made & { passed: boolean }> {
  const { map } = summaryPrompts()
  const facts = [...input.facts, ...factsOfText(passages)]
  const { claims, dropped, seen } = await draftClaims(ai, passages, facts)
  const { sections, filled } = composeSections(claims, passages, extract)
  const named = JSON.stringify(sections)
  return {
    sections,
    facts: [...input.facts, ...facts.slice(input.facts.length).filter(({ id }) => named.includes(`fact:${id}}`))],
    label: `AI summary by ${ai.name}, prompt ${map.name} v${map.version}${filled ? '; one side of the discussion is copied by program' : ''}`,
    mode: filled ? 'mixed' : 'model',
    dropped,
    seen: seen.length,
    passed: claims.length > 0,
  }
}

function summaryOf(input: SummaryInput, passages: Passage[], made: Made): Summary {
  const cited = new Set(made.sections.flatMap(({ claims }) => claims.flatMap(({ cites }) => cites)))
  return {
    sections: made.sections,
    sources: passages.filter(({ id }) => cited.has(id)).map(plainSource),
    facts: made.facts,
    label: made.label,
    mode: made.mode,
    shown: made.sections.reduce((sum, { claims }) => sum + claims.length, 0),
    dropped: made.dropped,
    coverage: { seen: made.seen, total: passages.length },
    textHash: textHash(input),
  }
}

/** The facts as they are now; one that only the summary still names keeps its last value. */
export function withFacts(summary: Summary, facts: Fact[]): Summary {
  const known = new Set(facts.map(({ id }) => id))
  return { ...summary, facts: [...facts, ...summary.facts.filter(({ id }) => !known.has(id))] }
}

/** An extract because no model answered: worth asking again. A model whose answer did not pass would only repeat it. */
export function isStopgap({ mode, dropped }: Summary): boolean {
  return mode === 'extract' && Object.keys(dropped).length === 0
}
