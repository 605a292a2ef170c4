import { findPassages } from '../../ai/extract/question.ts'
import { readPassages } from '../../ai/sources.ts'
import { arg, defineCommand } from '../../command.ts'
import { findProposal } from '../../governance/proposal.ts'
import { readSaid } from '../../governance/summary.ts'
import { pageUrl } from '../../origin.ts'
import { passagesView } from '../views/passages.ts'
import { proposalArg } from '../../args.ts'

/** `/ask ens-42 who is paid?`: passages of the text, and of what the people here may read of its discussion. */
export const ask = defineCommand({
  name: 'ask',
  description: 'Find the passages of a proposal that answer a question',
  args: { proposal: proposalArg('Which proposal, like ens-42'), question: arg.text('Your question') },
  audience: 'caller',
  access: 'anyone',
  byLink: () => true,
  async run(ctx, { args, channel }) {
    const proposal = await findProposal(ctx, args.proposal)
    const { title, description, ref } = proposal
    const messages = await readSaid(ctx, proposal, channel)
    const passages = findPassages(readPassages({ title, body: description, messages }), args.question.slice(0, 500))
    return passagesView({ ref, page: pageUrl(ctx.config, `/p/${ref}`), passages })
  },
})
