import { encodeFunctionData, erc20Abi, getAddress, parseEther, type Address } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { autoDao } from '../../contracts/generated.ts'
import { pollOnce } from '../../core/listen/listener.ts'
import { ballotKind } from '../../core/ballots/ballot-kind.ts'
import { relayWaiting } from '../../core/relay/engine.ts'
import { enrolJob } from '../../core/ids/jobs/enrol.ts'
import type { View } from '../../core/view.ts'
import { sendCall } from '../../bots/world/deploy.ts'
import { goThrough, relayActions } from '../support/actions.ts'
import { ballotWorld, cast, settleNow, wordsOf, type BallotWorld } from '../support/ballots.ts'
import { caller, channel } from '../support/linking.ts'

let w: BallotWorld
beforeAll(async () => {
  w = await ballotWorld()
})
afterAll(() => w.stop())

const manager = { manager: true }
const say = async (who: number, line: string): Promise<View> =>
  (await w.app.run({ caller: { ...w.people[who]!, ...manager }, channel, line })).view

/** Where `next` of a finished action leads. */
const nextLine = async (): Promise<string> => {
  const row = await w.ctx.db.selectFrom('action').select('next').orderBy('created_at', 'desc').executeTakeFirstOrThrow()
  return (row.next as { run: string }[])[0]?.run ?? ''
}
const read = <T>(address: Address, functionName: string, args: readonly unknown[] = []): Promise<T> =>
  w.ctx.chain.client.readContract({ abi: autoDao.abi, address, functionName, args } as never) as Promise<T>

describe('a DAO that is born in chat', () => {
  test('is thought up, warned of, changed, made by its creator’s wallet, and passes and executes its first proposal', async () => {
    const [me, other] = w.voters
    const holders = `me 600, ${other!.address} 400`
    const first = await say(0, `dao-new "Harbour DAO" token harbor ${holders}`)
    expect(wordsOf(first)).toContain('One holder has more than half of the tokens')
    expect(wordsOf(first)).toContain('One voter alone reaches the quorum')
    const refused = await say(0, 'dao-set period 5m')
    expect(wordsOf(refused)).toContain('The time to vote is between 1 hour and 30 days.')
    for (const line of ['period 1h', 'delay 0', 'extension 0', 'timelock 1h', 'ai none'])
      await say(0, `dao-set ${line}`)
    expect(wordsOf(await say(0, 'dao-draft'))).toContain('Only 1 hour to vote')

    expect(await goThrough(w, await say(0, 'dao-create wallet'), me!)).toEqual(['done'])
    const line = await nextLine()
    const dao = getAddress(line.replace('watch ', ''))
    expect(await read<string>(dao, 'name')).toBe('Harbour DAO')
    expect(await read<bigint>(dao, 'votingPeriod')).toBe(3_600n)

    const watched = await say(0, `${line} harbour`)
    expect(watched.title).toBe('Watching Harbour DAO')
    const row = await w.ctx.db.selectFrom('dao').selectAll().where('slug', '=', 'harbour').executeTakeFirstOrThrow()
    await enrolJob.run(w.ctx, {})
    await settleNow(w)

    // Its treasury gets something to spend, and its first proposal spends it.
    const token = row.token as Address
    const pay = (to: string, value: bigint) =>
      encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [to as Address, value] })
    await sendCall(
      { ...w.deployer, wallet: w.chain.wallet(me!) },
      { to: token, data: pay(row.timelock!, parseEther('5')) },
    )
    await w.chain.travel(2)
    const { onchainId } = await w.propose(
      { dao, token, timelock: row.timelock as Address },
      '# Pay the pilot\n\nFive tokens.',
      [{ to: token, data: pay('0x000000000000000000000000000000000000bEEF', parseEther('5')) }],
    )
    await w.chain.travel(2)
    await pollOnce(w.ctx)
    expect(wordsOf(await say(1, 'queue harbour-1'))).toContain('is not accepted')
    for (const voter of [0, 1]) await cast(w, voter, { ref: 'harbour-1', support: 1 })
    await relayWaiting(w.ctx, ballotKind, { daoId: row.id })
    await settleNow(w)
    await w.chain.travel(3_700)
    await pollOnce(w.ctx)

    expect(wordsOf(await say(1, 'execute harbour-1'))).toContain('goes to the timelock first')
    await say(1, 'queue harbour-1')
    await relayActions(w)
    await pollOnce(w.ctx)
    expect(wordsOf(await say(1, 'execute harbour-1'))).toContain('waits in the timelock')
    await w.chain.travel(3_700)
    await pollOnce(w.ctx)
    await say(1, 'execute harbour-1')
    await relayActions(w)
    expect(await read<number>(dao, 'state', [onchainId])).toBe(7)
    await pollOnce(w.ctx)
    expect(wordsOf(await say(1, 'execute harbour-1'))).toContain('is done already')
  })

  test('is made by AutoCo for those who have no coin, and belongs to nobody all the same', async () => {
    await say(1, 'dao-new Reef grants reef me 10')
    const told = await say(1, 'dao-create relayed')
    expect(told.title).toBe('Reef is being made')
    await relayActions(w)
    const dao = getAddress((await nextLine()).replace('watch ', ''))
    expect(await read<string>(dao, 'name')).toBe('Reef')
    const again = await say(1, 'dao-create relayed')
    expect(again.tone).toBe('bad')
  })

  test('is nobody’s before it is thought up, and needs a wallet', async () => {
    expect(wordsOf(await say(2, 'dao-draft'))).toContain('You have no DAO in the making.')
    const { view } = await w.app.run({ caller: caller('stranger'), channel, line: 'dao-new Reef grants reef' })
    expect(wordsOf(view)).toContain('not linked to a wallet')
  })
})
