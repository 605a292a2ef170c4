import {
  BaseError,
  ContractFunctionRevertedError,
  ContractFunctionZeroDataError,
  encodeDeployData,
  erc6492SignatureValidatorAbi,
  erc6492SignatureValidatorByteCode,
  ExecutionRevertedError,
  isErc6492Signature,
  isHex,
  parseAbi,
  parseErc6492Signature,
  recoverAddress,
  RawContractError,
  size,
  type Address,
  type Hex,
} from 'viem'
import type { Context } from '../context.ts'
import { RetryableError, UserError } from '../errors.ts'

/** How an address agreed to a hash; `block` is where the contract said so. A plain signature ends in 27 or 28. */
export type Proof = { how: 'eoa' | 'erc1271' | 'erc6492'; block: bigint | undefined; signature: Hex }

type Claim = { address: Address; hash: Hex; signature: string }

const halfOrder = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n
const maxBytes = 16_384
const walletAbi = parseAbi(['function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)'])
const agreed = '0x1626ba7e'
const again = 'Sign again on the page, with the wallet that it names.'

/**
 * A key of the address first (no RPC needed), then the contract at the address (EIP-1271), then one that is not deployed
 * yet (EIP-6492, by a call that leaves no trace).
 */
export async function proveSignature(ctx: Pick<Context, 'chain'>, claim: Claim): Promise<Proof> {
  const { address, hash, signature } = claim
  if (!isHex(signature, { strict: true }) || size(signature) === 0 || signature.length % 2 === 1)
    throw new UserError('This is not a signature: it must be 0x and hex digits.', { code: 'signature', hint: again })
  if (size(signature) > maxBytes)
    throw new UserError('This signature is too long.', { code: 'signature', hint: `At most ${maxBytes} bytes.` })
  const plain = readPlain(signature)
  const signer = plain.canonical && (await recoverAddress({ hash, signature: plain.canonical }).catch(() => undefined))
  if (plain.canonical && signer === address) return { how: 'eoa', block: undefined, signature: plain.canonical }
  return (await askContract(ctx, { address, hash, signature })) ?? refuse({ address, plain, signer })
}

type Plain = { canonical?: Hex; malleable?: true }

/** r, s, v in 65 bytes with the low s; some wallets count v from 0. */
function readPlain(signature: Hex): Plain {
  if (size(signature) !== 65) return {}
  const v = Number.parseInt(signature.slice(130), 16)
  if (![0, 1, 27, 28].includes(v)) return {}
  if (BigInt(`0x${signature.slice(66, 130)}`) > halfOrder) return { malleable: true }
  return { canonical: `${signature.slice(0, 130)}${v % 27 === 0 ? '1b' : '1c'}`.toLowerCase() as Hex }
}

async function askContract(ctx: Pick<Context, 'chain'>, claim: Claim & { signature: Hex }): Promise<Proof | undefined> {
  const { client } = ctx.chain
  const { address, hash, signature } = claim
  try {
    const block = await client.getBlockNumber({ cacheTime: 0 })
    const code = await client.getCode({ address, blockNumber: block })
    if (code && code !== '0x') {
      const inner = unwrap(signature)
      const call = { abi: walletAbi, address, functionName: 'isValidSignature', args: [hash, inner] } as const
      const word = await client.readContract({ ...call, blockNumber: block }).catch(no)
      return word === agreed ? { how: 'erc1271', block, signature: inner } : undefined
    }
    if (!isErc6492Signature(signature)) return undefined
    const data = encodeDeployData({
      abi: erc6492SignatureValidatorAbi,
      bytecode: erc6492SignatureValidatorByteCode,
      args: [address, hash, signature],
    })
    const said = await client.call({ data, blockNumber: block }).catch(no)
    return said?.data !== undefined && BigInt(said.data) === 1n ? { how: 'erc6492', block, signature } : undefined
  } catch (cause) {
    throw new RetryableError('The chain does not answer, so a contract wallet cannot be asked.', { cause })
  }
}

/** Wallets go on wrapping for a while after they were deployed; the contract itself knows only what is inside. */
function unwrap(signature: Hex): Hex {
  if (!isErc6492Signature(signature)) return signature
  try {
    return parseErc6492Signature(signature).signature
  } catch {
    return signature
  }
}

/** A contract that reverts or answers nonsense has answered: no. An RPC that fails has not. */
function no(error: unknown): undefined {
  const answers = [
    ContractFunctionRevertedError,
    ContractFunctionZeroDataError,
    ExecutionRevertedError,
    RawContractError,
  ]
  if (error instanceof BaseError) {
    const found = error.walk((cause) => answers.some((kind) => cause instanceof kind) || isDecoding(cause))
    if (found) return undefined
  }
  throw error
}

const isDecoding = (error: unknown): boolean =>
  error instanceof Error && /^(AbiDecoding|InvalidBytes|PositionOutOfBounds|SliceOffset)/.test(error.name)

function refuse(params: { address: Address; plain: Plain; signer: Address | undefined }): never {
  if (params.plain.malleable)
    throw new UserError('This signature is in the malleable form (high s), which AutoCo does not take.', {
      code: 'signature',
      hint: again,
    })
  if (params.signer)
    throw new UserError(`This was signed by ${params.signer}, not by ${params.address}.`, {
      code: 'signer',
      hint: again,
    })
  throw new UserError(`This is not a signature of ${params.address}.`, { code: 'signature', hint: again })
}
