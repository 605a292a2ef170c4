import { BaseError, decodeErrorResult, ExecutionRevertedError, type Abi, type Address, type Hex } from 'viem'
import * as contracts from '../../contracts/generated.ts'
import { plainLine } from '../markdown.ts'
import type { Context } from '../context.ts'
import { RetryableError } from '../errors.ts'
import { isRevert } from './ask.ts'

/** Every error that a contract of ours may answer with. */
const errors: Abi = Object.values(contracts).flatMap((contract) =>
  typeof contract === 'string' ? [] : (contract.abi as Abi).filter((item) => item.type === 'error'),
)

/** Why a contract refuses a call, in words; undefined when it was not the contract that refused. */
export function refusalOf(error: unknown): string | undefined {
  if (!isRevert(error) && !isReverted(error)) return undefined
  const said = revertOf(error)
  if (said === undefined) return 'The contract refuses this.'
  return `The contract refuses this: ${said.words}.`
}

/** The name of the error that a contract of ours answered with. */
export const refusalName = (error: unknown): string | undefined => revertOf(error)?.name

/** What a contract answered a call with that it refused: the error's name, and the same in words. */
export function revertOf(error: unknown): { name: string; words: string } | undefined {
  const data = dataIn(error)
  if (data === undefined || data === '0x') return undefined
  try {
    const { errorName, args } = decodeErrorResult({ abi: errors, data })
    // Older contracts say it in a sentence of their own.
    const words =
      errorName === 'Error'
        ? plainLine(String(args?.[0])).slice(0, 200)
        : errorName.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase()
    return { name: errorName, words }
  } catch {
    return undefined
  }
}

/** As viem tells it of a call without an ABI. */
export const isReverted = (error: unknown): boolean =>
  error instanceof BaseError && error.walk((each) => each instanceof ExecutionRevertedError) !== null

/** The innermost error has what the contract answered with. */
function dataIn(error: unknown): Hex | undefined {
  const holds = (each: unknown): boolean => typeof (each as { data?: unknown }).data === 'string'
  const found = error instanceof BaseError ? error.walk(holds) : undefined
  return (found as { data?: Hex } | null | undefined)?.data
}

/** Whether a contract would do this call now. */
export async function isTaken(ctx: Pick<Context, 'chain'>, call: { to: Address; data: Hex }): Promise<boolean> {
  try {
    await ctx.chain.client.call(call)
    return true
  } catch (cause) {
    if (refusalOf(cause) !== undefined) return false
    throw new RetryableError('The chain does not answer.', { cause })
  }
}
