import {
  decodeFunctionData,
  encodeFunctionData,
  erc20Abi,
  type Abi,
  type AbiParameter,
  type Address,
  type Hex,
} from 'viem'
import {
  autoDao,
  autoDaoFactory,
  autoDaoTimelock,
  autoDaoToken,
  autoIds,
  charter,
  idVotes,
  challenge,
  globalDao,
  nomic,
  ozGovernor,
  pause,
  polls,
} from '../../contracts/generated.ts'
import type { DaoRow } from '../db/tables/governance.ts'
import type { ProposalCall } from './types.ts'

type CallArgument = { name: string; type: string; value: string }

/** What a proposal would do, one call. `known: undefined` is data that no ABI here explains. */
export type ReadCall = {
  target: Address
  /** Who the target is to the DAO, where that is known. */
  targetName: string | undefined
  /** Of the chain's coin, base units. */
  value: bigint
  data: Hex
  known: { name: string; arguments: CallArgument[] } | undefined
  /** What leaves the DAO by a token call that is known. */
  moves: { kind: 'transfer' | 'approve'; to: Address; amount: bigint; ofOwnToken: boolean } | undefined
}

/** Where two of them name a function alike, they mean the same by it. */
const abis: readonly Abi[] = [
  erc20Abi,
  autoDao.abi,
  autoDaoTimelock.abi,
  autoDaoToken.abi,
  ozGovernor.abi,
  nomic.abi,
  polls.abi,
  pause.abi,
  autoIds.abi,
  autoDaoFactory.abi,
  charter.abi,
  idVotes.abi,
  globalDao.abi,
  challenge.abi,
] as readonly Abi[]

/**
 * A call in words as far as they are sure: the data must be exactly what the known function would make of these arguments.
 * What the target makes of it is the target's affair, so it is always named.
 */
export function readCall(call: ProposalCall, dao: Pick<DaoRow, 'address' | 'token' | 'timelock'>): ReadCall {
  const target = call.target as Address
  const data = (call.data || '0x') as Hex
  const decoded = data === '0x' ? undefined : decode(data)
  return {
    target,
    targetName: nameOf(target, dao),
    value: BigInt(call.value),
    data,
    known: decoded && { name: decoded.name, arguments: decoded.arguments },
    moves: decoded && movesOf(decoded, dao.token !== null && isSame(target, dao.token)),
  }
}

type Decoded = NonNullable<ReadCall['known']> & { args: readonly unknown[] }

function decode(data: Hex): Decoded | undefined {
  for (const abi of abis) {
    try {
      const { functionName, args = [] } = decodeFunctionData({ abi, data })
      if (encodeFunctionData({ abi, functionName, args }) !== data.toLowerCase()) continue
      const inputs = inputsOf(abi, functionName, data, args)
      return {
        name: functionName,
        args,
        arguments: args.map((value, i) => ({
          name: inputs[i]?.name || `argument ${i + 1}`,
          type: inputs[i]?.type ?? '',
          value: wordOf(value),
        })),
      }
    } catch {
      // Not of this ABI.
    }
  }
  return undefined
}

/** Overloaded functions share a name; the one that makes this data is meant. */
function inputsOf(abi: Abi, name: string, data: Hex, args: readonly unknown[]): readonly AbiParameter[] {
  for (const item of abi) {
    if (item.type !== 'function' || item.name !== name || item.inputs.length !== args.length) continue
    try {
      if (encodeFunctionData({ abi: [item], functionName: name, args }) === data.toLowerCase()) return item.inputs
    } catch {
      // Another overload.
    }
  }
  return []
}

function movesOf({ name, args }: Decoded, ofOwnToken: boolean): ReadCall['moves'] {
  const [first, second, third] = args
  if ((name === 'transfer' || name === 'approve') && args.length === 2)
    return { kind: name, to: first as Address, amount: second as bigint, ofOwnToken }
  if (name === 'transferFrom') return { kind: 'transfer', to: second as Address, amount: third as bigint, ofOwnToken }
  return undefined
}

function nameOf(target: Address, dao: Pick<DaoRow, 'address' | 'token' | 'timelock'>): string | undefined {
  if (isSame(target, dao.address)) return 'the governor itself'
  if (dao.timelock !== null && isSame(target, dao.timelock)) return "the DAO's timelock"
  if (dao.token !== null && isSame(target, dao.token)) return "the DAO's token"
  return undefined
}

const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()

function wordOf(value: unknown): string {
  if (typeof value === 'string') return value
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'bigint' ? inner.toString() : inner,
  ).replaceAll(/^"|"$/g, '')
}
