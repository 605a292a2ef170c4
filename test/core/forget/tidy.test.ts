import { expect, test } from 'vitest'
import { writeDraft } from '../../../core/ballots/draft.ts'
import { hear } from '../../../core/chat/hear.ts'
import { tidyJob } from '../../../core/forget/tidy.ts'
import { ballotWorld, openProposal } from '../../support/ballots.ts'
import { account, askLink, caller, channel, linkWallet } from '../../support/linking.ts'

test('what has had its use is gone after a week, a draft of a proposal after two months, and not before', async () => {
  const w = await ballotWorld()
  try {
    const { ctx } = w
    const who = caller('tidy')
    const proposal = await openProposal(w, 'auto')
    await writeDraft(ctx, { caller: who, proposalId: proposal.id, support: 1, reason: '' })
    await askLink(ctx, who)
    await linkWallet(ctx, who, account(w.chain, 6))
    await w.app.run({ caller: who, channel, line: 'propose auto thread Tidy' })
    const { id } = await ctx.db.selectFrom('proposal_draft').select('id').executeTakeFirstOrThrow()
    const said = { platform: channel.platform, channel: channel.id, id: '1', author: 'Bob', authorId: 'bob' }
    await hear(ctx, { ...said, text: `draft-${id}: Clean up after yourself.`, at: Date.now() })
    const event = JSON.stringify({ call: { caller: who, line: 'help' } })
    await ctx.db.insertInto('inbox').values({ key: 'tidy/1', platform: 'playground', event }).execute()
    const left = async (): Promise<number[]> =>
      Promise.all([
        ctx.db.selectFrom('draft').select('hash').where('user_id', '=', 'tidy').execute(),
        ctx.db.selectFrom('ticket').select('hash').where('user_id', '=', 'tidy').execute(),
        ctx.db.selectFrom('inbox').select('key').where('key', '=', 'tidy/1').execute(),
        ctx.db.selectFrom('proposal_draft').select('id').execute(),
        ctx.db.selectFrom('message').select('id').execute(),
      ]).then((tables) => tables.map((rows) => rows.length))
    await tidyJob.run(ctx, {})
    expect(await left()).toEqual([1, 2, 1, 1, 1])
    w.wait(8 * 24 * 60)
    await tidyJob.run(ctx, {})
    expect(await left()).toEqual([0, 0, 0, 1, 1])
    w.wait(60 * 24 * 60)
    await tidyJob.run(ctx, {})
    expect(await left()).toEqual([0, 0, 0, 0, 0])
  } finally {
    await w.stop()
  }
})
