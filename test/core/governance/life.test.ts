import { encodeFunctionData, keccak256, stringToHex, type Address } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { autoDao as abi } from '../../../contracts/generated.ts'
import { pollOnce } from '../../../core/governance/listen.ts'
import { findProposal } from '../../../core/governance/proposal.ts'
import { watchDao } from '../../../core/governance/watch.ts'
import { sendCall, type DaoAddresses } from '../../../scripts/world/deploy.ts'
import { times, world, type World } from '../../support/world.ts'

let all: World
beforeAll(async () => {
  all = await world()
})
afterAll(() => all.stop())

describe.each(['autoDao', 'ozDao'] as const)('%s', (which) => {
  test('is followed from the proposal to its execution', async () => {
    const dao: DaoAddresses = all[which]
    const slug = which === 'autoDao' ? 'auto' : 'plain'
    await watchDao(all.ctx, { address: dao.dao, slug, by: 'test' })
    await pollOnce(all.ctx)
    const description = '# Pay the audit\n\nBecause.'
    const call = { to: all.voters[0]!.address, value: 0n, data: '0x' as const }
    const { onchainId } = await all.propose(dao, description, [call])
    expect(await pollOnce(all.ctx)).toMatchObject({ status: 'read' })
    let row = await findProposal(all.ctx, `${slug}-1`)
    expect(row).toMatchObject({
      title: 'Pay the audit',
      state: 'pending',
      announced: true,
      onchain_id: onchainId.toString(),
      text_hash: keccak256(stringToHex(description)),
      calls: [{ target: call.to, value: '0', data: '0x' }],
    })
    const next = async () => {
      await pollOnce(all.ctx)
      row = await findProposal(all.ctx, `${slug}-1`)
      return row
    }
    await all.chain.travel(times.votingDelay + 1)
    expect(await next()).toMatchObject({ state: 'active', quorum: expect.stringMatching(/^\d+$/) })
    const send = (to: Address, data: `0x${string}`, voter = 0) =>
      sendCall({ ...all.deployer, wallet: all.chain.wallet(all.voters[voter]!) }, { to, data })
    await send(
      dao.dao,
      encodeFunctionData({ abi: abi.abi, functionName: 'castVoteWithReason', args: [onchainId, 1, 'Yes'] }),
      4,
    )
    await send(dao.dao, encodeFunctionData({ abi: abi.abi, functionName: 'castVote', args: [onchainId, 0] }), 1)
    expect(await next()).toMatchObject({
      in_favour: (500n * 10n ** 18n).toString(),
      against: (200n * 10n ** 18n).toString(),
    })
    await all.chain.travel(Number(BigInt(row.deadline) - BigInt(await now()) - 60n))
    expect(await next()).toMatchObject({ state: 'active', stage: 'ending' })
    await all.chain.travel(120)
    expect(await next()).toMatchObject({ state: 'succeeded', stage: null })
    const args = [[call.to], [0n], ['0x'], keccak256(stringToHex(description))] as const
    await send(dao.dao, encodeFunctionData({ abi: abi.abi, functionName: 'queue', args }))
    expect(await next()).toMatchObject({ state: 'queued', stage: null, eta: expect.stringMatching(/^\d+$/) })
    await all.chain.travel(times.timelockDelay + 1)
    expect(await next()).toMatchObject({ state: 'queued', stage: 'ready' })
    await send(dao.dao, encodeFunctionData({ abi: abi.abi, functionName: 'execute', args }))
    expect(await next()).toMatchObject({ state: 'executed', final: false })
    await all.chain.travel(1)
    await all.chain.travel(1)
    expect(await next()).toMatchObject({ state: 'executed', final: true })
  })
})

const now = async (): Promise<number> => Number((await all.chain.client.getBlock()).timestamp)
