import { votesOf } from '../mine.ts'
import { sourcesOf } from '../../ai/summarize.ts'
import { summarizeAgain } from '../../chat/hear.ts'
import { defineCommand } from '../../command.ts'
import { findProposal } from '../../governance/proposal.ts'
import { readRecord, unitsOf } from '../../governance/record.ts'
import { pageUrl } from '../../origin.ts'
import { myVotes } from '../views/my-votes.ts'
import { proposalView } from '../../governance/views/proposal.ts'
import { proposalArg } from '../../args.ts'

export const proposal = defineCommand({
  name: 'proposal',
  description: 'What a proposal says, does and how it stands',
  args: { proposal: proposalArg('Which proposal, like ens-42') },
  audience: 'caller',
  access: 'anyone',
  byLink: () => true,
  async run(ctx, { args, channel, person }) {
    const { id, ref, dao, title, description } = await findProposal(ctx, args.proposal)
    const record = await readRecord(ctx.db, { id, units: await unitsOf(ctx, { dao }), channel })
    // Nobody asked for it so far, as with proposals from before the DAO was watched.
    if (!record.summary) await ctx.queue.send(ctx.db, summarizeAgain, { proposalId: id }, { key: id })
    const paragraphs = sourcesOf({ title, body: description, messages: [] })
    const mine = person ? await votesOf(ctx, { person, proposalId: id }) : []
    return proposalView({ record, page: pageUrl(ctx.config, `/p/${ref}`), paragraphs, mine: myVotes(mine, ref) })
  },
})
