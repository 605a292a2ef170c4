import { createHash } from 'node:crypto'
import { UserError } from '../../core/index.ts'
import type { Support } from '../../core/voting/support.ts'
import { countHeads, shareHeads, type Sums } from './shares.ts'
import { assignStakes, stakesFor } from './stakes.ts'
import type { Matter, NotExpressed } from './matter.ts'

/** Who votes what; `expected` is what the contract's tally must be, in base units of the token. */
export type VotePlan = { matter: Matter; ballots: { voter: number; support: Support }[]; expected: Sums }
/** One DAO, and what each voter holds in it. */
export type House = { name: string; holdings: bigint[]; votes: VotePlan[]; rule: string }
export type Plan = { houses: House[]; voters: number; notExpressed: NotExpressed[] }

const decimals = 18n
/** Where the data has no result, a few people vote as a hash of the text says, so that the way through is the same. */
const fewVoters = 12
const mostDecimals = 2
const one = 10n ** decimals
const mostSupply = 2n ** 96n - 1n

/**
 * Turns results into people with tokens. Where each person had one vote, each voter holds one token. Where stakes voted,
 * the stakes are powers of two (three of each, one for each choice) and single units, so that any score can be made up
 * exactly, to a hundredth of a token, by at least `least` voters.
 */
export function planVotes(matters: readonly Matter[], least: number): Plan {
  const notExpressed: NotExpressed[] = []
  const houses = [...Map.groupBy(matters, (matter) => matter.house)].map(([name, own]) => {
    const results = own.filter((matter) => matter.result)
    if (results.length === 0) return madeUpHouse(name, own, least)
    return results.every(isByHead) ? headHouse(name, own, least) : stakeHouse(name, own, least, notExpressed)
  })
  return {
    houses: houses.filter((house) => house.votes.length > 0),
    voters: Math.max(0, ...houses.map((house) => house.holdings.length)),
    notExpressed,
  }
}

/** One vote each: whole scores that add up to no more than those who voted. */
function isByHead({ result }: Matter): boolean {
  const scores = result?.choices.map(({ score }) => score) ?? []
  return scores.every(Number.isInteger) && scores.reduce((sum, score) => sum + score, 0) <= (result?.voters ?? 0)
}

function headHouse(name: string, matters: readonly Matter[], least: number): House {
  const votes = matters.map((matter) =>
    headPlan(
      matter,
      sumsOf(matter, (score) => BigInt(score)),
      least,
    ),
  )
  return { name, votes, holdings: equalHoldings(votes), rule: 'one vote each' }
}

function madeUpHouse(name: string, matters: readonly Matter[], least: number): House {
  const votes = matters.map((matter) => headPlan(matter, madeUp(matter), Math.min(least, fewVoters)))
  return { name, votes, holdings: equalHoldings(votes), rule: 'no result in the data: votes made up' }
}

function headPlan(matter: Matter, scores: Sums, most: number): VotePlan {
  const heads = shareHeads(scores, most)
  const ballots = heads.flatMap((count, support) =>
    Array.from({ length: count }, () => ({ support: support as Support })),
  )
  return {
    matter,
    ballots: ballots.map((ballot, voter) => ({ ...ballot, voter })),
    expected: heads.map((count) => BigInt(count) * one) as unknown as Sums,
  }
}

function equalHoldings(votes: readonly VotePlan[]): bigint[] {
  return Array.from({ length: Math.max(...votes.map(({ ballots }) => ballots.length)) }, () => one)
}

function stakeHouse(name: string, matters: readonly Matter[], least: number, notExpressed: NotExpressed[]): House {
  const highest = Math.max(...matters.flatMap(({ result }) => result?.choices.map(({ score }) => score) ?? []))
  const { bits, digits, stakes } = stakesFor({ highest, least, mostDecimals })
  const unit = unitFor(stakes, decimals - BigInt(digits))
  const votes = matters.flatMap((matter): VotePlan[] => {
    const targets = matter.result ? sumsOf(matter, (score) => scaled(score, digits)) : madeUp(matter)
    if (countHeads(targets) === 0n) {
      notExpressed.push({
        source: matter.source,
        title: matter.title,
        reason: 'its scores are too small to be told apart',
      })
      return []
    }
    const ballots = assignStakes(targets, {
      bits,
      units: least,
      least: matter.result ? least : Math.min(least, fewVoters),
    })
    return [{ matter, ballots, expected: targets.map((target) => target * unit) as unknown as Sums }]
  })
  const rule = digits === mostDecimals ? 'scores to a hundredth of a token' : `scores in units of 10^${-digits} tokens`
  return { name, votes, holdings: stakes.map((stake) => stake * unit), rule }
}

/** Smaller than it should be where scores are so high that the supply would not fit into the token. */
function unitFor(stakes: readonly bigint[], power: bigint): bigint {
  const total = stakes.reduce((sum, stake) => sum + stake, 0n)
  return total * 10n ** power <= mostSupply ? 10n ** power : unitFor(stakes, power - 1n)
}

function scaled(score: number, digits: number): bigint {
  const value = Math.round(score * 10 ** digits)
  if (Number.isSafeInteger(value)) return BigInt(value)
  throw new UserError(`The score ${score} is too large.`, { hint: 'Leave that proposal out of the folder.' })
}

function sumsOf({ result }: Matter, read: (score: number) => bigint): Sums {
  const sums: [bigint, bigint, bigint] = [0n, 0n, 0n]
  for (const { support, score } of result?.choices ?? []) sums[support] += read(score)
  return sums
}

function madeUp({ title, body }: Matter): Sums {
  const [a = 0, b = 0] = createHash('sha256').update(`${title}\n${body}`).digest()
  return [BigInt(a % 5), 5n, BigInt(b % 3)]
}
