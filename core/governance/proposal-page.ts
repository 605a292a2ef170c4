import { readMarkdown } from '../markdown.ts'
import { sourcesOf } from '../ai/summarize.ts'
import type { Source } from '../ai/types.ts'
import type { Context } from '../context.ts'
import { pageUrl } from '../origin.ts'
import type { View } from '../view.ts'
import { proposalPageView, titleWords } from './views/proposal.ts'
import { findProposal } from './proposal.ts'
import { readReasons } from './reasons.ts'
import { readRecord, unitsOf } from './record.ts'

export type ProposalPage = {
  ref: string
  title: string
  state: string
  view: View
  /** Markdown of a stranger. */
  text: string
  /** Called with the top-level blocks of the text in their order: the ids by which a summary cites each. */
  anchorsOf: (block: string) => string[]
  /** Given with votes on the chain; `id` is where a summary that cites one leads to. */
  reasons: { id: string; author: string; stance: 'for' | 'against' | undefined; text: string }[]
}

/** Everything that anybody may know of a proposal: what was said in a channel stays in that channel. */
export async function proposalPage(ctx: Context, params: { ref: string }): Promise<ProposalPage> {
  const proposal = await findProposal(ctx, params.ref)
  const record = await readRecord(ctx.db, { id: proposal.id, units: await unitsOf(ctx, proposal) })
  const { ref, title, description, state } = proposal
  const sources = sourcesOf({ title, body: description, messages: [] })
  return {
    ref,
    title: titleWords(proposal),
    state,
    view: proposalPageView({ record, page: pageUrl(ctx.config, `/p/${ref}`) }),
    text: description,
    anchorsOf: anchorsIn(sources),
    reasons: (await readReasons(ctx, { proposal, page: '' })).map(({ author, stance, text, url = '' }) => ({
      id: url.slice(1),
      author,
      stance,
      text,
    })),
  }
}

/** Sources come in the order of the text, but the title may stand before it and a block may be read differently. */
const lookAhead = 3

function anchorsIn(sources: readonly Source[]): (block: string) => string[] {
  let next = 0
  return (block) => {
    const words = readMarkdown(block)
      .map(({ text }) => text)
      .join('\n')
    const isHere = (source: Source | undefined): boolean => source !== undefined && words.includes(source.text)
    const skipped = sources.slice(next, next + lookAhead).findIndex(isHere)
    if (skipped < 0) return []
    const first = next + skipped
    next = first
    while (isHere(sources[next])) next += 1
    return sources.slice(first, next).map(({ id }) => id)
  }
}
