import { getAddress, type Hex, type LocalAccount } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acceptSent } from '../../core/actions/accept.ts'
import { actionAsked, actionPage } from '../../core/actions/page.ts'
import type { Context } from '../../core/index.ts'
import { findChallenge } from '../../core/mesh/find.ts'
import { challengeDuties } from '../../core/mesh/jobs.ts'
import type { View } from '../../core/view.ts'
import { wordsOf } from '../support/ballots.ts'
import { caller, linkWallet } from '../support/linking.ts'
import { bookPlan, furnishMesh, held, taskNow } from '../support/mesh.ts'
import { three, type Side, type Three } from '../support/three.ts'

let all: Three
let ctx: Context
let sponsor: [Side, LocalAccount]
let first: [Side, LocalAccount]
let second: [Side, LocalAccount]
beforeAll(async () => {
  all = await three()
  ctx = all.w.ctx
  const account = (index: number): LocalAccount => all.w.chain.accounts[index]!
  sponsor = [all.sides.telegram, account(5)]
  first = [all.sides.discord, account(1)]
  second = [all.sides.slack, account(2)]
  await furnishMesh(all.w, { eve: account(1), oda: account(2) })
  await all.w.chain.rpc('anvil_mine', ['0x50'])
  for (const [side, wallet] of [sponsor, first, second]) {
    const workspace = side.name === 'slack' ? all.slack.workspace : ''
    await linkWallet(ctx, caller(side.user, { platform: side.name, workspace }), wallet)
  }
})
afterAll(async () => {
  await all.stop()
  expect(all.discord.violations).toEqual([])
  expect(all.slack.violations).toEqual([])
  expect(all.telegram.violations.filter((one) => !one.includes('message is not modified'))).toEqual([])
})

const pages = ([side]: [Side, LocalAccount]): string[] =>
  side.own().flatMap(({ links }) => links.filter((link) => link.includes('vote.example.org/a/')))

/** Types a line, and does on the page that it leads to what the wallet is asked for. */
async function act(who: [Side, LocalAccount], line: string): Promise<void> {
  const [side, wallet] = who
  const before = new Set(pages(who))
  await side.type(line)
  const opened = (): string | undefined => pages(who).find((page) => !before.has(page))
  await all.until(() => expect(opened(), `${line}: ${side.own().at(-1)?.words}`).toBeDefined())
  const secret = (opened() ?? '').split('/a/').at(-1)?.split('?')[0] ?? ''
  const { steps } = await actionPage(ctx, { secret })
  for (const at of steps.keys()) {
    const asked = await actionAsked(ctx, { secret })
    if (!('transaction' in asked)) throw new Error('nothing is to be sent')
    const { to, data } = asked.transaction
    const call = { account: wallet, to: getAddress(to), data: data as Hex, chain: null }
    const hash = await all.w.chain.wallet(wallet).sendTransaction(call)
    await ctx.chain.client.waitForTransactionReceipt({ hash })
    // Nobody signs twice in a second.
    await all.w.chain.travel(1)
    await acceptSent(ctx, { secret, number: asked.number, hash })
    await all.until(async () => expect((await actionPage(ctx, { secret })).steps[at]?.state).toBe('done'))
  }
}

const ref = 'global-1'
const stateOf = async (number: number) => (await taskNow(all.w, `${ref}.${number}`)).state

/** Lets the time of a task pass; the relayer does the rest. */
async function pass(number: number, state: string): Promise<void> {
  const { until } = await taskNow(all.w, `${ref}.${number}`)
  const { timestamp } = await ctx.chain.client.getBlock()
  await all.w.chain.travel(Math.max(1, (until ?? 0) - Number(timestamp) + 2))
  // The chain's clock was moved, the queue's was not: it looks now.
  const { id: challengeId } = await findChallenge(ctx, ref)
  await ctx.queue.send(ctx.db, challengeDuties, { challengeId }, { key: challengeId })
  await all.until(async () => expect(await stateOf(number)).toBe(state))
}

const work = async (who: [Side, LocalAccount], number: number): Promise<void> => {
  await act(who, `deliver ${ref}.${number} ipfs://work-${number}`)
  await all.until(async () => expect(await stateOf(number)).toBe('delivered'))
}
const done = async (who: [Side, LocalAccount], number: number): Promise<void> => {
  await act(who, `bid ${ref}.${number}`)
  await all.until(async () => expect((await taskNow(all.w, `${ref}.${number}`)).bids).toHaveLength(1))
  await pass(number, 'assigned')
  await work(who, number)
  await pass(number, 'accepted')
}

/** What the card in the channel says. */
const shows = (side: Side, words: RegExp): Promise<void> =>
  all.until(() =>
    expect(
      side.channel().some((message) => words.test(message.words)),
      String(words),
    ).toBe(true),
  )

/** What was sent under it; on some platforms that is another place than the channel. */
const tells = (side: Side, words: string): Promise<void> =>
  all.until(async () => {
    const rows = await ctx.db
      .selectFrom('effect')
      .select('view')
      .where('platform', '=', side.name)
      .where('key', 'like', 'challenge-step/%')
      .where('state', '=', 'sent')
      .execute()
    expect(rows.map(({ view }) => wordsOf(view as View)).join('\n')).toContain(words)
  })

describe('a challenge on Telegram, Discord and Slack', () => {
  test('is set, funded and split into three tasks and one that puts them together', async () => {
    await sponsor[0].type(`watch ${all.w.deployed.globalDao} global`)
    await first[0].type(`watch ${all.w.autoDao.dao} auto`)
    await second[0].type(`watch ${all.w.ozDao.dao} oz`)
    await all.until(async () => {
      const rows = await ctx.db.selectFrom('mesh_dao').select('number').execute()
      expect(rows).toHaveLength(2)
    })
    await act(sponsor, 'challenge new "A picture book" 100 90d A book.\n- It has words\n- It has pictures')
    await shows(sponsor[0], /global-1: A picture book/)
    await act(sponsor, `challenge fund ${ref} 100`)
    await shows(sponsor[0], /100 NOMIC of 100 NOMIC/)
    await act(sponsor, `plan ${ref} ${bookPlan}`)
    await all.until(async () => expect((await findChallenge(ctx, ref)).story.plans).toHaveLength(1))
    await act(sponsor, `plan judge ${ref} 1 approve`)
    await tells(sponsor[0], 'DAOs may bid for task 1 (Write it)')
  }, 180_000)

  test('has a task that fails over to the next bidder when the first is late', async () => {
    await act(first, `bid ${ref}.1 40`)
    await act(second, `bid ${ref}.1 10`)
    await all.until(async () => expect((await taskNow(all.w, `${ref}.1`)).bids).toHaveLength(2))
    await pass(1, 'assigned')
    expect((await taskNow(all.w, `${ref}.1`)).assignee).toBe(1)
    await pass(1, 'assigned')
    await all.until(async () => expect((await taskNow(all.w, `${ref}.1`)).assignee).toBe(2))
    await work(second, 1)
    await pass(1, 'accepted')
    for (const [side] of [sponsor, first, second]) {
      await tells(side, 'Plain DAO takes over task 1 (Write it)')
      await shows(side, /accepted.*done by Plain DAO; Test DAO was late/s)
    }
  }, 180_000)

  test('is recombined, accepted by its sponsor and paid', async () => {
    const before = await held(all.w, all.w.ozDao.timelock)
    await done(first, 2)
    await done(second, 3)
    await act(first, `bid ${ref}.4`)
    await all.until(async () => expect((await taskNow(all.w, `${ref}.4`)).bids).toHaveLength(1))
    await pass(4, 'assigned')
    await work(first, 4)
    await act(sponsor, `result ${ref} accept`)
    for (const [side] of [sponsor, first, second]) {
      await tells(side, 'The challenge is done')
      await shows(side, /State\W+done/)
    }
    // Three fifths of 100, less the fee.
    await all.until(async () => expect((await held(all.w, all.w.ozDao.timelock)) - before).toBe(585n * 10n ** 17n))
  }, 180_000)
})
