import type { MyVote } from '../mine.ts'
import { platformLabel } from '../../account-name.ts'
import { single } from '../../voting/single.ts'
import { address, run, strong, text, type Action, type Block } from '../../view.ts'
import { ballotWords } from './ballot.ts'

/** `For on Discord: signed → sent → counted in block 12` */
export function myVoteWords({ support, ballot, block }: MyVote, ref: string): string {
  const choice = single.describe(support)
  if (!ballot) return `${choice}, by the wallet itself: counted${block ? ` in block ${block}` : ''}`
  const { steps } = ballotWords({ ref, state: ballot.state, reasonCode: null, block })
  return `${choice}${ballot.platform ? ` on ${platformLabel(ballot.platform)}` : ''}: ${steps.toLowerCase()}`
}

/** What the reader has voted, wherever they did; nothing for who has not. */
export const myVoteBlocks = (votes: readonly MyVote[], ref: string): Block[] =>
  votes.map((vote) =>
    text(strong('You: '), myVoteWords(vote, ref), ...(votes.length > 1 ? [', with ', address(vote.voter)] : []), '.'),
  )

const myVoteActions = (votes: readonly MyVote[]): Action[] =>
  votes.flatMap(({ ballot }) => (ballot ? [run('Your receipt', `receipt ${ballot.id.slice(2, 10)}`)] : [])).slice(0, 1)

/** Both, as `proposalView` takes them. */
export const myVotes = (votes: readonly MyVote[], ref: string): { blocks: Block[]; actions: Action[] } => ({
  blocks: myVoteBlocks(votes, ref),
  actions: myVoteActions(votes),
})
