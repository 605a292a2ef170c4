import { encodeFunctionData, erc20Abi, parseEther } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pollOnce } from '../../../core/listen/listener.ts'
import { findProposal } from '../../../core/governance/proposal.ts'
import { watchDao } from '../../../core/listen/watch.ts'
import { announceJob } from '../../../core/governance/jobs/announce.ts'
import { summarizeJob } from '../../../core/governance/jobs/summarize.ts'
import { times, world, type World } from '../../support/world.ts'

let all: World
beforeAll(async () => {
  all = await world()
})
afterAll(() => all.stop())

test('what is proposed on the chain becomes a card with its token, its calls in words and a summary', async () => {
  const { ctx, autoDao, voters } = all
  await watchDao(ctx, { address: autoDao.dao, slug: 'auto', channel: { platform: 'paper', id: 'general' } })
  await pollOnce(ctx)
  const to = voters[1]!.address
  const data = encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [to, parseEther('12.5')] })
  await all.propose(
    autoDao,
    '# Pay the audit\n\nThe auditors of the bridge get their pay, because they did the work.',
    [{ to: autoDao.token, data }],
  )
  await pollOnce(ctx)
  await all.chain.travel(times.votingDelay + 1)
  await pollOnce(ctx)
  const { id } = await findProposal(ctx, 'auto-1')
  await summarizeJob.run(ctx, { proposalId: id })
  await announceJob.run(ctx, { proposalId: id })
  const { view } = await ctx.db
    .selectFrom('effect')
    .select('view')
    .where('key', '=', `proposal/${id}/paper/general`)
    .executeTakeFirstOrThrow()
  const words = JSON.stringify(view)
  for (const part of [
    '"title":"auto-1: Pay the audit"',
    'Open for votes.',
    'No votes so far. Quorum not reached yet: 0 TEST of 60 TEST.',
    ' it moves ","12.5 TEST"," to ',
    'The auditors of the bridge get their pay, because they did the work.',
    '"run":"vote auto-1 for"',
    'Extract, no AI model',
  ])
    expect(words).toContain(part)
})
