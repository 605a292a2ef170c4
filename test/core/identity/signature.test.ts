import {
  concatHex,
  encodeAbiParameters,
  encodeFunctionData,
  hashMessage,
  numberToHex,
  zeroHash,
  type Address,
  type Hex,
} from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPublicClient, http, type PublicClient } from 'viem'
import { proveSignature } from '../../../core/identity/signature.ts'
import { account, deploy } from '../../support/linking.ts'
import { testChain, type TestChain } from '../../support/chain.ts'
import { testWallet, testWalletFactory } from '../../support/generated.ts'

const message = 'what was shown'
const hash = hashMessage(message)
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

let chain: TestChain
let contract: Address
beforeAll(async () => {
  chain = await testChain()
  const owner = account(chain, 1)
  contract = await deploy(chain, { account: owner, ...testWallet, args: [owner.address] })
})
afterAll(() => chain.stop())

const prove = (
  address: Address,
  signature: string,
  client: PublicClient = chain.client,
): ReturnType<typeof proveSignature> =>
  proveSignature({ chain: { client } } as Parameters<typeof proveSignature>[0], { address, hash, signature })

describe('a plain wallet', () => {
  test('is believed by its key alone, without asking the chain', async () => {
    const wallet = account(chain, 0)
    const signature = await wallet.signMessage({ message })
    const unreachable = createPublicClient({ transport: http('http://127.0.0.1:1', { retryCount: 0 }) })
    expect(await prove(wallet.address, signature, unreachable)).toMatchObject({ how: 'eoa', signature })
  })

  test('may count its recovery byte from 0; what is kept ends in 27 or 28', async () => {
    const wallet = account(chain, 0)
    const signature = await wallet.signMessage({ message })
    const fromZero = signature.slice(0, 130) + (signature.endsWith('1b') ? '00' : '01')
    expect((await prove(wallet.address, fromZero)).signature).toBe(signature)
  })

  test('is refused in the malleable form, which recovers to the same key', async () => {
    const wallet = account(chain, 0)
    const signature = await wallet.signMessage({ message })
    const s = order - BigInt(`0x${signature.slice(66, 130)}`)
    const flipped = concatHex([
      signature.slice(0, 66) as Hex,
      numberToHex(s, { size: 32 }),
      signature.endsWith('1b') ? '0x1c' : '0x1b',
    ])
    await expect(prove(wallet.address, flipped)).rejects.toThrow('malleable form')
  })

  test.each([
    ['no hex', 'signature', 'must be 0x and hex digits'],
    ['nothing', '0x', 'must be 0x and hex digits'],
    ['half a byte', `0x${'1'.repeat(131)}`, 'must be 0x and hex digits'],
    ['64 bytes', `0x${'11'.repeat(64)}`, 'not a signature of'],
    ['66 bytes', `0x${'11'.repeat(66)}`, 'not a signature of'],
    ['an unknown recovery byte', `0x${'11'.repeat(64)}1d`, 'not a signature of'],
    ['zeros', `0x${'00'.repeat(64)}1b`, 'not a signature of'],
    ['a book', `0x${'11'.repeat(20_000)}`, 'too long'],
  ])('is refused with %s', async (_name, signature, words) => {
    await expect(prove(account(chain, 0).address, signature)).rejects.toThrow(words)
  })

  test('is refused for every mutation of a signature', async () => {
    const wallet = account(chain, 0)
    const signature = await wallet.signMessage({ message })
    for (let at = 2; at < signature.length - 2; at++) {
      const digit = ((Number.parseInt(signature.charAt(at), 16) + 1) % 16).toString(16)
      const mutated = signature.slice(0, at) + digit + signature.slice(at + 1)
      await expect(prove(wallet.address, mutated)).rejects.toMatchObject({ name: 'UserError' })
    }
  })
})

describe('a contract wallet', () => {
  test('is asked by EIP-1271, at a block that is kept', async () => {
    const signature = await account(chain, 1).signMessage({ message })
    const proof = await prove(contract, signature)
    expect(proof.how).toBe('erc1271')
    expect(proof.block).toBe(await chain.client.getBlockNumber({ cacheTime: 0 }))
  })

  test('is refused when it says no, or is no wallet at all', async () => {
    const stranger = await account(chain, 2).signMessage({ message })
    await expect(prove(contract, stranger)).rejects.toMatchObject({ code: 'signer' })
    await expect(prove(contract, '0x1234')).rejects.toMatchObject({ code: 'signature' })
    const factory = await deploy(chain, { account: account(chain, 1), ...testWalletFactory })
    await expect(prove(factory, stranger)).rejects.toMatchObject({ name: 'UserError' })
  })

  test('counts before it is deployed (EIP-6492), and the question leaves no trace', async () => {
    const owner = account(chain, 3)
    const { factory, address, wrapped } = await undeployed(owner.address, await owner.signMessage({ message }))
    expect((await prove(address, wrapped)).how).toBe('erc6492')
    expect(await chain.client.getCode({ address })).toBeUndefined()
    const stranger = await undeployed(owner.address, await account(chain, 4).signMessage({ message }), factory)
    await expect(prove(stranger.address, stranger.wrapped)).rejects.toMatchObject({ name: 'UserError' })
  })

  test('may go on wrapping its signatures after it was deployed', async () => {
    const owner = account(chain, 7)
    const signature = await owner.signMessage({ message })
    const { factory, address, wrapped, deployment } = await undeployed(owner.address, signature)
    const sent = await chain.wallet(owner).sendTransaction({ to: factory, data: deployment })
    await chain.client.waitForTransactionReceipt({ hash: sent })
    expect(await prove(address, wrapped)).toMatchObject({ how: 'erc1271', signature })
    await expect(prove(address, `0x12${'6492'.repeat(16)}`)).rejects.toMatchObject({ name: 'UserError' })
  })

  test('is not refused because the chain is away: that may be tried again', async () => {
    const unreachable = createPublicClient({ transport: http('http://127.0.0.1:1', { retryCount: 0 }) })
    const signature = await account(chain, 1).signMessage({ message })
    await expect(prove(contract, signature, unreachable)).rejects.toMatchObject({ name: 'RetryableError' })
  })

  test('an account with code of its own (EIP-7702) still signs with its key', async () => {
    const wallet = account(chain, 5)
    await chain.rpc('anvil_setCode', [wallet.address, concatHex(['0xef0100', contract])])
    expect((await prove(wallet.address, await wallet.signMessage({ message }))).how).toBe('eoa')
    const stranger = await account(chain, 6).signMessage({ message })
    await expect(prove(wallet.address, stranger)).rejects.toMatchObject({ name: 'UserError' })
  })
})

async function undeployed(
  owner: Address,
  signature: Hex,
  known?: Address,
): Promise<{ factory: Address; address: Address; wrapped: Hex; deployment: Hex }> {
  const factory = known ?? (await deploy(chain, { account: account(chain, 1), ...testWalletFactory }))
  const call = { abi: testWalletFactory.abi, args: [owner, zeroHash] } as const
  const address = await chain.client.readContract({ ...call, address: factory, functionName: 'predict' })
  const deployment = encodeFunctionData({ ...call, functionName: 'create' })
  const inner = encodeAbiParameters(
    [{ type: 'address' }, { type: 'bytes' }, { type: 'bytes' }],
    [factory, deployment, signature],
  )
  return { factory, address, deployment, wrapped: concatHex([inner, `0x${'6492'.repeat(16)}`]) }
}
