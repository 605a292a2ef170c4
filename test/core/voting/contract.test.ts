import fc from 'fast-check'
import {
  concatHex,
  numberToHex,
  parseSignature,
  serializeCompactSignature,
  zeroHash,
  type Abi,
  type Address,
  type Hex,
} from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { autoIds, nomic, polls } from '../../../contracts/generated.ts'
import type { Answer } from '../../../core/voting/options.ts'
import type { PollKind } from '../../../core/db/tables/polls.ts'
import { markBits, paperTypedData, pollKinds, pollRules, readMark, writeMark } from '../../../core/voting/paper.ts'
import { ranked, rounds } from '../../../core/voting/ranked.ts'
import { runOff } from '../../../core/voting/run-off.ts'
import type { Rules, Weighed } from '../../../core/voting/tally.ts'
import { testChain, type TestChain } from '../../support/chain.ts'
import { testRunOff } from '../../support/generated.ts'

const majorities = ['none', 'participating', 'active'] as const
const verdicts = ['elected', 'no votes', 'too few votes', 'tie', 'no majority'] as const
const day = 86_400
const seed = 4

let chain: TestChain

beforeAll(async () => {
  chain = await testChain()
})
afterAll(() => chain.stop())

test('the contract and the rule run off alike, round by round', { timeout: 60_000 }, async () => {
  const address = await deploy(testRunOff, [])
  const elections = fc.sample(election(), { seed, numRuns: 100 })
  const results = await chain.client.readContract({
    address,
    abi: testRunOff.abi,
    functionName: 'count',
    args: [
      elections.map(({ options, majority, rankings }) => ({
        options: BigInt(options),
        isActive: majority === 'active',
        rankings: rankings.map(({ ranking }) => ranked.encode(ranking, options)),
        weights: rankings.map(({ weight }) => weight),
      })),
    ],
  })
  for (const [index, { options, majority, rankings }] of elections.entries()) {
    const expected = runOff(rankings, { options, majority })
    expect(results[index]).toEqual({
      winner: numberOf(expected.winner),
      rounds: expected.rounds.map((round) => round.votes),
    })
  }
})

describe('a paper on a chain', () => {
  const questions = [
    { kind: 'single', title: 'Buy a boat?', options: ['Yes', 'No'] },
    { kind: 'approval', title: 'Which colours?', options: ['Red', 'Green', 'Blue'] },
    { kind: 'ranked', title: 'Which name?', options: ['Ada', 'Bob', 'Cid', 'Dot'] },
  ] satisfies { kind: PollKind; title: string; options: string[] }[]
  const rules: Rules[] = [
    { majority: 'none', minimum: 20n, fallback: 1 },
    { majority: 'participating' },
    { majority: 'active', fallback: 0 },
  ]

  test('counts what the rules count, of papers signed in words', { timeout: 120_000 }, async () => {
    const voters = chain.accounts.slice(0, 8)
    const stakes = voters.map((_, index) => BigInt(1 + index * index))
    const registry = await deploy(autoIds, [])
    const token = await deploy(nomic, [registry, voters.map(({ address }) => address), stakes])
    const box = await deploy(polls, [token, 0n])
    for (const [index, voter] of voters.entries()) {
      const registration = {
        controller: voter.address,
        kind: 1,
        issuer: 0n,
        validUntil: 0,
        certificate: zeroHash,
        nonce: 0n,
        deadline: 2n ** 40n,
      }
      await write(registry, autoIds.abi, 'register', [registration, '0x', '0x'], index)
    }
    await write(token, nomic.abi, 'enrol', [voters.map((_, index) => BigInt(index + 1))])
    const opens = Number((await chain.client.getBlock()).timestamp) + 3600
    const params = questions.map(({ kind, title, options }, index) => ({
      kind: pollKinds.indexOf(kind),
      majority: majorities.indexOf(rules[index]!.majority),
      minimum: rules[index]!.minimum ?? 0n,
      fallback_: Number(numberOf(rules[index]!.fallback)),
      title,
      body: 'As said.',
      multihash: '',
      options,
    }))
    await write(box, polls.abi, 'open', [params, opens, opens + 7 * day, false])
    await chain.travel(2 * 3600)

    const last = new Map<number, (Answer | undefined)[]>()
    for (const [sequence, answers] of fc.sample(fc.tuple(...voters.map(paper)), { seed, numRuns: 4 }).entries()) {
      const records: Hex[] = []
      for (const [voter, answer] of answers.entries()) {
        records.push(await sign(box, voter, { answers: answer, sequence: sequence + 1 }))
        last.set(voter, answer)
      }
      await write(box, polls.abi, 'castPapers', [1n, concatHex(records)])
      await compare(box, last, stakes)
    }
  })

  async function compare(box: Address, last: Map<number, (Answer | undefined)[]>, stakes: bigint[]): Promise<void> {
    const read = { address: box, abi: polls.abi } as const
    for (const [voter, answers] of last) {
      const mark = await chain.client.readContract({ ...read, functionName: 'markOf', args: [1n, BigInt(voter + 1)] })
      expect(readMark(questions, mark).answers).toEqual(answers)
    }
    for (const [index, { kind, options }] of questions.entries()) {
      const weighed = [...last].flatMap(([voter, answers]): Weighed[] => {
        const answer = answers[index]
        return answer === undefined ? [] : [{ answer, weight: stakes[voter]! }]
      })
      const args = [BigInt(index + 1)] as const
      const { votes, participating, abstained } = pollRules[kind].tally(weighed, options.length)
      expect(await chain.client.readContract({ ...read, functionName: 'tally', args })).toEqual([
        votes,
        participating,
        abstained,
      ])
      const { winner, verdict } = pollRules[kind].outcome(weighed, options.length, rules[index]!)
      expect(await chain.client.readContract({ ...read, functionName: 'outcome', args })).toEqual([
        numberOf(winner),
        verdicts.indexOf(verdict),
        false,
      ])
      if (kind !== 'ranked') continue
      const [, list] = await chain.client.readContract({ ...read, functionName: 'runOff', args })
      expect(list).toEqual(rounds(weighed, options.length, 'active').rounds.map((round) => round.votes))
    }
  }

  async function sign(
    box: Address,
    voter: number,
    { answers, sequence }: { answers: (Answer | undefined)[]; sequence: number },
  ): Promise<Hex> {
    const domain = { name: 'Nomic Polls', version: '1', chainId: 31_337, verifyingContract: box }
    const seat = voter + 1
    const typed = paperTypedData({
      domain,
      paper: 1n,
      isAtClose: false,
      polls: questions,
      answers,
      seat,
      sequence,
      reason: zeroHash,
    })
    const { r, s, yParity } = parseSignature(await chain.accounts[voter]!.signTypedData(typed))
    return concatHex([
      numberToHex(seat, { size: 4 }),
      numberToHex(writeMark(questions, answers, sequence), { size: markBits(questions) / 8 }),
      serializeCompactSignature({ r, yParityAndS: numberToHex(BigInt(s) | (BigInt(yParity) << 255n), { size: 32 }) }),
    ])
  }

  function paper() {
    return fc.tuple(
      ...questions.map(({ kind, options }) => {
        const all = options.map((_, option) => option)
        const some = fc.shuffledSubarray(all, { minLength: 1, maxLength: kind === 'single' ? 1 : options.length })
        const list = kind === 'approval' ? some.map((each) => each.toSorted((a, b) => a - b)) : some
        return fc.oneof({ weight: 6, arbitrary: list }, fc.constant('abstain' as const), fc.constant(undefined))
      }),
    )
  }
})

function election() {
  return fc.integer({ min: 2, max: 8 }).chain((options) =>
    fc.record({
      options: fc.constant(options),
      majority: fc.constantFrom('participating' as const, 'active' as const),
      rankings: fc.array(
        fc.record({
          ranking: fc.shuffledSubarray(
            Array.from({ length: options }, (_, option) => option),
            { minLength: 1 },
          ),
          // Few weights, so that ties are many.
          weight: fc.bigInt({ min: 0n, max: 3n }),
        }),
        { maxLength: 12 },
      ),
    }),
  )
}

/** The contract counts options from 1. */
function numberOf(option: number | undefined): bigint {
  return option === undefined ? 0n : BigInt(option + 1)
}

async function deploy(contract: { abi: Abi; bytecode: Hex }, args: readonly unknown[]): Promise<Address> {
  const hash = await chain.wallet(chain.accounts[0]!).deployContract({ ...contract, args })
  return (await chain.client.waitForTransactionReceipt({ hash })).contractAddress!
}

async function write(
  address: Address,
  abi: Abi,
  functionName: string,
  args: readonly unknown[],
  sender = 0,
): Promise<void> {
  const hash = await chain.wallet(chain.accounts[sender]!).writeContract({ address, abi, functionName, args })
  expect(await chain.client.waitForTransactionReceipt({ hash })).toMatchObject({ status: 'success' })
}
