import type { Summary } from '../../ai/types.ts'
import { note, text, type View } from '../../view.ts'
import { coverageWords, sectionBlocks } from './summary.ts'

const most = 8
const extractLabel = 'Extract, no AI model: sentences copied word by word from the thread, chosen by program.'

/** What was said in a thread, for whoever asked, with who said it. */
export function threadSummaryView(summary: Summary, { isWhole }: { isWhole: boolean }): View {
  const label = summary.mode === 'extract' ? extractLabel : summary.label
  return {
    title: 'What was said in this thread',
    body: [
      ...sectionBlocks(summary, { page: '', most }),
      note(label, coverageWords(summary), isWhole ? '' : ' The thread is longer: its newest messages were not read.'),
    ],
  }
}

export const quietThreadView: View = {
  title: 'What was said in this thread',
  body: [text('Nothing yet that could be summarised: only a thread in which people have said something can.')],
}
