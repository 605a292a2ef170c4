import { approval } from './approval.ts'
import { choice } from './choice.ts'
import type { Answer } from './options.ts'
import { ranked } from './ranked.ts'
import type { VotingRule } from './rule.ts'
import type { PollKind } from '../db/tables/polls.ts'

/** In the contract's order. */
export const pollKinds = ['single', 'approval', 'ranked'] as const satisfies readonly PollKind[]

export const pollRules: Record<PollKind, VotingRule> = { single: choice, approval, ranked }

type Question = { kind: PollKind; options: readonly string[] }

/** One answer for every poll of a paper, in its order; none where there is no answer. */
export type Answers = readonly (Answer | undefined)[]

const sequenceBits = 8

/** Bits of a mark: the least of 32, 64, 128 and 256 in which the sequence and the answers have room. */
export function markBits(polls: readonly Question[]): number {
  const bits = polls.reduce((sum, { kind, options }) => sum + pollRules[kind].width(options.length), sequenceBits)
  const fits = [32, 64, 128, 256].find((size) => size >= bits)
  if (!fits) throw new Error(`A paper has no room for ${polls.length} polls of ${bits} bits`)
  return fits
}

/** A paper as the contract keeps it: the sequence on top, the answers from the lowest bit on. */
export function writeMark(polls: readonly Question[], answers: Answers, sequence: number): bigint {
  let mark = BigInt(sequence) << BigInt(markBits(polls) - sequenceBits)
  let shift = 0n
  for (const [place, { kind, options }] of polls.entries()) {
    const answer = answers[place]
    if (answer !== undefined) mark |= pollRules[kind].encode(answer, options.length) << shift
    shift += BigInt(pollRules[kind].width(options.length))
  }
  return mark
}

export function readMark(polls: readonly Question[], mark: bigint): { answers: Answers; sequence: number } {
  let rest = mark
  const answers = polls.map(({ kind, options }) => {
    const width = BigInt(pollRules[kind].width(options.length))
    const code = rest & ((1n << width) - 1n)
    rest >>= width
    return pollRules[kind].decode(code, options.length)
  })
  return { answers, sequence: Number(mark >> BigInt(markBits(polls) - sequenceBits)) }
}

/** What the person signs, in words. */
export function paperTypedData(paper: {
  domain: { name: string; version: string; chainId: number; verifyingContract: `0x${string}` }
  paper: bigint
  isAtClose: boolean
  polls: readonly (Question & { title: string })[]
  answers: Answers
  seat: number
  sequence: number
  reason: `0x${string}`
}) {
  const answers = paper.polls.map(({ title, kind, options }, place) => {
    const answer = paper.answers[place]
    return { poll: title, choice: answer === undefined ? [] : pollRules[kind].describe(answer, options) }
  })
  return {
    domain: paper.domain,
    types: paperTypes,
    primaryType: 'Paper',
    message: {
      paper: paper.paper,
      weight: paper.isAtClose ? 'Votes at the close' : 'Votes at the opening',
      answers,
      seat: paper.seat,
      sequence: paper.sequence,
      reason: paper.reason,
    },
  } as const
}

const paperTypes = {
  Paper: [
    { name: 'paper', type: 'uint256' },
    { name: 'weight', type: 'string' },
    { name: 'answers', type: 'Answer[]' },
    { name: 'seat', type: 'uint32' },
    { name: 'sequence', type: 'uint8' },
    { name: 'reason', type: 'bytes32' },
  ],
  Answer: [
    { name: 'poll', type: 'string' },
    { name: 'choice', type: 'string[]' },
  ],
} as const
