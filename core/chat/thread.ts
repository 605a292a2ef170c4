import { summarize } from '../ai/summarize.ts'
import type { Said as ThreadMessage } from '../ai/types.ts'
import type { Context } from '../context.ts'
import type { View } from '../view.ts'
import { quietThreadView, threadSummaryView } from './views/thread-summary.ts'

export type { ThreadMessage }

/** A thread in a few sourced sentences. Nothing of it is kept: whoever asks again has it read again. */
export async function summarizeThread(
  ctx: Pick<Context, 'ai' | 'log' | 'now'>,
  { messages, isWhole }: { messages: ThreadMessage[]; isWhole: boolean },
): Promise<View> {
  const summary = await summarize(ctx, { title: '', body: '', messages, facts: [] })
  return summary.shown === 0 ? quietThreadView : threadSummaryView(summary, { isWhole })
}
