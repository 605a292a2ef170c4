import {
  hashTypedData,
  isAddressEqual,
  parseAbi,
  parseSignature,
  recoverAddress,
  serializeSignature,
  toHex,
  type Address,
  type Hex,
  type PublicClient,
} from 'viem'
import type { PlainVote, SeatBallot } from './calls.ts'
import { governorAbi, type Governor } from './chain.ts'

type Signed = NonNullable<PlainVote['signed']>
type Place = { governor: Governor; proposalId: bigint; block: bigint }

const ballotType = [
  { name: 'proposalId', type: 'uint256' },
  { name: 'proposal', type: 'string' },
  { name: 'choice', type: 'string' },
  { name: 'seat', type: 'uint32' },
  { name: 'sequence', type: 'uint8' },
  { name: 'reason', type: 'bytes32' },
] as const
const voteType = [
  { name: 'proposalId', type: 'uint256' },
  { name: 'support', type: 'uint8' },
  { name: 'voter', type: 'address' },
  { name: 'nonce', type: 'uint256' },
] as const
const extendedType = [...voteType, { name: 'reason', type: 'string' }, { name: 'params', type: 'bytes' }] as const

const choices = ['', 'Against', 'For', 'Abstain'] as const
const halfOrder = 0x7fff_ffff_ffff_ffff_ffff_ffff_ffff_ffff_5d57_6e73_57a4_501d_dfe9_2f46_681b_20a0n
const walletAbi = parseAbi(['function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)'])
const registryAbi = parseAbi(['function keyOk(uint256 id, address key, address scope) view returns (bool)'])
/** An account that signed more votes than this before is beyond what I try. */
const maxNonces = 2_000n

/** Whether the ballot is signed for the account and Auto ID of its seat. */
export async function isSeatSigned(
  client: PublicClient,
  params: Place & { title: string; ballot: SeatBallot; account: Address; autoId: bigint },
): Promise<boolean> {
  const { governor, proposalId, title, ballot, account } = params
  const choice = choices[ballot.mark & 15]
  if (!choice) return false
  const { seat, mark, reason, signer, signature } = ballot
  const digest = hashTypedData({
    domain: governor.domain,
    types: { Ballot: ballotType },
    primaryType: 'Ballot',
    message: { proposalId, proposal: title, choice, seat, sequence: mark >> 4, reason },
  })
  if (!signer) return isKeySigned({ digest, signature, by: account })
  if (!isAddressEqual(signer, account) && !(await isVotingKey(client, { ...params, key: signer }))) return false
  return isSigned(client, { digest, signature, by: signer, block: params.block })
}

/** Whether a vote by the governor's own signed form is its voter's: the nonce is not in the calldata, so all used are tried. */
export async function isVoteSigned(
  client: PublicClient,
  params: Place & { support: number; vote: Signed },
): Promise<boolean> {
  const { governor, proposalId, support, vote, block } = params
  const { voter, text, signature } = vote
  for (const nonce of await usedNonces(client, params)) {
    const message = { proposalId, support, voter, nonce }
    const digest = text
      ? hashTypedData({
          domain: governor.domain,
          types: { ExtendedBallot: extendedType },
          primaryType: 'ExtendedBallot',
          message: { ...message, ...text },
        })
      : hashTypedData({ domain: governor.domain, types: { Ballot: voteType }, primaryType: 'Ballot', message })
    if (await isSigned(client, { digest, signature, by: voter, block })) return true
  }
  return false
}

async function usedNonces(client: PublicClient, params: Place & { vote: Signed }): Promise<bigint[]> {
  const { governor, proposalId, vote } = params
  const contract = { abi: governorAbi, address: governor.address, functionName: 'nonces' } as const
  const key = BigInt.asUintN(192, proposalId)
  const [plain, keyed] = await Promise.all([
    client.readContract({ ...contract, args: [vote.voter] }),
    governor.isAutoDao ? client.readContract({ ...contract, args: [vote.voter, key] }) : undefined,
  ])
  const first = key << 64n
  return [...range(first, keyed ?? first), ...range(plain > maxNonces ? plain - maxNonces : 0n, plain)]
}

const range = (from: bigint, to: bigint): bigint[] =>
  Array.from({ length: Number(to - from) }, (_, index) => from + BigInt(index))

/** A voting key may have been taken away since, so the registry is asked at the block in which the ballot counted. */
const isVotingKey = (
  client: PublicClient,
  { governor, autoId, key, block }: Place & { autoId: bigint; key: Address },
): Promise<boolean> =>
  governor.autoIds
    ? client.readContract({
        abi: registryAbi,
        address: governor.autoIds,
        functionName: 'keyOk',
        args: [autoId, key, governor.address],
        blockNumber: block,
      })
    : Promise.resolve(false)

async function isSigned(
  client: PublicClient,
  params: { digest: Hex; signature: Hex; by: Address; block: bigint },
): Promise<boolean> {
  if (await isKeySigned(params)) return true
  const { digest, signature, by, block } = params
  const answer = await client
    .readContract({
      abi: walletAbi,
      address: by,
      functionName: 'isValidSignature',
      args: [digest, signature],
      blockNumber: block,
    })
    .catch(() => undefined)
  return answer === '0x1626ba7e'
}

async function isKeySigned({ digest, signature, by }: { digest: Hex; signature: Hex; by: Address }): Promise<boolean> {
  try {
    const { r, s, yParity } = split(signature)
    if (BigInt(s) > halfOrder) return false
    const signer = await recoverAddress({ hash: digest, signature: serializeSignature({ r, s, yParity }) })
    return isAddressEqual(signer, by)
  } catch {
    return false
  }
}

function split(signature: Hex): { r: Hex; s: Hex; yParity: number } {
  if (signature.length !== 130) return parseSignature(signature)
  const word = BigInt(`0x${signature.slice(66)}`)
  return {
    r: signature.slice(0, 66) as Hex,
    s: toHex(word & ((1n << 255n) - 1n), { size: 32 }),
    yParity: Number(word >> 255n),
  }
}
