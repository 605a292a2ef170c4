import { encodeFunctionData, parseEther } from 'viem'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { autoDao } from '../../contracts/generated.ts'
import { acceptBallot } from '../../core/ballots/accept.ts'
import { ballotTypedData } from '../../core/ballots/page.ts'
import type { Context } from '../../core/context.ts'
import { pollOnce } from '../../core/listen/listener.ts'
import { watchDao } from '../../core/listen/watch.ts'
import { heal } from '../../core/relay/jobs/heal.ts'
import type { Platform } from '../../core/host.ts'
import { sendCall } from '../../bots/world/deploy.ts'
import { wordsOf } from '../support/ballots.ts'
import { caller, linkWallet } from '../support/linking.ts'
import { times, world, type World } from '../support/world.ts'

/** A chat in which every message is a list of what it has shown so far. */
function paper(): Platform & { messages: Map<string, { channel: string; shown: string[] }> } {
  const messages = new Map<string, { channel: string; shown: string[] }>()
  return {
    name: 'playground',
    messages,
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    async send(to, view, { key }) {
      messages.set(key, { channel: to.id, shown: [wordsOf(view)] })
      return { platform: 'playground', channel: to.id, id: key }
    },
    async edit(message, view) {
      messages.get(message.id)?.shown.push(wordsOf(view))
    },
  }
}

let w: World
const chat = paper()
beforeAll(async () => {
  w = await world({ work: true, platforms: [chat] })
  await w.chain.rpc('anvil_mine', ['0x50'])
  await pollOnce(w.ctx)
  await watchDao(w.ctx, { address: w.autoDao.dao, slug: 'auto' })
  await watchDao(w.ctx, { address: w.ozDao.dao, slug: 'plain' })
  for (const [index, wallet] of w.voters.entries()) await linkWallet(w.ctx, caller(`voter${index}`), wallet)
})
afterAll(() => w.stop())

const until = (check: () => void | Promise<void>) =>
  vi.waitFor(
    async () => {
      await w.chain.rpc('anvil_mine', ['0x4'])
      await pollOnce(w.ctx)
      await check()
    },
    { timeout: 60_000, interval: 200 },
  )

/** From the typed line over the page to the stored ballot. */
async function vote(ctx: Context, index: number, line: string): Promise<string> {
  const wallet = w.voters[index]!
  const { view } = await w.app.run({
    caller: caller(`voter${index}`),
    channel: { platform: 'playground', id: 'lobby' },
    line,
  })
  const [action] = view.actions ?? []
  const draft = action && 'open' in action ? (action.open.split('/').at(-1) ?? '') : ''
  const { typedData } = await ballotTypedData(ctx, { draft, address: wallet.address })
  const signature = await wallet.signTypedData(typedData as never)
  return (await acceptBallot(ctx, { draft, address: wallet.address, signature })).id
}

describe.each(['auto', 'plain'] as const)('with everything at work, a vote in %s', (slug) => {
  test('is told of in one private message, from the signature to finality', async () => {
    const dao = slug === 'auto' ? w.autoDao : w.ozDao
    await w.propose(dao, `# Fund ${slug}`)
    await w.chain.travel(times.votingDelay + 2)
    await pollOnce(w.ctx)
    const wallet = w.voters[2]!
    const id = await vote(w.ctx, 2, `vote ${slug}-1 for`)

    const message = () => chat.messages.get(`ballot/${id}`)
    await until(() => expect(message()?.shown.at(-1)).toMatch(/Signed → sent → counted in block \d+ → final\./))
    expect(message()?.channel).toBe('@voter2')
    expect([...chat.messages.keys()].filter((key) => key.startsWith('ballot/') && key.endsWith(id))).toHaveLength(1)
    const votes = await w.ctx.db.selectFrom('vote').selectAll().where('voter', '=', wallet.address).execute()
    expect(votes.filter(({ tx_hash }) => message()?.shown.at(-1)?.includes(tx_hash))).toMatchObject([
      { support: 1, weight: parseEther('300').toString(), orphaned_at: null },
    ])
  })

  test('that the wallet gave by itself is noticed, and the ballot that was made before says so', async () => {
    const dao = slug === 'auto' ? w.autoDao : w.ozDao
    const { onchainId } = await w.propose(dao, `# Fund ${slug} again`)
    await w.chain.travel(times.votingDelay + 2)
    await pollOnce(w.ctx)
    // The batch waits for company, so that the wallet is faster.
    const patient = { ...w.ctx, config: { ...w.ctx.config, RELAY_FLUSH_SECONDS: 3_600 } }
    const wallet = w.voters[3]!
    const id = await vote(patient, 3, `vote ${slug}-2 for`)
    await sendCall(
      { ...w.deployer, wallet: w.chain.wallet(wallet) },
      {
        to: dao.dao,
        data: encodeFunctionData({ abi: autoDao.abi, functionName: 'castVote', args: [onchainId, 0] }),
      },
    )
    await until(async () => {
      // The clock rings for this every few seconds.
      await heal(patient)
      const { state } = await w.ctx.db
        .selectFrom('ballot')
        .select('state')
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
      expect(state).toBe('voted_elsewhere')
      expect(chat.messages.get(`ballot/${id}`)?.shown.at(-1)).toContain('This wallet voted by itself')
    })
  })
})
