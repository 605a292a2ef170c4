import { encodeFunctionData, parseEther, type Address } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { autoDao } from '../../../contracts/generated.ts'
import { acceptBallot } from '../../../core/ballots/accept.ts'
import type { Proposal } from '../../../core/governance/proposal.ts'
import { sendCall } from '../../../bots/world/deploy.ts'
import {
  ballotRow,
  ballotWorld,
  cardText,
  cast,
  finalise,
  openPage,
  openProposal,
  relayAndSettle,
  sign,
  storeVote,
  tallyOf,
  type BallotWorld,
  settleNow,
} from '../../support/ballots.ts'
import { linkWallet } from '../../support/linking.ts'

let w: BallotWorld
beforeAll(async () => {
  w = await ballotWorld({ changeOfMind: true })
})
afterAll(() => w.stop())

const none = { against: 0n, for: 0n, abstain: 0n }

/** The wallet votes by itself, past AutoCo. */
async function voteDirectly(proposal: Proposal, index: number, support: number) {
  return sendCall(
    { ...w.deployer, wallet: w.chain.wallet(w.voters[index]!) },
    {
      to: proposal.dao.address as Address,
      data: encodeFunctionData({
        abi: autoDao.abi,
        functionName: 'castVote',
        args: [BigInt(proposal.onchain_id), support],
      }),
    },
  )
}

describe('where minds may be changed', () => {
  test('a newer ballot takes the place of one that was not sent yet', async () => {
    const proposal = await openProposal(w, 'auto')
    const older = await cast(w, 1, { ref: proposal.ref, support: 1 })
    const newer = await cast(w, 1, { ref: proposal.ref, support: 0 })
    expect(await ballotRow(w, older)).toMatchObject({ state: 'superseded', intent_id: null })
    expect(await cardText(w, older)).toContain('A newer ballot of this wallet counts instead')
    await relayAndSettle(w)
    expect(await ballotRow(w, newer)).toMatchObject({ state: 'counted' })
    expect(await tallyOf(w, proposal)).toEqual({ ...none, against: parseEther('200') })
  })

  test('and of one that was counted and final', async () => {
    const proposal = await openProposal(w, 'auto')
    const older = await cast(w, 1, { ref: proposal.ref, support: 1 })
    await relayAndSettle(w)
    await finalise(w)
    expect(await ballotRow(w, older)).toMatchObject({ state: 'final' })
    const newer = await cast(w, 1, { ref: proposal.ref, support: 2, reason: 'I was persuaded' })
    await relayAndSettle(w)
    expect(await ballotRow(w, newer)).toMatchObject({ state: 'counted' })
    expect(await ballotRow(w, older)).toMatchObject({ state: 'superseded' })
    expect(await cardText(w, older)).toContain('Replaced.')
    expect(await tallyOf(w, proposal)).toEqual({ ...none, abstain: parseEther('200') })
  })

  test('an old ballot after a new one is refused, and so is one of two pages that were shown at once', async () => {
    const proposal = await openProposal(w, 'auto')
    const [first, second] = [
      await openPage(w, w.people[1]!, { ref: proposal.ref, support: 1 }),
      await openPage(w, w.people[1]!, { ref: proposal.ref, support: 0 }),
    ]
    const wallet = w.voters[1]!
    const signatures = [await sign(w, first, wallet), await sign(w, second, wallet)] as const
    await acceptBallot(w.ctx, { draft: second, address: wallet.address, signature: signatures[1] })
    const stale = {
      code: 'stale',
      message: 'A newer vote of this wallet counts already, so this ballot is out of date.',
    }
    await expect(
      acceptBallot(w.ctx, { draft: first, address: wallet.address, signature: signatures[0] }),
    ).rejects.toMatchObject(stale)
    await relayAndSettle(w)
    await expect(
      acceptBallot(w.ctx, { draft: first, address: wallet.address, signature: signatures[0] }),
    ).rejects.toMatchObject(stale)
    expect(await tallyOf(w, proposal)).toEqual({ ...none, against: parseEther('200') })
  })

  test('two ballots of a wallet in flight count as the newer one alone', async () => {
    const proposal = await openProposal(w, 'auto')
    await w.chain.rpc('evm_setAutomine', [false])
    const older = await cast(w, 1, { ref: proposal.ref, support: 1 })
    await relayAndSettle(w)
    const newer = await cast(w, 1, { ref: proposal.ref, support: 0 })
    await relayAndSettle(w)
    expect([(await ballotRow(w, older)).state, (await ballotRow(w, newer)).state]).toEqual(['batched', 'batched'])
    await w.chain.rpc('evm_setAutomine', [true])
    await w.chain.rpc('evm_mine')
    await settleNow(w)
    expect([(await ballotRow(w, older)).state, (await ballotRow(w, newer)).state]).toEqual(['superseded', 'counted'])
    expect(await tallyOf(w, proposal)).toEqual({ ...none, against: parseEther('200') })
  })

  test('a vote of the wallet itself ends it, and the ballot that was counted before says so', async () => {
    const proposal = await openProposal(w, 'auto')
    const id = await cast(w, 1, { ref: proposal.ref, support: 1 })
    await relayAndSettle(w)
    const receipt = await voteDirectly(proposal, 1, 0)
    await storeVote(w, proposal, { voter: w.voters[1]!.address, support: 0, receipt })
    await settleNow(w)
    expect(await ballotRow(w, id)).toMatchObject({ state: 'voted_elsewhere', final_at: null })
    expect(await cardText(w, id)).toContain('This wallet voted by itself')
    await finalise(w)
    expect((await ballotRow(w, id)).final_at).not.toBeNull()
    await expect(cast(w, 1, { ref: proposal.ref, support: 2 })).rejects.toMatchObject({ code: 'voted' })
  })
})

test('two wallets of one person are two votes, each with its own weight', async () => {
  const proposal = await openProposal(w, 'auto')
  await linkWallet(w.ctx, w.people[2]!, w.voters[3]!)
  const ids = [
    await cast(w, 2, { ref: proposal.ref, support: 1, from: w.people[2]! }),
    await cast(w, 3, { ref: proposal.ref, support: 0, from: w.people[2]! }),
  ]
  await relayAndSettle(w)
  expect((await Promise.all(ids.map((id) => ballotRow(w, id)))).map(({ state }) => state)).toEqual([
    'counted',
    'counted',
  ])
  expect(await tallyOf(w, proposal)).toEqual({ ...none, for: parseEther('300'), against: parseEther('400') })
})
