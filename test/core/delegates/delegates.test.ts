import { encodeFunctionData, numberToHex, parseAbi, parseEther, zeroAddress, type Address } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acceptDelegation, delegationTypedData } from '../../../core/ballots/delegate.ts'
import { pollOnce } from '../../../core/listen/listener.ts'
import { watchDao } from '../../../core/listen/watch.ts'
import { delegateJob } from '../../../core/delegates/jobs/delegate.ts'
import type { View } from '../../../core/view.ts'
import { sendCall } from '../../../bots/world/deploy.ts'
import { settleNow, wordsOf } from '../../support/ballots.ts'
import { sendNow } from '../../support/blocks.ts'
import { account, caller, channel, linkWallet } from '../../support/linking.ts'
import { times, world, type World } from '../../support/world.ts'

const abi = parseAbi([
  'function delegate(address to)',
  'function delegates(address account) view returns (address)',
  'function getVotes(address account) view returns (uint256)',
  'function castVoteWithReason(uint256 proposalId, uint8 support, string reason) returns (uint256)',
])
let w: World
let token: Address

/** Voter 1 gives 200 to voter 0, voter 2 gives 300 to voter 3; three votes are over. */
beforeAll(async () => {
  w = await world()
  token = w.ozDao.token
  await watchDao(w.ctx, { address: w.ozDao.dao, slug: 'plain', channel })
  for (const [user, index] of [
    ['zero', 0],
    ['one', 1],
    ['three', 3],
  ] as const)
    await linkWallet(w.ctx, caller(user), w.voters[index]!)
  await delegate(1, 0)
  await delegate(2, 3)
  await w.chain.travel(1)
  await pass('One', [
    [0, 1, 'because'],
    [3, 1, ''],
  ])
  await pass('Two', [
    [0, 0, ''],
    [3, 1, ''],
  ])
  await pass('Three', [[0, 1, 'again']])
  await pollOnce(w.ctx)
})
afterAll(() => w.stop())

const delegate = (from: number, to: number) =>
  sendNow(w, {
    from: w.voters[from]!.address,
    to: token,
    gas: numberToHex(1_000_000),
    data: encodeFunctionData({ abi, functionName: 'delegate', args: [w.voters[to]!.address] }),
  })

/** A proposal that these vote on, and that is over then. */
async function pass(title: string, votes: readonly (readonly [number, number, string])[]): Promise<void> {
  const { onchainId } = await w.propose(w.ozDao, `# ${title}`)
  await w.chain.travel(times.votingDelay + 2)
  for (const [voter, support, reason] of votes)
    await sendCall(
      { ...w.deployer, wallet: w.chain.wallet(w.voters[voter]!) },
      {
        to: w.ozDao.dao,
        data: encodeFunctionData({ abi, functionName: 'castVoteWithReason', args: [onchainId, support, reason] }),
      },
    )
  await w.chain.travel(times.votingPeriod + 2)
}

const ask = async (who: string, line: string): Promise<View> =>
  (await w.app.run({ caller: caller(who), channel, line })).view
const votesOf = (index: number) =>
  w.ctx.chain.client.readContract({ abi, address: token, functionName: 'getVotes', args: [w.voters[index]!.address] })

async function signOn(view: View, index: number): Promise<void> {
  const page = view.actions?.[0]
  if (!page || !('open' in page)) throw new Error(wordsOf(view))
  const id = page.open.split('/').at(-1) ?? ''
  const { address } = w.voters[index]!
  const typedData = await delegationTypedData(w.ctx, { id, address })
  const signature = await w.voters[index]!.signTypedData(typedData as never)
  await acceptDelegation(w.ctx, { id, address, signature })
  await delegateJob.run(w.ctx, {})
  await settleNow(w)
}

describe('/delegates', () => {
  test('lists who votes for others by the token’s own weights, with what they did with them', async () => {
    const words = wordsOf(await ask('anyone', 'delegates plain'))
    expect(await votesOf(0)).toBe(parseEther('300'))
    expect(words).toContain(
      `${w.voters[3]!.address} | : 700 PLAIN, 300 PLAIN of it from others; took part in 2 of the last 3 votes, with a reason in 0.`,
    )
    expect(words).toContain(
      `${w.voters[0]!.address} | : 300 PLAIN, 200 PLAIN of it from others; took part in 3 of the last 3 votes, with a reason in 2.`,
    )
    expect(words.indexOf(w.voters[3]!.address)).toBeLessThan(words.indexOf(w.voters[0]!.address))
    for (const index of [1, 2, 4]) expect(words).not.toContain(w.voters[index]!.address)
  })

  test('shows what a delegate says of themselves until they take it back', async () => {
    await ask('zero', 'delegate-statement plain I read every line before I vote.')
    expect(wordsOf(await ask('anyone', 'delegates plain'))).toContain('I read every line before I vote.')
    const audit = await w.ctx.db.selectFrom('audit').select('detail').where('event', '=', 'statement').execute()
    expect(audit).toMatchObject([{ detail: { wallet: w.voters[0]!.address } }])
    await ask('zero', 'delegate-statement plain none')
    expect(wordsOf(await ask('anyone', 'delegates plain'))).not.toContain('I read every line')
    expect(wordsOf(await ask('zero', `delegate-statement plain ${'x'.repeat(1_001)}`))).toContain('1000 is the most')
  })
})

describe('/delegate-card', () => {
  test('says how often, with what reasons and on whose side a delegate voted, and what they weighed', async () => {
    const words = wordsOf(await ask('anyone', `delegate-card plain ${w.voters[0]!.address.toLowerCase()}`))
    expect(words).toContain('3 of 3 votes that are over (100 %)')
    expect(words).toContain('2 of 3 of those (67 %)')
    // The second vote went the other way.
    expect(words).toContain('2 of 3 for or against (67 %)')
    expect(words).toContain('plain-2: Two:  | Against |  with 300 PLAIN, without a reason (succeeded)')
    expect(words).toContain(': 300 PLAIN')
  })

  test('is one’s own when nobody is named', async () => {
    const view = await ask('three', 'delegate-card plain')
    expect(wordsOf(view)).toContain(w.voters[3]!.address)
    expect(wordsOf(view)).toContain('2 of 3 votes that are over (67 %)')
    expect(wordsOf(await ask('nobody', 'delegate-card plain'))).toContain('not linked to a wallet yet')
    expect(wordsOf(await ask('three', 'delegate-card plain ens.eth'))).toContain('is not an address')
  })
})

describe('/undelegate', () => {
  test('has nothing to take back from who votes for themselves', async () => {
    expect(wordsOf(await ask('three', 'undelegate plain'))).toContain('votes for itself now')
  })

  test('takes votes back by one signature, or lets them rest; /delegate says to whom they are given', async () => {
    expect(wordsOf(await ask('one', `delegate plain ${w.voters[3]!.address}`))).toContain(
      `${w.voters[1]!.address} |  is delegated to  | ${w.voters[0]!.address} |  already; signing ends that.`,
    )
    const view = await ask('one', 'undelegate plain')
    expect(wordsOf(view)).toContain(w.voters[0]!.address)
    await signOn(view, 1)
    expect(await votesOf(1)).toBe(parseEther('200'))
    expect(await votesOf(0)).toBe(parseEther('100'))
    await signOn(await ask('one', 'undelegate plain nobody'), 1)
    expect(await votesOf(1)).toBe(0n)
    const to = await w.ctx.chain.client.readContract({
      abi,
      address: token,
      functionName: 'delegates',
      args: [w.voters[1]!.address],
    })
    expect(to).toBe(zeroAddress)
    expect(wordsOf(await ask('one', 'undelegate plain nobody'))).toContain('its tokens vote for nobody')
  })
})

test('a statement is forgotten with the person who wrote it', async () => {
  await linkWallet(w.ctx, caller('leaver'), account(w.chain, 6))
  await ask('leaver', 'delegate-statement plain Trust me.')
  await ask('leaver', 'erase yes')
  expect(await w.ctx.db.selectFrom('delegate_statement').select('text').execute()).toEqual([])
})
