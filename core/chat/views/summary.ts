import { fillFacts } from '../../ai/fill.ts'
import type { Claim, Source, Summary } from '../../ai/types.ts'
import { heading, link, list, strong, type Block, type Inline } from '../../view.ts'

/** The parts of a summary, with the source of every sentence. `page` is where paragraphs of a text can be read. */
export const sectionBlocks = (summary: Summary, { page, most }: { page: string; most: number }): Block[] =>
  summary.sections.flatMap(({ title, claims }) => [
    heading(title),
    ...(claims.length > 0 ? [list(...claims.slice(0, most).map((claim) => claimWords(claim, summary, page)))] : []),
  ])

/** One sentence with its sources. */
export function claimWords(claim: Claim, summary: Summary, page: string): Inline[] {
  const words = fillFacts(claim, summary.facts, summary.sources).map((part): Inline =>
    typeof part === 'string' ? part : strong(part.value),
  )
  const sources = claim.cites.flatMap((id) => summary.sources.find((source) => source.id === id) ?? [])
  return [
    ...words,
    ...(claim.state === 'weak' ? [' (only partly borne out by its source)'] : []),
    ...sources.flatMap((source): Inline[] => [' ', sourceMark(source, page)]),
  ]
}

/** `¶3` is the third paragraph of the text; a name is the person who said it. */
function sourceMark({ id, kind, author, url }: Source, page: string): Inline {
  if (kind === 'proposal') return link(`¶${id.slice(1)}`, `${page}#${id}`)
  const label = `— ${author || 'someone'}`
  return url ? link(label, url) : label
}

export function coverageWords({ coverage: { seen, total } }: Summary): string {
  return seen < total ? ` It read ${seen} of ${total} paragraphs and messages.` : ''
}
