import { platformLabel } from '../../account-name.ts'
import type { Receipt } from '../receipt.ts'
import {
  address,
  code,
  fields,
  list,
  note,
  open,
  run,
  strong,
  text,
  time,
  tx,
  type Inline,
  type View,
} from '../../view.ts'
import { ballotWords, type RecentBallot } from './ballot.ts'

/** One ballot: what was signed, how far it has come, and where everything else of it is. */
export function receiptView(receipt: Receipt, url: string): View {
  const { proposal, state, hint } = receipt
  return {
    title: `Receipt ${receipt.id.slice(2, 10)}: ${receipt.choice} on ${proposal.ref}`,
    url,
    tone: state === 'counted' || state === 'final' ? 'good' : state === 'refused' ? 'bad' : 'info',
    body: [
      text(strong(`${receipt.steps}.`)),
      text(receipt.words),
      ...(hint ? [hint.startsWith('/') ? text('Type ', code(hint)) : note(hint)] : []),
      fields({
        Proposal: `${proposal.title} (${proposal.dao})`,
        Wallet: address(receipt.voter),
        Weight: receipt.power,
        Reason: receipt.reason || undefined,
        Signed: time(receipt.acceptedAt, 'datetime'),
        Transaction: receipt.tx ? tx(receipt.tx) : undefined,
        Block: receipt.block,
        Ballot: code(receipt.id),
      }),
      note(
        'The page has the signed ballot to keep, and the transaction with which anybody can send it without AutoCo.',
      ),
    ],
    actions: [open('Open the receipt', url), run('Show the proposal', `proposal ${proposal.ref}`)],
  }
}

/** The caller's newest ballots, one line each. */
export function receiptsView(ballots: readonly RecentBallot[]): View {
  if (ballots.length === 0)
    return {
      title: 'Your ballots',
      body: [text('None of your wallets has signed a ballot here yet.')],
      actions: [run('What I can vote on', 'proposals', 'primary')],
    }
  return {
    title: 'Your ballots',
    body: [list(...ballots.map((ballot) => recentWords(ballot)))],
    actions: ballots
      .slice(0, 5)
      .map((ballot) => run(`${ballot.ref}: ${ballot.choice}`, `receipt ${ballot.id.slice(2, 10)}`)),
  }
}

/** One line of a list of one's own ballots. */
export const recentWords = (ballot: RecentBallot): Inline[] => [
  code(ballot.id.slice(2, 10)),
  ` ${ballot.choice} on ${ballot.ref}: ${ballotWords(ballot).steps}, signed${ballot.platform ? ` on ${platformLabel(ballot.platform)}` : ''} `,
  time(ballot.acceptedAt),
]
