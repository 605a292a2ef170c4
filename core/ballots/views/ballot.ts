import { refusalWords } from '../refusal.ts'
import type { BallotState } from '../../db/tables/ballots.ts'
import type { RefusalCode } from '../../db/tables/ballots.ts'
import { address, code, fields, note, run, strong, text, tx, type View } from '../../view.ts'

/** How far a ballot has come; everything a person is told of it follows from this. */
export type BallotProgress = {
  ref: string
  state: BallotState
  reasonCode: RefusalCode | null
  /** The block that counted it, or that had counted it before a reorg took it back. */
  block: string | undefined
  /** Nothing can be sent right now, and the end is near. */
  delayed?: boolean
}

export type RecentBallot = BallotProgress & {
  id: string
  choice: string
  acceptedAt: number
  platform: string | undefined
}

export type BallotCard = BallotProgress & {
  id: string
  title: string
  choice: string
  voter: string
  reason: string
  tx: string | undefined
}

/** `signed → sent → counted in block N`, as far as it has come, with what it means and what the voter can do. */
export function ballotWords(ballot: BallotProgress): { steps: string; words: string; hint?: string } {
  const { state, block, ref } = ballot
  const signed = 'Signed'
  const sent = `${signed} → sent`
  const counted = `${sent} → counted${block ? ` in block ${block}` : ''}`
  switch (state) {
    case 'accepted':
      if (ballot.delayed)
        return {
          steps: signed,
          words: 'AutoCo cannot send it right now and keeps trying, but voting ends soon.',
          hint: 'To be safe, send it yourself: the receipt has everything for it.',
        }
      return block
        ? { steps: signed, words: `The chain took block ${block} back, which had counted it. It is sent again.` }
        : { steps: signed, words: 'It is stored and goes to the chain with the next batch. You pay no gas.' }
    case 'batched':
      if (ballot.delayed)
        return {
          steps: sent,
          words: 'It was sent, but no block has taken it yet. AutoCo offers more for it, but voting ends soon.',
          hint: 'To be safe, send it yourself: the receipt has everything for it.',
        }
      return block
        ? { steps: sent, words: `The chain took block ${block} back, which had counted it. It was sent again.` }
        : { steps: sent, words: 'It is on its way to the chain.' }
    case 'counted':
      return {
        steps: counted,
        words: 'The chain can still take this block back; if it does, the ballot is sent again.',
      }
    case 'final':
      return { steps: `${counted} → final`, words: 'Nothing can take it back any more.' }
    case 'superseded':
      return { steps: 'Replaced', words: 'A newer ballot of this wallet counts instead of this one.' }
    case 'voted_elsewhere':
      return {
        steps: 'Voted directly',
        words: 'This wallet voted by itself, and that vote counts instead of this ballot.',
      }
    case 'refused': {
      const { message, hint } = refusalWords(ballot.reasonCode ?? 'unknown', ref)
      return { steps: 'Not counted', words: message, ...(hint ? { hint } : {}) }
    }
  }
}

/** The private message that follows one ballot from the signature to finality. */
export function ballotView(ballot: BallotCard): View {
  const { steps, words, hint } = ballotWords(ballot)
  const isGood = ballot.state === 'counted' || ballot.state === 'final'
  const short = ballot.id.slice(2, 10)
  const line = lineOf(hint)
  return {
    title: `Your vote on ${ballot.ref}: ${ballot.choice}`,
    tone: isGood ? 'good' : ballot.state === 'refused' ? 'bad' : 'info',
    body: [
      text(strong(`${steps}.`)),
      text(words),
      ...(hint ? [line ? text('Type ', code(hint)) : note(hint)] : []),
      fields({
        Proposal: ballot.title,
        Wallet: address(ballot.voter),
        Reason: ballot.reason || undefined,
        Transaction: ballot.tx ? tx(ballot.tx) : undefined,
      }),
    ],
    actions: [run('Receipt', `receipt ${short}`), ...(line ? [run(hint ?? '', line)] : [])],
  }
}

/** A hint that is a whole command line can be a button. */
const lineOf = (hint: string | undefined): string | undefined =>
  hint?.startsWith('/') === true && !/[<[]/.test(hint) ? hint.slice(1) : undefined
