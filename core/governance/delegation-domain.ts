import { domainSeparator, isAddressEqual, keccak256, parseAbi, stringToHex, type Address, type Hex } from 'viem'
import type { Context } from '../context.ts'
import { ask, isRevert } from '../chain/ask.ts'

/** The EIP-712 domain of a token; that of Compound's has no version. */
export type TokenDomain = { name: string; version?: string; chainId: number; verifyingContract: Address }

const abi = parseAbi([
  'function name() view returns (string)',
  'function nonces(address owner) view returns (uint256)',
  'function eip712Domain() view returns (bytes1, string name, string version, uint256 chainId, address verifyingContract, bytes32, uint256[])',
  'function DOMAIN_SEPARATOR() view returns (bytes32)',
  'function DOMAIN_TYPEHASH() view returns (bytes32)',
])
const withoutVersion = keccak256(stringToHex('EIP712Domain(string name,uint256 chainId,address verifyingContract)'))

/**
 * In which domain a token has delegations signed: as it says itself (ERC-5267), as Compound's token, or as its separator
 * proves. Undefined when none of them is sure: a token counts a signature for whoever it recovers to.
 */
export async function delegationDomain(ctx: Pick<Context, 'chain'>, token: Address): Promise<TokenDomain | undefined> {
  const { client, id: chainId } = ctx.chain
  const contract = { abi, address: token } as const
  const [name, said, separator, typehash, nonce] = await Promise.all([
    orNothing(() => client.readContract({ ...contract, functionName: 'name' })),
    orNothing(() => client.readContract({ ...contract, functionName: 'eip712Domain' })),
    orNothing(() => client.readContract({ ...contract, functionName: 'DOMAIN_SEPARATOR' })),
    orNothing(() => client.readContract({ ...contract, functionName: 'DOMAIN_TYPEHASH' })),
    orNothing(() => client.readContract({ ...contract, functionName: 'nonces', args: [token] })),
  ])
  if (nonce === undefined) return undefined
  const place = { chainId, verifyingContract: token }
  if (said) return domainSaid(said, place)
  if (name === undefined) return undefined
  if (typehash === withoutVersion) return { name, ...place }
  const usual = { name, version: '1', ...place }
  return separator === domainSeparator({ domain: usual }) ? usual : undefined
}

/** ERC-5267; another chain's or contract's domain is none of ours. */
function domainSaid(
  [fields, name, version, chainId, contract]: readonly [Hex, string, string, bigint, Address, ...unknown[]],
  place: Pick<TokenDomain, 'chainId' | 'verifyingContract'>,
): TokenDomain | undefined {
  if (chainId !== BigInt(place.chainId) || !isAddressEqual(contract, place.verifyingContract)) return undefined
  if (fields === '0x0f') return { name, version, ...place }
  return fields === '0x0d' ? { name, ...place } : undefined
}

async function orNothing<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask(read)
  } catch (error) {
    if (isRevert(error)) return undefined
    throw error
  }
}
