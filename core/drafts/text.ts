import { encodeAbiParameters, keccak256, stringToHex, type Address, type Hex } from 'viem'
import { plainLine } from '../ai/markdown.ts'
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

/** As `Governor.hashProposal` numbers it. */
export function proposalIdOf(calls: readonly ProposalCall[], description: string): bigint {
  return BigInt(
    keccak256(
      encodeAbiParameters(
        [{ type: 'address[]' }, { type: 'uint256[]' }, { type: 'bytes[]' }, { type: 'bytes32' }],
        [
          calls.map(({ target }) => target as Address),
          calls.map(({ value }) => BigInt(value)),
          calls.map(({ data }) => data as Hex),
          keccak256(stringToHex(description)),
        ],
      ),
    ),
  )
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
    .select(['author', 'text', 'at'])
    .where('platform', '=', draft.platform)
    .where('channel', '=', draft.channel)
    .orderBy('at')
    .orderBy('id')
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
