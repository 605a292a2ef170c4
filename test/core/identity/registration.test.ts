import { encodeFunctionData, hashTypedData, type LocalAccount } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { autoIds } from '../../../contracts/generated.ts'
import { autoIdOf } from '../../../core/identity/auto-id.ts'
import { confirmLink } from '../../../core/identity/confirm.ts'
import { linkMessage } from '../../../core/identity/link.ts'
import { registrationCall, signRegistration, type RegistrationOffer } from '../../../core/identity/registration.ts'
import { account, caller, deploy, linkWorld, openPage, signOn, type LinkWorld } from '../../support/linking.ts'
import { testWallet } from '../../support/generated.ts'

let world: LinkWorld
beforeAll(async () => {
  world = await linkWorld()
})
afterAll(() => world.stop())

const sign = (wallet: LocalAccount, offer: RegistrationOffer | undefined): Promise<string> => {
  if (!offer) throw new Error('nothing was offered')
  return wallet.signTypedData(offer.typedData as never)
}

describe('an Auto ID', () => {
  test('is offered once a person, signed as shown, and taken by the registry', async () => {
    const { ctx, chain } = world
    const wallet = account(chain, 0)
    const browser = await openPage(ctx, caller('alice'))
    const { registration, autoId, code } = await signOn(ctx, browser, wallet)
    expect(autoId).toBeUndefined()
    expect(hashTypedData(registration?.typedData as never)).toBe(registration?.digest)
    const signature = await sign(wallet, registration)
    expect(await signRegistration(ctx, { ...browser, signature })).toEqual({ state: 'accepted' })
    expect(await signRegistration(ctx, { ...browser, signature })).toEqual({ state: 'accepted' })
    const rows = await ctx.db.selectFrom('registration').selectAll().where('controller', '=', wallet.address).execute()
    expect(rows).toHaveLength(1)
    await confirmLink(ctx, { caller: caller('alice'), code })
    const hash = await chain.wallet(account(chain, 9)).sendTransaction({
      to: ctx.chain.addresses.autoIds,
      data: encodeFunctionData({
        abi: autoIds.abi,
        functionName: 'registerMany',
        args: [rows.map((row) => registrationCall(row.payload)), rows.map((row) => row.signature as `0x${string}`)],
      }),
    })
    await chain.client.waitForTransactionReceipt({ hash })
    expect(await autoIdOf(ctx, wallet.address)).toEqual({ id: 1n, kind: 'person' })
    expect(await autoIdOf(ctx, wallet.address)).toEqual({ id: 1n, kind: 'person' })
    const again = await signOn(ctx, await openPage(ctx, caller('alice')), wallet)
    expect(again).toMatchObject({ autoId: { wallet: wallet.address, id: '1', kind: 'person' } })
    expect(again.registration).toBeUndefined()
    const second = await signOn(ctx, await openPage(ctx, caller('alice')), account(chain, 8))
    expect(second).toMatchObject({ autoId: { wallet: wallet.address, id: '1' } })
    expect(second.registration).toBeUndefined()
  })

  test('that a wallet is linked with is told to nobody who only names the wallet', async () => {
    const { ctx, chain } = world
    const other = account(chain, 7)
    const { code } = await signOn(ctx, await openPage(ctx, caller('alice')), other)
    await confirmLink(ctx, { caller: caller('alice'), code })
    const stranger = await openPage(ctx, caller('stranger'))
    const textFor = async ({ address }: LocalAccount) =>
      (await linkMessage(ctx, { ...stranger, address, chainId: ctx.chain.id })).message
    expect(await textFor(account(chain, 0))).toContain('autoid:31337:1')
    expect(await textFor(other)).not.toContain('autoid:')
  })

  test('may be signed after the code was typed, as long as the page is the same', async () => {
    const { ctx, chain } = world
    const wallet = account(chain, 1)
    const browser = await openPage(ctx, caller('later'))
    const { registration, code } = await signOn(ctx, browser, wallet)
    await confirmLink(ctx, { caller: caller('later'), code })
    const signature = await sign(wallet, registration)
    await expect(signRegistration(ctx, { ...browser, cookie: 'other', signature })).rejects.toMatchObject({
      code: 'used',
    })
    expect(await signRegistration(ctx, { ...browser, signature })).toEqual({ state: 'accepted' })
  })

  test('is refused with the signature of another wallet, or before the link is signed', async () => {
    const { ctx, chain } = world
    const browser = await openPage(ctx, caller('wrong'))
    await expect(signRegistration(ctx, { ...browser, signature: '0x12' })).rejects.toMatchObject({ code: 'step' })
    const { registration } = await signOn(ctx, browser, account(chain, 2))
    const signature = await sign(account(chain, 3), registration)
    await expect(signRegistration(ctx, { ...browser, signature })).rejects.toMatchObject({ code: 'signer' })
  })

  test('of a contract wallet is signed by its owner', async () => {
    const { ctx, chain } = world
    const owner = account(chain, 4)
    const address = await deploy(chain, { account: owner, ...testWallet, args: [owner.address] })
    const smart = { ...owner, address }
    const browser = await openPage(ctx, caller('smart'))
    const { registration } = await signOn(ctx, browser, smart)
    expect(await signRegistration(ctx, { ...browser, signature: await sign(owner, registration) })).toEqual({
      state: 'accepted',
    })
  })

  test('is not offered where nobody could send it, and the link works all the same', async () => {
    const { ctx, chain } = world
    const alone = { ...ctx, chain: { ...ctx.chain, relayer: undefined } }
    const who = caller('alone')
    const { registration, code } = await signOn(alone, await openPage(alone, who), account(chain, 5))
    expect(registration).toBeUndefined()
    expect((await confirmLink(alone, { caller: who, code })).wallets).toHaveLength(1)
  })
})
