import { BaseError, decodeErrorResult, ExecutionRevertedError, type Abi, type Hex } from 'viem'
import * as contracts from '../../contracts/generated.ts'
import { isRevert } from '../governance/ask.ts'

/** Every error that a contract of ours may answer with. */
const errors: Abi = Object.values(contracts).flatMap((contract) =>
  typeof contract === 'string' ? [] : (contract.abi as Abi).filter((item) => item.type === 'error'),
)

/** Why a contract refuses a call, in words; undefined when it was not the contract that refused. */
export function refusalOf(error: unknown): string | undefined {
  if (!isRevert(error) && !isReverted(error)) return undefined
  const name = nameOf(dataIn(error))
  if (name === undefined) return 'The contract refuses this.'
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase()
  return `The contract refuses this: ${words}.`
}

/** As viem tells it of a call without an ABI. */
const isReverted = (error: unknown): boolean =>
  error instanceof BaseError && error.walk((each) => each instanceof ExecutionRevertedError) !== null

/** The name of the error that a contract of ours answered with. */
export const refusalName = (error: unknown): string | undefined => nameOf(dataIn(error))

function nameOf(data: Hex | undefined): string | undefined {
  if (data === undefined || data === '0x') return undefined
  try {
    return decodeErrorResult({ abi: errors, data }).errorName
  } catch {
    return undefined
  }
}

/** The innermost error has what the contract answered with. */
function dataIn(error: unknown): Hex | undefined {
  const holds = (each: unknown): boolean => typeof (each as { data?: unknown }).data === 'string'
  const found = error instanceof BaseError ? error.walk(holds) : undefined
  return (found as { data?: Hex } | null | undefined)?.data
}
