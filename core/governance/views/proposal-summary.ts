import type { ProposalRecord } from '../record.ts'
import { note, type Block, type Inline } from '../../view.ts'
import { claimWords, coverageWords, sectionBlocks } from '../../chat/views/summary.ts'

/** The summary, `most` sentences a part; each says where it comes from, and the end says who wrote it. */
export function summaryBlocks(record: ProposalRecord, page: string, { most }: { most: number }): Block[] {
  const { summary, proposal } = record
  if (!summary) return [note('Its summary is being written.')]
  const left = summary.sections.reduce((sum, { claims }) => sum + Math.max(0, claims.length - most), 0)
  return [
    ...sectionBlocks(summary, { page, most }),
    ...(left > 0 ? [note(`${left} more ${left === 1 ? 'sentence' : 'sentences'}: /proposal ${proposal.ref}`)] : []),
    note(summary.label, coverageWords(summary)),
  ]
}

/** What it is about, in its first sentence; undefined without a summary. */
export function gistWords({ summary }: ProposalRecord, page: string): Inline[] | undefined {
  const claim = summary?.sections.find(({ claims }) => claims.length > 0)?.claims[0]
  return summary && claim && claimWords(claim, summary, page)
}
