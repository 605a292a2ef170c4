import {
  decodeFunctionResult,
  encodeFunctionData,
  parseAbi,
  zeroAddress,
  type Address,
  type ContractFunctionReturnType,
  type Hex,
} from 'viem'
import type { Context } from '../../context.ts'
import { askNode, resultOf, type NodeAnswer } from '../../chain/node.ts'

const abi = parseAbi([
  'function name() view returns (string)',
  'function version() view returns (string)',
  'function clock() view returns (uint48)',
  'function CLOCK_MODE() view returns (string)',
  'function COUNTING_MODE() view returns (string)',
  'function BALLOT_TYPEHASH() view returns (bytes32)',
  'function EXTENDED_BALLOT_TYPEHASH() view returns (bytes32)',
  'function DOMAIN_TYPEHASH() view returns (bytes32)',
  'function eip712Domain() view returns (bytes1, string, string, uint256, address, bytes32, uint256[])',
  'function token() view returns (address)',
  'function comp() view returns (address)',
  'function quorumVotes() view returns (uint256)',
  'function timelock() view returns (address)',
  'function autoDaoVersion() view returns (string)',
  'function seatOf(address) view returns (uint32, uint48)',
  'function delegates(address) view returns (address)',
  'function getPriorVotes(address, uint256) view returns (uint256)',
  'function getMinDelay() view returns (uint256)',
  'function delay() view returns (uint256)',
  'function GRACE_PERIOD() view returns (uint256)',
])
export type Views = {
  [F in (typeof abi)[number] as F['name']]?: ContractFunctionReturnType<typeof abi, 'view', F['name']>
}
const ofAccount: Partial<Record<keyof Views, unknown[]>> = {
  seatOf: [zeroAddress],
  delegates: [zeroAddress],
  getPriorVotes: [zeroAddress, 0n],
}

/**
 * Asks for views that need not be there, in one request: what is no clean answer counts as not there. Undefined when
 * there is no contract at all.
 */
export async function readViews(
  ctx: Pick<Context, 'chain'>,
  address: Address,
  names: readonly (keyof Views)[],
): Promise<Views | undefined> {
  const [code, ...answers] = await askNode(ctx.chain.url, [
    { method: 'eth_getCode', params: [address, 'latest'] },
    ...names.map((functionName) => {
      const args = ofAccount[functionName] ?? []
      const data = encodeFunctionData({ abi, functionName, args } as Parameters<typeof encodeFunctionData>[0])
      return { method: 'eth_call', params: [{ to: address, data }, 'latest'] }
    }),
  ])
  if (resultOf(code) === '0x') return undefined
  return Object.fromEntries(names.map((name, at) => [name, decoded(name, answers[at])])) as Views
}

function decoded(functionName: keyof Views, answer: NodeAnswer | undefined): unknown {
  if (!answer || 'fault' in answer) return undefined
  try {
    return decodeFunctionResult({ abi, functionName, data: answer.result as Hex })
  } catch {
    return undefined
  }
}
