import { encodeFunctionData, erc20Abi, parseEther, zeroAddress, type Address, type LocalAccount } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chief, pause } from '../../contracts/generated.ts'
import { acceptSent, acceptSigned } from '../../core/actions/accept.ts'
import { actionAsked, actionPage } from '../../core/actions/page.ts'
import { sendCall } from '../../bots/world/deploy.ts'
import { caller, linkWallet } from '../support/linking.ts'
import { three, type Side, type Three } from '../support/three.ts'

type Who = [Side, LocalAccount]

let all: Three
let people: { discord: Who; telegram: Who; slack: Who }
beforeAll(async () => {
  all = await three()
  const account = (index: number): LocalAccount => all.w.chain.accounts[index]!
  const { discord, telegram, slack } = all.sides
  people = { discord: [discord, account(1)], telegram: [telegram, account(2)], slack: [slack, account(3)] }
  for (const [side, wallet] of Object.values(people)) {
    const workspace = side.name === 'slack' ? all.slack.workspace : ''
    await linkWallet(all.w.ctx, caller(side.user, { platform: side.name, workspace }), wallet)
  }
})
afterAll(async () => {
  await all.stop()
  expect(all.discord.violations).toEqual([])
  expect(all.slack.violations).toEqual([])
  expect(all.telegram.violations.filter((one) => !one.includes('message is not modified'))).toEqual([])
})

const friend: Address = '0x000000000000000000000000000000000000bEEF'
const read = <T>(functionName: string, args: readonly unknown[] = []): Promise<T> =>
  all.w.ctx.chain.client.readContract({
    abi: chief.abi,
    address: all.w.deployed.chief,
    functionName,
    args,
  } as never) as Promise<T>

const pages = ([side]: Who): string[] =>
  [...side.own(), ...side.channel()].flatMap(({ links }) =>
    links.filter((link) => link.includes('vote.example.org/a/')),
  )

/** Asks for something, and does on the page that it leads to what the wallet is asked for. */
async function act(who: Who, ask: (side: Side) => Promise<void>): Promise<void> {
  const [side, wallet] = who
  const { ctx, chain } = all.w
  const before = new Set(pages(who))
  await ask(side)
  const opened = (): string | undefined => pages(who).find((page) => !before.has(page))
  await all.until(() => expect(opened(), side.name).toBeDefined())
  const secret = (opened() ?? '').split('/a/').at(-1)?.split('?')[0] ?? ''
  const { steps } = await actionPage(ctx, { secret })
  for (const at of steps.keys()) {
    const asked = await actionAsked(ctx, { secret })
    if ('typedData' in asked) {
      const signature = await wallet.signTypedData(asked.typedData as never)
      await acceptSigned(ctx, { secret, number: asked.number, signature })
    } else {
      const { to, data } = asked.transaction as { to: Address; data: `0x${string}` }
      const hash = await chain.wallet(wallet).sendTransaction({ to, data, chain: null, account: wallet })
      await ctx.chain.client.waitForTransactionReceipt({ hash })
      await acceptSent(ctx, { secret, number: asked.number, hash })
    }
    await all.until(async () => expect((await actionPage(ctx, { secret })).steps[at]?.state).toBe('done'))
  }
}

const cardIn = (side: Side, words: string): string => {
  const found = side
    .channel()
    .find((message) => message.words.includes('Pay a friend') && message.words.includes(words))
  expect(found, `${side.name}: ${words}`).toBeDefined()
  return found?.id ?? ''
}
const everywhere = (words: string): Promise<void> =>
  all.until(() => Object.values(all.sides).forEach((side) => void cardIn(side, words)))

describe('a spell on Discord, Telegram and Slack', () => {
  test('goes from a draft to its cast, approved of on each, by buttons of its one card', async () => {
    const { discord, telegram, slack } = people
    await sendCall(
      { ...all.w.deployer, wallet: all.w.chain.wallet(all.w.voters[4]!) },
      {
        to: all.w.deployed.nomic,
        data: encodeFunctionData({
          abi: erc20Abi,
          functionName: 'transfer',
          args: [await treasury(), parseEther('50')],
        }),
      },
    )
    const watching = () => all.w.ctx.db.selectFrom('subscription').select('channel').execute()
    for (const [at, [side]] of Object.values(people).entries()) {
      await side.type(`watch ${all.w.deployed.chief} nomic`)
      await all.until(async () => expect(await watching()).toHaveLength(at + 1))
    }
    for (const who of Object.values(people)) await act(who, (side) => side.type('lock all'))

    await act(discord, (side) => side.type('approve launch'))
    expect(await read<bigint>('approvals', [zeroAddress])).toBe(parseEther('100'))
    // What came in a block does not count in it.
    await all.w.chain.travel(1)
    await discord[0].type('lift launch')
    await all.until(async () => expect(await read<boolean>('live')).toBe(true))

    await act(telegram, (side) => side.type(`spell-new "Pay a friend" 30 always "pay ${friend} 5" They helped.`))
    await everywhere('Collects approvals.')
    const press = (line: string, words: string) => (side: Side) => side.press(cardIn(side, words), line)
    for (const who of Object.values(people)) await act(who, press('approve nomic-s1', 'nomic-s1'))
    await everywhere('Ready to lift:')

    await press('lift nomic-s1', 'Ready to lift:')(discord[0])
    await everywhere('Holds the hat.')
    await press('spell-schedule nomic-s1', 'Holds the hat.')(slack[0])
    await everywhere('Plotted.')
    await all.w.chain.travel(3_601)
    await everywhere('Ready to cast:')
    await press('spell-cast nomic-s1', 'Ready to cast:')(telegram[0])
    await everywhere('What it says was done.')
    expect(
      await all.w.ctx.chain.client.readContract({
        abi: erc20Abi,
        address: all.w.deployed.nomic,
        functionName: 'balanceOf',
        args: [friend],
      }),
    ).toBe(parseEther('5'))
    // Under the card, in its thread where there are threads: each step once on each platform.
    for (const event of ['liftable', 'hat', 'plotted', 'castable', 'cast'])
      await all.until(async () => {
        const notes = await all.w.ctx.db
          .selectFrom('effect')
          .select('platform')
          .where('key', 'like', `spell/1/${event}/%`)
          .where('state', '=', 'sent')
          .execute()
        expect(notes.map(({ platform }) => platform).toSorted(), event).toEqual(['discord', 'slack', 'telegram'])
      })
  }, 240_000)
})

const treasury = (): Promise<Address> =>
  all.w.ctx.chain.client.readContract({ abi: pause.abi, address: all.w.deployed.pause, functionName: 'PROXY' })
