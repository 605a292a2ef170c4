import {
  concatHex,
  encodeFunctionData,
  numberToHex,
  parseEventLogs,
  serializeCompactSignature,
  size,
  zeroHash,
  type Address,
} from 'viem'
import { anvil } from 'viem/chains'
import { nomic, ozToken, polls, tokenPolls } from '../../../contracts/generated.ts'
import type { Answer } from '../../../core/voting/options.ts'
import type { PollKind } from '../../../core/db/tables/polls.ts'
import { markBits, paperTypedData, pollKinds, writeMark } from '../../../core/voting/paper.ts'
import {
  day,
  enrol,
  enrolOne,
  moveVotes,
  parseSignatureOf,
  readSkipped,
  stakes,
  type Box,
  type Options,
} from './boxes.ts'
import type { Ground } from './ground.ts'

type Question = { kind: PollKind; title: string; options: string[] }

/** Polls of the Nomic DAO with one open paper. */
export async function nomicPapers(
  ground: Ground,
  { checkpoints, holders, seated, late }: Options,
  questions: Question[],
): Promise<Box> {
  const token = await ground.deploy(nomic, [ground.autoIds, ...stakes(ground, holders)])
  const address = await ground.deploy(polls, [token, 0n])
  await enrol(ground, token, seated)
  await moveVotes(ground, token, holders, checkpoints)
  const box = await openPaper(ground, { address, name: 'Nomic Polls', questions })
  if (late !== undefined) await enrolOne(ground, token, late)
  return box
}

/** Polls weighed by a token that knows nothing of them: OpenZeppelin's ERC20Votes. */
export async function tokenPapers(
  ground: Ground,
  { checkpoints, holders, seated }: Options,
  questions: Question[],
): Promise<Box> {
  const token = await ground.deploy(ozToken, ['Oz', 'OZ', ...stakes(ground, holders)])
  const address = await ground.deploy(tokenPolls, ['Oz Polls', ground.autoIds, token, 0n])
  await enrol(ground, address, seated)
  await moveVotes(ground, token, holders, checkpoints)
  return openPaper(ground, { address, name: 'Oz Polls', questions })
}

export function singles(count: number): Question[] {
  const options = ['Against', 'For', 'Later']
  return Array.from({ length: count }, (_, i) => ({ kind: 'single', title: `Buy boat ${i + 1}`, options }))
}

export function ranking(count: number): Question[] {
  return [{ kind: 'ranked', title: 'Which boat?', options: Array.from({ length: count }, (_, i) => `Boat ${i + 1}`) }]
}

async function openPaper(
  ground: Ground,
  { address, name, questions }: { address: Address; name: string; questions: Question[] },
): Promise<Box> {
  const opens = (await ground.travel(day)) + 60
  const params = questions.map(({ kind, title, options }) => ({
    kind: pollKinds.indexOf(kind),
    majority: kind === 'ranked' ? 1 : 0,
    minimum: 0n,
    fallback_: 0,
    title,
    body: '',
    multihash: '',
    options,
  }))
  const args = [params, opens, opens + 7 * day, false] as const
  await ground.send(address, encodeFunctionData({ abi: polls.abi, functionName: 'open', args }))
  await ground.travel(day)
  const domain = { name, version: '1', chainId: anvil.id, verifyingContract: address }
  const bytes = markBits(questions) / 8
  const outcome = (receipt: Parameters<Box['counted']>[0]) =>
    parseEventLogs({ abi: polls.abi, eventName: 'PapersCounted', logs: receipt.logs })[0]!.args
  return {
    address,
    target: address,
    async sign({ voter, sequence = 1, seat = voter + 1, signer = ground.voters[voter]! }) {
      const answers = questions.map((question, place) => answerOf(question, voter + place))
      const paper = { domain, paper: 1n, isAtClose: false, polls: questions, answers, seat, sequence, reason: zeroHash }
      const signature = await signer.signTypedData(paperTypedData(paper))
      return concatHex([
        numberToHex(seat, { size: 4 }),
        numberToHex(writeMark(questions, answers, sequence), { size: bytes }),
        serializeCompactSignature(parseSignatureOf(signature)),
      ])
    },
    pack: (signed) => encodeFunctionData({ abi: polls.abi, functionName: 'castPapers', args: [1n, concatHex(signed)] }),
    counted: (receipt) => size(outcome(receipt).records) / (bytes + 16),
    skipped: (receipt) => readSkipped(outcome(receipt).skipped),
  }
}

/** A ranking of all, at random but the same each time, or the options in turn. */
function answerOf({ kind, options }: Question, number: number): Answer {
  if (kind !== 'ranked') return [number % options.length]
  const left = options.map((_, option) => option)
  let seed = number
  return options.map(() => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
    return left.splice((seed >> 8) % left.length, 1)[0]!
  })
}
