import { encodeFunctionData, erc20Abi, keccak256, parseEther, stringToHex, type Address, type Hex } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { autoDao, autoIds } from '../../../contracts/generated.ts'
import { acceptSent, acceptSigned } from '../../../core/actions/accept.ts'
import { actionAsked, actionPage } from '../../../core/actions/page.ts'
import { actionJob } from '../../../core/actions/jobs/action.ts'
import { enrolJob } from '../../../core/ids/jobs/enrol.ts'
import type { View } from '../../../core/view.ts'
import { sendCall } from '../../../bots/world/deploy.ts'
import {
  ballotWorld,
  cast,
  finalise,
  openProposal,
  relayAndSettle,
  settleNow,
  wordsOf,
  ballotRow,
  type BallotWorld,
} from '../../support/ballots.ts'
import { account, caller, channel, linkWallet } from '../../support/linking.ts'

let w: BallotWorld
/** Voter 0 is Auto ID 1, and so on. The agent's wallet and a fresh one are hers too. */
const agentIndex = 6
const freshIndex = 7
const mandate = 'It may vote on grants below 500 TEST, and on nothing else.'

beforeAll(async () => {
  w = await ballotWorld()
  for (const index of [agentIndex, freshIndex]) await linkWallet(w.ctx, w.people[0]!, account(w.chain, index))
  await sendCall(
    { ...w.deployer, wallet: w.chain.wallet(w.voters[4]!) },
    {
      to: w.autoDao.token,
      data: encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [agent(), parseEther('50')] }),
    },
  )
  await sendCall(
    { ...w.deployer, wallet: w.chain.wallet(account(w.chain, agentIndex)) },
    { to: w.autoDao.token, data: encodeFunctionData({ abi: delegateAbi, args: [agent()] }) },
  )
})
afterAll(() => w.stop())

const delegateAbi = [
  {
    type: 'function',
    name: 'delegate',
    stateMutability: 'nonpayable',
    inputs: [{ name: 'to', type: 'address' }],
    outputs: [],
  },
] as const
const agent = (): Address => account(w.chain, agentIndex).address
const fresh = (): Address => account(w.chain, freshIndex).address

const ask = async (who: number, line: string): Promise<View> =>
  (await w.app.run({ caller: w.people[who] ?? caller('stranger'), channel, line })).view
const secretOf = (view: View): string => {
  const page = view.actions?.[0]
  if (!page || !('open' in page)) throw new Error(wordsOf(view))
  return page.open.split('/').at(-1) ?? ''
}

/** Does all that a page asks for, with whichever wallet it names. */
async function finish(view: View): Promise<string> {
  const secret = secretOf(view)
  for (;;) {
    const { steps, wallet } = await actionPage(w.ctx, { secret })
    const at = steps.findIndex(({ state }) => state !== 'done')
    if (at < 0) break
    const key = w.chain.accounts.find(({ address }) => address === wallet)!
    const asked = await actionAsked(w.ctx, { secret })
    if ('typedData' in asked) {
      const signature = await key.signTypedData(asked.typedData as never)
      await acceptSigned(w.ctx, { secret, number: asked.number, signature })
    } else {
      const { to, data } = asked.transaction as { to: Address; data: Hex }
      const hash = await w.chain.wallet(key).sendTransaction({ to, data })
      await w.ctx.chain.client.waitForTransactionReceipt({ hash })
      await acceptSent(w.ctx, { secret, number: asked.number, hash })
    }
    await actionJob.run(w.ctx, {})
    await settleNow(w)
    const { state } = (await actionPage(w.ctx, { secret })).steps[at]!
    if (state !== 'done') throw new Error(`the step is ${state}`)
  }
  const card = await w.ctx.db
    .selectFrom('effect')
    .select('view')
    .where('key', 'like', 'action/%')
    .orderBy('updated_at', 'desc')
    .executeTakeFirstOrThrow()
  return wordsOf(card.view as View)
}

const read = <T>(functionName: 'idOf' | 'isLive' | 'controllerOf' | 'keyOk', args: readonly unknown[]): Promise<T> =>
  w.ctx.chain.client.readContract({
    abi: autoIds.abi,
    address: w.deployed.autoIds,
    functionName,
    args,
  } as never) as Promise<T>

describe('/id', () => {
  test('shows one’s own, or another by its number or address, and says when there is none', async () => {
    const own = wordsOf(await ask(0, 'id'))
    expect(own).toContain('Auto ID 1')
    expect(own).toContain('It is live.')
    expect(own).toContain(w.voters[0]!.address)
    expect(wordsOf(await ask(0, 'id 2'))).toContain(w.voters[1]!.address)
    expect((await ask(0, `id ${w.voters[2]!.address.toLowerCase()}`)).title).toBe('Auto ID 3')
    expect(wordsOf(await ask(0, 'id 99'))).toContain('There is no Auto ID 99.')
    expect(wordsOf(await ask(0, `id ${agent()}`))).toContain('controls no Auto ID that is live')
    expect(wordsOf(await ask(0, 'id somebody'))).toContain('neither the number of an Auto ID nor an address')
    expect(wordsOf(await ask(9, 'id'))).toContain('not linked to a wallet yet')
  })
})

describe('an agent', () => {
  test('gets an Auto ID by two signatures, with a mandate in words whose hash the chain holds', async () => {
    const view = await ask(0, `id-agent ${agent()} 90d ${mandate}`)
    expect(wordsOf(view)).toContain(mandate)
    expect(wordsOf(await ask(1, `id-agent ${agent()} 90d ${mandate}`))).toContain('is not linked to you')
    const card = await finish(view)
    expect(card).toContain(`Issue the agent's Auto ID, as Auto ID 1: signed`)
    expect(card).toMatch(/Take it, as the agent: signed → sent → done in block \d+/)

    const id = await read<bigint>('idOf', [agent()])
    expect(id).toBe(6n)
    const record = await w.ctx.chain.client.readContract({
      abi: autoIds.abi,
      address: w.deployed.autoIds,
      functionName: 'record',
      args: [id],
    })
    expect(record).toMatchObject({ kind: 3, issuer: 1n, certificate: keccak256(stringToHex(mandate)) })
    const shown = wordsOf(await ask(1, 'id 6'))
    expect(shown).toContain(mandate)
    expect(shown).toContain('1 (person)')
    expect(wordsOf(await ask(0, `id-agent ${agent()} 90d again`))).toContain('has Auto ID 6 already')
  })

  test('votes, until it is revoked by its issuer and by nobody else: then its vote counts no longer', async () => {
    await enrolJob.run(w.ctx, {})
    await settleNow(w)
    await finalise(w)
    await w.chain.travel(1)
    const voters = [...w.voters]
    w = { ...w, voters: [...voters, account(w.chain, agentIndex)] }
    const [first, second] = [await openProposal(w, 'auto'), await openProposal(w, 'auto')]
    const byAgent = (ref: string) => cast(w, 5, { ref, support: 1, from: w.people[0]! })
    const counted = await byAgent(first.ref)
    await relayAndSettle(w)
    expect((await ballotRow(w, counted)).state).toBe('counted')

    expect(wordsOf(await ask(1, 'id-revoke 6'))).toContain('only its issuer can revoke it')
    expect(wordsOf(await ask(0, 'id-revoke 2'))).toContain('has no issuer')
    const view = await ask(0, 'id-revoke 6')
    expect(wordsOf(view)).toContain('This cannot be undone.')
    expect(view.actions?.[0]).toMatchObject({ style: 'danger' })
    await finish(view)
    expect(await read('isLive', [6n])).toBe(false)
    const shown = await ask(0, 'id 6')
    expect(wordsOf(shown)).toContain('It is not live: |  its issuer revoked it.')
    await expect(byAgent(second.ref)).rejects.toMatchObject({ code: 'auto-id' })
    const taken = await w.ctx.chain.client.readContract({
      abi: autoDao.abi,
      address: w.autoDao.dao,
      functionName: 'proposalVotes',
      args: [BigInt(second.onchain_id)],
    })
    expect(taken).toEqual([0n, 0n, 0n])
    expect(wordsOf(await ask(0, 'id-revoke 6'))).toContain('has ended already')
  })
})

describe('keys and moves', () => {
  test('a key may vote in one DAO until a day, and no longer when it is taken away', async () => {
    const key = account(w.chain, 8).address
    await finish(await ask(1, `id-key ${key} 30d auto`))
    expect(await read('keyOk', [2n, key, w.autoDao.dao])).toBe(true)
    expect(await read('keyOk', [2n, key, w.ozDao.dao])).toBe(false)
    expect(wordsOf(await ask(3, 'id 2'))).toContain(`${key} |  in  | ${w.autoDao.dao}`)
    await finish(await ask(1, `id-key ${key} off auto`))
    expect(await read('keyOk', [2n, key, w.autoDao.dao])).toBe(false)
    expect(wordsOf(await ask(3, 'id 2'))).not.toContain(key)
  })

  test('an Auto ID moves to a wallet that agrees, two days later; a move can be taken back until then', async () => {
    expect(wordsOf(await ask(0, `id-rotate ${w.voters[3]!.address}`))).toContain('is not linked to you')
    await finish(await ask(0, `id-key ${account(w.chain, 8).address} 30d`))
    await finish(await ask(0, `id-rotate ${fresh()}`))
    expect(wordsOf(await ask(0, 'id 1'))).toContain('It moves to another wallet: ')
    expect(wordsOf(await ask(0, 'id-rotate finish'))).toContain('not before')
    await finish(await ask(0, 'id-rotate cancel'))
    expect(wordsOf(await ask(0, 'id-rotate finish'))).toContain('No move of Auto ID 1 is announced.')

    await finish(await ask(0, `id-rotate ${fresh()}`))
    await w.chain.travel(2 * 86_400 + 1)
    await finish(await ask(0, 'id-rotate finish 1'))
    expect(await read('controllerOf', [1n])).toBe(fresh())
    expect(await read('keyOk', [1n, account(w.chain, 8).address, w.autoDao.dao])).toBe(false)
  })

  test('an Auto ID is ended by its own controller', async () => {
    expect(wordsOf(await ask(0, 'id-deactivate 2'))).toContain('is no wallet of yours')
    await finish(await ask(2, 'id-deactivate'))
    expect(await read('isLive', [3n])).toBe(false)
    expect(wordsOf(await ask(1, 'id 3'))).toContain('its controller ended it')
  })
})
