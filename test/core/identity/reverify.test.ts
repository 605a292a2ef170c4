import { createPublicClient, http } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findPerson } from '../../../core/identity/person.ts'
import { reverifyWallets } from '../../../core/identity/reverify.ts'
import { account, caller, deploy, linkWallet, linkWorld, type LinkWorld } from '../../support/linking.ts'
import { testWallet } from '../../support/generated.ts'

let world: LinkWorld
beforeAll(async () => {
  world = await linkWorld()
})
afterAll(() => world.stop())

test('a contract wallet is asked again after a week, and unlinked when it no longer agrees', async () => {
  const { ctx, chain } = world
  const owner = account(chain, 1)
  const address = await deploy(chain, { account: owner, ...testWallet, args: [owner.address] })
  const who = caller('smart')
  await linkWallet(ctx, who, account(chain, 0))
  await linkWallet(ctx, who, { ...owner, address })
  const wallets = async (): Promise<string[]> =>
    ((await findPerson(ctx, who))?.wallets ?? []).map((wallet) => wallet.address)
  const verifiedAt = async (): Promise<string | null | undefined> =>
    (await findPerson(ctx, who))?.wallets.find((wallet) => wallet.address === address)?.block_number
  const first = await verifiedAt()
  await chain.rpc('anvil_mine', ['0x5'])
  await reverifyWallets(ctx)
  expect(await verifiedAt()).toBe(first)

  world.wait(8 * 24 * 60)
  await reverifyWallets(ctx)
  expect(Number(await verifiedAt())).toBe(Number(first) + 5)

  await chain.rpc('anvil_setCode', [address, '0x00'])
  world.wait(8 * 24 * 60)
  const away = createPublicClient({ transport: http('http://127.0.0.1:1', { retryCount: 0 }) })
  await reverifyWallets({ ...ctx, chain: { ...ctx.chain, client: away } })
  expect(await wallets()).toContain(address)
  await reverifyWallets(ctx)
  expect(await wallets()).toEqual([account(chain, 0).address])
})
