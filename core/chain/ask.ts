import { BaseError, ContractFunctionRevertedError, ContractFunctionZeroDataError } from 'viem'
import { RetryableError } from '../errors.ts'

/** A revert is an answer of the contract and passes through; anything else is the RPC's trouble and may be tried again. */
export async function ask<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (isRevert(error)) throw error
    throw new RetryableError('The chain does not answer.', { cause: error })
  }
}

export function isRevert(error: unknown): boolean {
  if (!(error instanceof BaseError)) return false
  const answers = [ContractFunctionRevertedError, ContractFunctionZeroDataError]
  return error.walk((cause) => answers.some((kind) => cause instanceof kind)) !== null
}
