import { encodeFunctionData, parseAbi, parseEther, zeroAddress, type Address } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acceptSent, acceptSigned } from '../../../core/actions/accept.ts'
import { openAction, type Step } from '../../../core/actions/open.ts'
import { actionAsked, actionPage } from '../../../core/actions/page.ts'
import { findPerson } from '../../../core/identity/person.ts'
import { actionJob } from '../../../core/actions/jobs/action.ts'
import { ballotWorld, settleNow, wordsOf, type BallotWorld } from '../../support/ballots.ts'
import { caller, linkWallet } from '../../support/linking.ts'

let w: BallotWorld
let token: Address
beforeAll(async () => {
  w = await ballotWorld()
  token = w.autoDao.token
})
afterAll(() => w.stop())

const abi = parseAbi([
  'function transfer(address to, uint256 value) returns (bool)',
  'function delegates(address account) view returns (address)',
  'function balanceOf(address account) view returns (uint256)',
])
const friend = '0x000000000000000000000000000000000000bEEF'

const sendStep = (value: bigint): Step => ({
  kind: 'send',
  label: 'Send 1 TEST to a friend',
  to: token,
  data: encodeFunctionData({ abi, functionName: 'transfer', args: [friend, value] }),
})
const signStep = (nonce: bigint): Step => ({
  kind: 'sign',
  label: 'Give your votes to a friend',
  typedData: {
    domain: { name: 'Test DAO', version: '1', chainId: 31_337, verifyingContract: token },
    types: {
      Delegation: [
        { name: 'delegatee', type: 'address' },
        { name: 'nonce', type: 'uint256' },
        { name: 'expiry', type: 'uint256' },
      ],
    },
    primaryType: 'Delegation',
    message: { delegatee: friend, nonce, expiry: 2n ** 40n },
  },
  relay: {
    to: token,
    abi: 'function delegateBySig(address delegatee, uint256 nonce, uint256 expiry, uint8 v, bytes32 r, bytes32 s)',
    args: [friend, nonce, 2n ** 40n, '$v', '$r', '$s'],
  },
})

/** A voter who is linked, and a page for them with these steps. */
async function opened(user: string, voter: number, steps: readonly Step[]) {
  const wallet = w.voters[voter]!
  await linkWallet(w.ctx, caller(user), wallet)
  const person = await findPerson(w.ctx, caller(user))
  const { url } = await openAction(w.ctx, {
    person: person!,
    caller: caller(user),
    wallet: wallet.address,
    title: 'Help a friend',
    about: 'They asked for it.',
    rows: { Friend: friend },
    steps,
    next: [{ label: 'Your weight', run: 'power test' }],
  })
  return { secret: url.split('/').at(-1) ?? '', wallet }
}

const cardOf = async (user: string) => {
  const row = await w.ctx.db
    .selectFrom('effect')
    .select('view')
    .where('key', 'like', 'action/%')
    .where('channel', 'like', `%${user}%`)
    .orderBy('updated_at', 'desc')
    .executeTakeFirstOrThrow()
  return wordsOf(row.view as never)
}

async function signAsked(
  secret: string,
  wallet: BallotWorld['voters'][number],
): Promise<{ number: number; signature: string }> {
  const asked = await actionAsked(w.ctx, { secret })
  if (!('typedData' in asked)) throw new Error('there is nothing to sign')
  return { number: asked.number, signature: await wallet.signTypedData(asked.typedData as never) }
}

describe('what a wallet does on a page', () => {
  test('is a transaction of its own and then a signature that is relayed, and the conversation follows both', async () => {
    const { secret, wallet } = await opened('doer', 0, [sendStep(parseEther('1')), signStep(0n)])
    const asked = await actionAsked(w.ctx, { secret })
    expect(asked).toMatchObject({ number: 0, transaction: { from: wallet.address, to: token, value: '0x0' } })
    await expect(acceptSigned(w.ctx, { secret, number: 1, signature: '0x12' })).rejects.toThrow('not at this step')

    const { data } = (asked as { transaction: { data: `0x${string}` } }).transaction
    const hash = await w.chain.wallet(wallet).sendTransaction({ to: token, data, chain: null, account: wallet })
    await w.ctx.chain.client.waitForTransactionReceipt({ hash })
    await acceptSent(w.ctx, { secret, number: 0, hash })
    expect(await cardOf('doer')).toContain('Send 1 TEST to a friend: sent by your wallet')
    await actionJob.run(w.ctx, {})
    expect(await cardOf('doer')).toMatch(/Send 1 TEST to a friend: sent → done in block \d+/)

    await acceptSigned(w.ctx, { secret, ...(await signAsked(secret, wallet)) })
    expect(await cardOf('doer')).toContain('Give your votes to a friend: signed')
    await actionJob.run(w.ctx, {})
    await settleNow(w)
    expect(await cardOf('doer')).toContain('Done: Help a friend')
    expect(
      await w.ctx.chain.client.readContract({ abi, address: token, functionName: 'delegates', args: [wallet.address] }),
    ).toBe(friend)
    expect((await actionPage(w.ctx, { secret })).steps.map(({ state }) => state)).toEqual(['done', 'done'])
    await expect(actionAsked(w.ctx, { secret })).rejects.toThrow('done already')
  })

  test('is open again when the hash names another transaction than the one that was asked for', async () => {
    const { secret, wallet } = await opened('other', 1, [sendStep(parseEther('1'))])
    const hash = await w.chain.wallet(wallet).sendTransaction({ to: zeroAddress, chain: null, account: wallet })
    await w.ctx.chain.client.waitForTransactionReceipt({ hash })
    await acceptSent(w.ctx, { secret, number: 0, hash })
    await actionJob.run(w.ctx, {})
    const { steps } = await actionPage(w.ctx, { secret })
    expect(steps).toMatchObject([{ state: 'open', reason: 'That transaction was another one.' }])
  })

  test('is refused in words when the contract would refuse it, and nothing is stored', async () => {
    const { secret, wallet } = await opened('late', 2, [signStep(7n)])
    await expect(acceptSigned(w.ctx, { secret, ...(await signAsked(secret, wallet)) })).rejects.toThrow(
      'The contract refuses this: invalid account nonce.',
    )
    expect((await actionPage(w.ctx, { secret })).steps[0]?.state).toBe('open')
  })

  test('is nobody’s any more after its hour, or when the wallet is unlinked', async () => {
    const { secret } = await opened('slow', 3, [sendStep(1n)])
    await w.app.run({ caller: caller('slow'), channel: { platform: 'test', id: 'x' }, line: 'unlink' })
    await expect(actionPage(w.ctx, { secret })).rejects.toThrow('not linked any more')
    const later = await opened('later', 4, [sendStep(1n)])
    w.wait(61)
    await expect(actionPage(w.ctx, { secret: later.secret })).rejects.toThrow('This page has expired.')
  })

  test('is not opened for a wallet of somebody else', async () => {
    await linkWallet(w.ctx, caller('thief'), w.deployer.wallet.account as never)
    const person = await findPerson(w.ctx, caller('thief'))
    const ask = { person: person!, caller: caller('thief'), title: 't', about: 'a', steps: [sendStep(1n)] }
    await expect(openAction(w.ctx, { ...ask, wallet: friend })).rejects.toThrow('not linked to your account')
  })
})
