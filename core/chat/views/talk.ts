import type { Summary } from '../../ai/types.ts'
import { note, type Block } from '../../view.ts'
import { sectionBlocks } from './summary.ts'

const most = 2

/** What people said of a decision, at the end of its card; what it is about says the card itself. */
export function talkBlocks(summary: Summary, page: string): Block[] {
  const sections = summary.sections.filter(({ title, claims }) => title.startsWith('Discussion') && claims.length > 0)
  return sections.length === 0 ? [] : [...sectionBlocks({ ...summary, sections }, { page, most }), note(summary.label)]
}
