import { encodeFunctionData, parseAbi, parseEther, type Address } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  acceptDelegation,
  delegationPage,
  delegationState,
  delegationTypedData,
  openDelegation,
} from '../../../core/ballots/delegate.ts'
import { findDao } from '../../../core/governance/dao.ts'
import { findPerson } from '../../../core/identity/person.ts'
import { delegateJob } from '../../../core/delegates/jobs/delegate.ts'
import { sendCall } from '../../../bots/world/deploy.ts'
import { ballotWorld, wordsOf, type BallotWorld, settleNow } from '../../support/ballots.ts'
import { account, caller, channel, linkWallet } from '../../support/linking.ts'

let w: BallotWorld
beforeAll(async () => {
  w = await ballotWorld()
})
afterAll(() => w.stop())

const tokenAbi = parseAbi([
  'function transfer(address to, uint256 value) returns (bool)',
  'function delegate(address delegatee)',
  'function delegates(address account) view returns (address)',
  'function getVotes(address account) view returns (uint256)',
])
const votesOf = (token: Address, of: Address) =>
  w.ctx.chain.client.readContract({ abi: tokenAbi, address: token, functionName: 'getVotes', args: [of] })

async function openPage(user: string, slug: string, to?: Address): Promise<string> {
  const person = await findPerson(w.ctx, caller(user))
  const { url } = await openDelegation(w.ctx, { person: person!, dao: await findDao(w.ctx, slug), to })
  return url.split('/').at(-1) ?? ''
}

describe('weight that nobody votes with', () => {
  test('is named by /power with the way out, and comes back by one signature and no gas, in two tokens at once', async () => {
    const wallet = account(w.chain, 6)
    await linkWallet(w.ctx, caller('idle'), wallet)
    for (const { token } of [w.autoDao, w.ozDao])
      await sendCall(
        { ...w.deployer, wallet: w.chain.wallet(w.voters[4]!) },
        {
          to: token,
          data: encodeFunctionData({
            abi: tokenAbi,
            functionName: 'transfer',
            args: [wallet.address, parseEther('5')],
          }),
        },
      )
    await w.chain.travel(1)
    const { view } = await w.app.run({ caller: caller('idle'), channel, line: 'power auto' })
    expect(wordsOf(view)).toContain('holds 5 TEST but has not delegated it')
    expect(view.actions).toContainEqual({ label: 'Delegate to yourself', run: 'delegate auto', style: 'primary' })

    const ids: string[] = []
    for (const slug of ['auto', 'oz']) {
      const id = await openPage('idle', slug)
      expect((await delegationPage(w.ctx, { id })).wallets).toEqual([wallet.address])
      const typedData = await delegationTypedData(w.ctx, { id, address: wallet.address })
      const signature = await wallet.signTypedData(typedData as never)
      const accepted = await acceptDelegation(w.ctx, { id, address: wallet.address, signature })
      ids.push(accepted.id)
    }
    const before = await w.ctx.chain.client.getBalance({ address: wallet.address })
    await Promise.all([delegateJob.run(w.ctx, {}), delegateJob.run(w.ctx, {})])
    await settleNow(w)
    for (const id of ids) expect(await delegationState(w.ctx, { id })).toMatchObject({ state: 'done' })
    expect(await votesOf(w.autoDao.token, wallet.address)).toBe(parseEther('5'))
    expect(await votesOf(w.ozDao.token, wallet.address)).toBe(parseEther('5'))
    expect(await w.ctx.chain.client.getBalance({ address: wallet.address })).toBe(before)
    const sent = await w.ctx.db.selectFrom('intent').select('id').where('purpose', '=', 'delegate').execute()
    expect(sent).toHaveLength(2)
  })
})

describe('a delegation is refused', () => {
  test('when another wallet signed it', async () => {
    const id = await openPage('voter0', 'auto', w.voters[1]!.address)
    const address = w.voters[0]!.address
    const typedData = await delegationTypedData(w.ctx, { id, address })
    const signature = await w.voters[2]!.signTypedData(typedData as never)
    await expect(acceptDelegation(w.ctx, { id, address, signature })).rejects.toMatchObject({
      code: 'signer',
      message: 'Another wallet signed this.',
    })
  })

  test('when the wallet delegated by itself meanwhile', async () => {
    const id = await openPage('voter1', 'oz', w.voters[2]!.address)
    const wallet = w.voters[1]!
    const typedData = await delegationTypedData(w.ctx, { id, address: wallet.address })
    const signature = await wallet.signTypedData(typedData as never)
    const accepted = await acceptDelegation(w.ctx, { id, address: wallet.address, signature })
    await delegateJob.run(w.ctx, {})
    await settleNow(w)
    expect(await delegationState(w.ctx, accepted)).toMatchObject({ state: 'done' })
    await expect(acceptDelegation(w.ctx, { id, address: wallet.address, signature })).rejects.toMatchObject({
      code: 'nonce',
    })
  })

  test('once the wallet is unlinked or its person erased, and the page names it no more', async () => {
    const wallet = account(w.chain, 7)
    await linkWallet(w.ctx, caller('leaver'), wallet)
    const id = await openPage('leaver', 'auto')
    expect((await delegationPage(w.ctx, { id })).wallets).toEqual([wallet.address])
    await w.app.run({ caller: caller('leaver'), channel, line: 'erase yes' })
    await expect(delegationPage(w.ctx, { id })).rejects.toMatchObject({ code: 'not-linked' })
  })

  test('on a page that is unknown or for a wallet that is not one’s own', async () => {
    await expect(delegationPage(w.ctx, { id: 'nonsense' })).rejects.toMatchObject({ code: 'expired' })
    const id = await openPage('voter3', 'auto')
    await expect(delegationTypedData(w.ctx, { id, address: w.voters[4]!.address })).rejects.toMatchObject({
      code: 'foreign-wallet',
    })
  })
})
