import {
  decodeEventLog,
  encodeFunctionData,
  parseAbi,
  zeroHash,
  type Address,
  type Hex,
  type TypedDataDefinition,
} from 'viem'
import { autoIds, polls } from '../../contracts/generated.ts'
import { batchCall } from '../../core/polls/wire.ts'
import type { Answer } from '../../core/voting/options.ts'
import { markBits, paperTypedData, pollKinds, writeMark } from '../../core/voting/paper.ts'
import type { Rpc } from './devchain.ts'
import { worldChain } from './daos.ts'
import { registered, steward } from './people.ts'
import type { WorldFacts } from './facts.ts'
import { mineTogether, type Receipt, type Tx } from './send.ts'

const hour = 3_600
const day = 86_400
const voters = 8
const openedAgo = 6 * hour

/** One paper of three polls, one of each kind. */
const questions = [
  {
    kind: 0,
    majority: 0,
    title: 'When shall the members meet?',
    body: 'Once a year everybody comes together for a weekend. The hall is free at these times; who cannot travel is there by video.',
    options: ['Last week of May', 'First week of September', 'Not this year'],
  },
  {
    kind: 1,
    majority: 0,
    title: 'Which talks do you want to hear?',
    body: 'Everything with enough approval gets a slot. Approve of as many as you like.',
    options: [
      'How a spell is audited',
      'Ranked ballots in practice',
      'Twenty years of community gardens',
      'Agents in a DAO',
    ],
  },
  {
    kind: 2,
    majority: 2,
    title: 'Which town shall host us?',
    body: 'Four towns offer us a hall for nothing. Rank them: if your first choice is out, your vote goes to the next one.',
    options: ['Aarhus', 'Bilbao', 'Cork', 'Dresden'],
  },
] as const

const answers: readonly (readonly (Answer | undefined)[])[] = [
  [[0], [0, 1], [1, 0]],
  [[1], [1], [0, 2]],
  [[1], [1, 3], [2, 1, 0]],
  ['abstain', [0, 3], [3, 2]],
  [[0], 'abstain', [0]],
  [[1], [2], [1, 2]],
  [undefined, [1, 2], [2]],
  [[0], [0, 1, 3], [3, 0, 1]],
]

type Event = { at: number; run: (at: number) => Promise<void> }

/** An open paper on which some have answered: their Auto IDs and seats come before it. */
export function pollHistory(
  rpc: Rpc,
  { contracts, chorus }: Pick<WorldFacts, 'contracts' | 'chorus'>,
  now: number,
): Event[] {
  const some = chorus.slice(0, voters)
  const opens = now - openedAgo
  let paper = 0
  // Off the full minutes at which others act: two blocks cannot have one time.
  const event = (ago: number, txs: () => Promise<Tx[]>, then?: (receipt: Receipt | undefined) => void): Event => ({
    at: now - ago - 41,
    async run(at) {
      const [receipt] = await mineTogether(rpc, await txs(), at)
      then?.(receipt)
    },
  })
  const ask = async <T>(to: Address, data: Hex): Promise<T> => (await rpc('eth_call', [{ to, data }, 'latest'])) as T
  const seatOf = async (account: Address): Promise<number> => {
    const data = encodeFunctionData({ abi: polls.abi, functionName: 'seatOf', args: [account] })
    return Number(BigInt((await ask<Hex>(contracts.polls, data)).slice(0, 66)))
  }
  const asked = questions.map(({ kind, title, options }) => ({ kind: pollKinds[kind], title, options }))
  const signed = async (account: Address, given: readonly (Answer | undefined)[]) => {
    const seat = await seatOf(account)
    const typedData = paperTypedData({
      domain: { name: 'Nomic Polls', version: '1', chainId: worldChain.id, verifyingContract: contracts.polls },
      paper: BigInt(paper),
      isAtClose: false,
      polls: asked,
      answers: given,
      seat,
      sequence: 1,
      reason: zeroHash,
    })
    const signature = await rpc<Hex>('eth_signTypedData_v4', [account, plain(typedData)])
    return { seat, mark: `0x${writeMark(asked, given, 1).toString(16)}`, signature }
  }
  const answer = (from: number, to: number) => async (): Promise<Tx[]> => {
    const papers = await Promise.all(
      some.slice(from, to).map((account, at) => signed(account, answers[from + at] ?? [])),
    )
    return [{ from: steward, to: contracts.polls, data: batchCall(paper, papers, markBits(asked)) }]
  }
  return [
    event(openedAgo + 2 * hour, async () => some.map((from) => register(from, contracts.autoIds))),
    event(openedAgo + hour, async () => [enrol(contracts.nomic)]),
    event(
      openedAgo + 600,
      async () => [
        {
          from: some[0] ?? steward,
          to: contracts.polls,
          data: encodeFunctionData({
            abi: polls.abi,
            functionName: 'open',
            args: [questions.map(paramsOf), opens, opens + 3 * day, false],
          }),
        },
      ],
      (receipt) => (paper = paperIn(receipt)),
    ),
    event(4 * hour, answer(0, 5), assertCounted),
    event(2 * hour, answer(5, voters), assertCounted),
  ]
}

const paramsOf = ({ options, ...question }: (typeof questions)[number]) => ({
  ...question,
  options: [...options],
  minimum: 0n,
  fallback_: 0,
  multihash: '',
})

function register(controller: Address, to: Address): Tx {
  const deadline = 2n ** 48n - 1n
  const registration = { controller, kind: 1, issuer: 0n, validUntil: 0, certificate: zeroHash, nonce: 0n, deadline }
  const args = [registration, '0x', '0x'] as const
  return { from: controller, to, data: encodeFunctionData({ abi: autoIds.abi, functionName: 'register', args }) }
}

/** Those that follow the Auto IDs of the people. */
function enrol(to: Address): Tx {
  const ids = Array.from({ length: voters }, (_, at) => BigInt(registered.length + at + 1))
  const abi = parseAbi(['function enrol(uint256[] ids) returns (uint256)'])
  return { from: steward, to, data: encodeFunctionData({ abi, functionName: 'enrol', args: [ids] }) }
}

function paperIn(receipt: Receipt | undefined): number {
  const [log] = receipt?.logs ?? []
  if (!log) throw new Error('The embedded world could not open its polls.')
  const { args } = decodeEventLog({ abi: polls.abi, eventName: 'PollOpened', ...log })
  return Number(args.paper)
}

/** The contract skips a paper that does not count, without a word. */
function assertCounted(receipt: Receipt | undefined): void {
  const [log] = receipt?.logs ?? []
  const args = log && decodeEventLog({ abi: polls.abi, eventName: 'PapersCounted', ...log }).args
  if (args?.skipped !== '0x') throw new Error('The embedded world could not answer its polls.')
}

/** As a node takes it: whole numbers are decimal strings. */
const plain = (data: TypedDataDefinition | ReturnType<typeof paperTypedData>): unknown =>
  JSON.parse(JSON.stringify(data, (_, each: unknown) => (typeof each === 'bigint' ? each.toString() : each)))
