import { afterAll, beforeAll, expect, test } from 'vitest'
import { findPerson } from '../../../core/identity/person.ts'
import type { Caller } from '../../../core/platform.ts'
import { account, askLink, caller, linkWallet, linkWorld, textOf, type LinkWorld } from '../../support/linking.ts'

let world: LinkWorld
beforeAll(async () => {
  world = await linkWorld()
})
afterAll(() => world.stop())

const say = async (who: Caller, line: string): Promise<string> =>
  textOf((await world.app.run({ caller: who, channel: { platform: who.platform, id: 'general' }, line })).view)

test('/whoami shows accounts, wallets with their proof and Auto ID, and how many ballots there are', async () => {
  const { ctx, chain } = world
  const who = caller('teller', { name: 'Теллер' })
  expect(await say(who, '/whoami')).toContain('not linked to a wallet yet')
  await linkWallet(ctx, who, account(chain, 0))
  const said = await say(who, '/whoami')
  for (const words of ['Playground: Теллер (teller)', account(chain, 0).address, 'its key signed', 'none yet', ': 0.'])
    expect(said).toContain(words)
})

test('/unlink takes one wallet away and leaves the others', async () => {
  const { ctx, chain } = world
  const who = caller('two-wallets')
  await linkWallet(ctx, who, account(chain, 1))
  await linkWallet(ctx, who, account(chain, 2))
  expect(await say(who, `/unlink ${account(chain, 1).address.toLowerCase()}`)).toContain('1 account and 1 wallet')
  expect((await findPerson(ctx, who))?.wallets.map((wallet) => wallet.address)).toEqual([account(chain, 2).address])
  expect(await say(who, `/unlink ${account(chain, 0).address}`)).toContain('not one of yours')
})

test('/unlink takes the calling account away and leaves the person’s others', async () => {
  const { ctx, chain } = world
  const here = caller('here')
  const there = caller('there', { platform: 'slack' })
  await linkWallet(ctx, here, account(chain, 3))
  await linkWallet(ctx, there, account(chain, 3))
  await say(here, '/unlink')
  expect(await findPerson(ctx, here)).toBeUndefined()
  expect((await findPerson(ctx, there))?.wallets).toHaveLength(1)
})

test('unlinking the last account or the last wallet leaves nothing behind', async () => {
  const { ctx, chain } = world
  const who = caller('last')
  await linkWallet(ctx, who, account(chain, 4))
  expect(await say(who, '/unlink')).toContain('knows nothing of you any more')
  await linkWallet(ctx, who, account(chain, 4))
  await say(who, `/unlink ${account(chain, 4).address}`)
  expect(await findPerson(ctx, who)).toBeUndefined()
  const wallet = await ctx.db
    .selectFrom('wallet')
    .select('address')
    .where('address', '=', account(chain, 4).address)
    .execute()
  expect(wallet).toEqual([])
})

test('/erase asks first, then leaves no trace of account, wallet or name', async () => {
  const { ctx, chain } = world
  const who = caller('forgotten', { name: 'Forgotten Person' })
  const wallet = account(chain, 5)
  await linkWallet(ctx, who, wallet)
  await linkWallet(ctx, caller('forgotten-too', { platform: 'slack', workspace: 'T1' }), wallet)
  await askLink(ctx, who)
  await ctx.db
    .insertInto('message')
    .values({
      platform: 'playground',
      channel: 'general',
      id: 'm1',
      proposal_id: null,
      author_id: 'forgotten',
      author: 'Forgotten Person',
      text: 'I am against it.',
      url: null,
      at: new Date(),
    })
    .execute()
  await ctx.db
    .insertInto('inbox')
    .values({
      key: 'playground/answer/forgotten/1',
      platform: 'playground',
      event: JSON.stringify({
        call: { caller: who, channel: { platform: 'playground', id: 'general' }, line: 'whoami' },
      }),
      done_at: new Date(),
    })
    .execute()
  await ctx.db
    .insertInto('inbox')
    .values({
      key: 'playground/answer/other/1',
      platform: 'playground',
      event: JSON.stringify({
        call: { caller: caller('other'), channel: { platform: 'playground', id: 'x' }, line: 'whoami' },
      }),
      done_at: new Date(),
    })
    .execute()
  expect(await say(who, '/erase')).toContain('erase yes')
  expect(await findPerson(ctx, who)).toBeDefined()
  expect(await say(who, '/erase yes')).toContain('2 accounts and 1 wallet')
  expect(await findPerson(ctx, who)).toBeUndefined()
  for (const table of ['account', 'wallet', 'ticket', 'audit', 'registration', 'message', 'draft', 'inbox'] as const) {
    const rows = JSON.stringify(await ctx.db.selectFrom(table).selectAll().execute())
    for (const trace of ['forgotten', 'Forgotten', wallet.address]) expect(rows).not.toContain(trace)
  }
  expect(await ctx.db.selectFrom('inbox').select('key').execute()).toEqual([{ key: 'playground/answer/other/1' }])
  expect(await say(who, '/erase yes')).toContain('0 accounts and 0 wallets')
})

test('/help lists every command with its use, and explains one', async () => {
  const list = await say(caller('newcomer'), '/help')
  for (const words of ['/link [code]', '/unlink [wallet]', '/whoami', '/erase [sure]', '/help [command]'])
    expect(list).toContain(words)
  expect(await say(caller('newcomer'), '/help /link')).toContain('Link a wallet to this account')
  expect(await say(caller('newcomer'), '/help nothing')).toContain('There is no command /nothing.')
})
