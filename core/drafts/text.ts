import type { Address } from 'viem'
import { plainLine } from '../markdown.ts'
import { extractDiscussion } from '../ai/extract/discussion.ts'
import { readPassages } from '../ai/sources.ts'
import type { Context } from '../context.ts'
import type { ProposalCall } from '../governance/types.ts'
import type { Draft } from './draft.ts'

const mostMarked = 100
const mostSaid = 500
const saidWords = 200

/**
 * The text of a draft as the chain would hold it: a heading, what its person wrote, what others said, word by word and with
 * their names; and last the mark that lets nobody else put it on the chain.
 */
export async function descriptionOf(ctx: Pick<Context, 'db'>, draft: Draft, proposer: Address): Promise<string> {
  const said = await saidFor(ctx, draft)
  const authors = [...new Set(said.map(({ author }) => author))]
  return [
    `# ${draft.title}`,
    ...(draft.text ? [draft.text] : []),
    ...(said.length > 0
      ? [
          '## From the discussion',
          said.map(({ text, author }) => `- ${text} (${author})`).join('\n'),
          `Written with: ${authors.join(', ')}`,
        ]
      : []),
    // OpenZeppelin 5 reads exactly the last 52 bytes, and lets only this address propose a text that ends so.
    `#proposer=${proposer.toLowerCase()}`,
  ].join('\n\n')
}

/** A governor takes no proposal without a call: a statement carries one to the treasury that does nothing. */
export function callsOf(draft: Pick<Draft, 'calls' | 'dao'>): ProposalCall[] {
  if (draft.calls.length > 0) return draft.calls
  return [{ target: draft.dao.timelock ?? draft.dao.address, value: '0', data: '0x' }]
}

type Quoted = { text: string; author: string }

/** Marked messages as they are, and the richest sentences of the discussion that the draft goes on from. */
async function saidFor(ctx: Pick<Context, 'db'>, draft: Draft): Promise<Quoted[]> {
  if (draft.platform === null || draft.channel === null) return []
  const rows = ctx.db
    .selectFrom('message')
    // Some platforms say of a message only the account; where that is linked, its name is known.
    .leftJoin('account', (join) =>
      join.onRef('account.platform', '=', 'message.platform').onRef('account.user_id', '=', 'message.author'),
    )
    .select((eb) => eb.fn.coalesce('account.name', 'message.author').as('author'))
    .select(['message.text', 'message.at'])
    .where('message.platform', '=', draft.platform)
    .where('message.channel', '=', draft.channel)
    .orderBy('message.at')
    .orderBy('message.id')
  const marked = await rows.where('draft_id', '=', draft.id).limit(mostMarked).execute()
  const about =
    draft.about_id === null
      ? []
      : await rows.where('proposal_id', '=', draft.about_id).where('draft_id', 'is', null).limit(mostSaid).execute()
  const messages = about.map(({ author, text, at }) => ({ author, text, at: at.getTime() }))
  const sentences = extractDiscussion(readPassages({ title: '', body: '', messages }), saidWords)
  return [
    ...marked.map(({ text, author }) => quoted(text.replaceAll(/[\s([]*\bdraft-\d{1,9}\b[\s:,;)\]]*/gi, ' '), author)),
    ...sentences.map(({ text, source }) => quoted(text, source.author ?? '')),
  ].filter(({ text }) => text !== '')
}

const quoted = (text: string, author: string): Quoted => ({
  text: plainLine(text.replaceAll(/\s+/g, ' ')).slice(0, 2_000),
  author: plainLine(author) || 'someone',
})
