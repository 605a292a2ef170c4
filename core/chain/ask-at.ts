import { decodeFunctionResult, encodeFunctionData, numberToHex, type Abi, type Hex } from 'viem'
import type { Context } from '../context.ts'
import { RetryableError } from '../errors.ts'
import { askNode, type NodeAnswer } from './node.ts'
import { headerCall, headerIn } from './header.ts'

export type Question = { to: string; abi: Abi; name: string; args?: readonly unknown[] }
export type Block = { number: bigint; hash: string }

/**
 * What contracts answer at one block, in one request; undefined where one refuses or talks nonsense. The block must still be
 * the one that was read, so that an answer never mixes two chains.
 */
export async function askAt(
  ctx: Pick<Context, 'chain'>,
  block: Block,
  questions: readonly Question[],
): Promise<{ answers: unknown[]; time: bigint }> {
  const calls = questions.map(({ to, abi, name, args = [] }) => ({
    method: 'eth_call',
    params: [{ to, data: encodeFunctionData({ abi, functionName: name, args }) }, numberToHex(block.number)],
  }))
  const answers = await askNode(ctx.chain.url, [...calls, headerCall(block.number)])
  const header = headerIn(answers.at(-1))
  if (header?.hash !== block.hash) throw new RetryableError('The chain changed while it was read.', { afterMs: 500 })
  return { answers: questions.map((question, at) => decoded(question, answers[at])), time: header.time }
}

function decoded({ abi, name }: Question, answer: NodeAnswer | undefined): unknown {
  if (!answer) return undefined
  if ('fault' in answer) {
    if (answer.fault.code === 3 || /revert|out of gas|invalid opcode|stack/i.test(answer.fault.message))
      return undefined
    throw new RetryableError('The node cannot call a contract at this block.', {
      cause: new Error(answer.fault.message),
    })
  }
  try {
    return decodeFunctionResult({ abi, functionName: name, data: answer.result as Hex })
  } catch {
    return undefined
  }
}
