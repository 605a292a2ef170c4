import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { LocalAccount } from 'viem'
import { readAutoId } from '../../../../core/identity/auto-id.ts'
import { confirmLink } from '../../../../core/identity/confirm.ts'
import { signRegistration } from '../../../../core/identity/registration.ts'
import { registerJob, registerOutcome } from '../../../../core/ids/jobs/register.ts'
import type { Caller } from '../../../../core/platform.ts'
import { account, caller, linkWorld, openPage, signOn, type LinkWorld } from '../../../support/linking.ts'

let world: LinkWorld
beforeAll(async () => {
  world = await linkWorld()
})
afterAll(() => world.stop())

async function agree(who: Caller, wallet: LocalAccount): Promise<string> {
  const browser = await openPage(world.ctx, who)
  const { code, registration } = await signOn(world.ctx, browser, wallet)
  const signature = await wallet.signTypedData(registration?.typedData as never)
  await signRegistration(world.ctx, { ...browser, signature })
  return code
}

const rowOf = (wallet: LocalAccount) =>
  world.ctx.db.selectFrom('registration').selectAll().where('controller', '=', wallet.address).executeTakeFirst()

test('registrations of linked wallets go out in one transaction, bad ones cost nothing, unlinked ones wait', async () => {
  const { ctx, chain } = world
  const [good, other, bad, unlinked] = [0, 1, 2, 3].map((index) => account(chain, index)) as [
    LocalAccount,
    LocalAccount,
    LocalAccount,
    LocalAccount,
  ]
  for (const [name, wallet] of Object.entries({ good, other, bad }))
    await confirmLink(ctx, { caller: caller(name), code: await agree(caller(name), wallet) })
  await agree(caller('unlinked'), unlinked)
  await ctx.db
    .updateTable('registration')
    .set({ payload: JSON.stringify({ controller: bad.address, nonce: '7', deadline: '99999999999' }) })
    .where('controller', '=', bad.address)
    .execute()

  await registerJob.run(ctx, {})
  const sent = await rowOf(good)
  expect(sent).toMatchObject({ state: 'sent' })
  expect((await rowOf(other))?.intent_id).toBe(sent?.intent_id)
  expect(await rowOf(bad)).toMatchObject({ state: 'failed', reason: 'The registry would not take it.' })
  expect(await rowOf(unlinked)).toMatchObject({ state: 'accepted', intent_id: null })

  await registerJob.run(ctx, {})
  expect(await ctx.db.selectFrom('intent').select('id').execute()).toHaveLength(1)
  await vi.waitFor(async () => expect(await readAutoId(ctx, other.address)).toBeDefined(), 10_000)
  await registerOutcome(ctx, { id: sent?.intent_id ?? '' })
  expect((await rowOf(good))?.state).toBe('registered')
  expect((await rowOf(other))?.auto_id).toBe((await readAutoId(ctx, other.address))?.id.toString())
})
