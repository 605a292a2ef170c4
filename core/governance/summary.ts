import { cachedSummary } from '../ai/store.ts'
import type { Fact, Said, Summary } from '../ai/types.ts'
import type { Context } from '../context.ts'
import type { Channel } from '../platform.ts'
import { pageUrl } from '../origin.ts'
import { keptDiscussion, readDiscussion } from './discussion.ts'
import { factSheet } from './facts.ts'
import type { Reach } from './fetch-json.ts'
import { proposalById, type Proposal } from './proposal.ts'
import { readReasons } from './reasons.ts'
import { readRecord, unitsOf } from './record.ts'
import { summarySubject } from './summary-subject.ts'

const mostMessages = 2_000
const mostText = 1_000_000

/**
 * Summarises a proposal and what was said of it: once for everybody, and once for each channel where people talk about
 * it. The same text costs nothing a second time. Answers with the summaries as they are now.
 */
export async function summarizeProposal(ctx: Context, proposalId: string, reach?: Reach): Promise<Summary[]> {
  const proposal = await proposalById(ctx, proposalId)
  if (proposal.orphaned_at) return []
  const facts = factSheet(await readRecord(ctx.db, { id: proposalId, units: await unitsOf(ctx, proposal) }))
  const page = pageUrl(ctx.config, `/p/${proposal.ref}`)
  const inPublic = [
    ...(await readReasons(ctx, { proposal, page })),
    ...(await readDiscussion(ctx, proposal.description, reach)),
  ]
  const made = [await summaryFor(ctx, { proposal, facts, messages: inPublic })]
  const channels = await talkingChannels(ctx, proposalId)
  for (const channel of channels) {
    const messages = [...inPublic, ...(await saidIn(ctx, proposalId, channel))]
    made.push(await summaryFor(ctx, { proposal, facts, messages, channel }))
  }
  await dropSilent(ctx, proposalId, channels)
  return made
}

/** What people in this channel may read of the discussion, as far as it is here already. */
export async function readSaid(ctx: Context, proposal: Proposal, channel: Channel): Promise<Said[]> {
  return [
    ...(await readReasons(ctx, { proposal, page: pageUrl(ctx.config, `/p/${proposal.ref}`) })),
    ...(await keptDiscussion(ctx, proposal.description)),
    ...(await saidIn(ctx, proposal.id, channel)),
  ]
}

function summaryFor(
  ctx: Context,
  params: { proposal: Proposal; facts: Fact[]; messages: Said[]; channel?: Channel },
): Promise<Summary> {
  const { title, description, id } = params.proposal
  const { facts, messages, channel } = params
  return cachedSummary(ctx, summarySubject(id, channel), { title, body: description, messages, facts })
}

async function talkingChannels(ctx: Pick<Context, 'db'>, proposalId: string): Promise<Channel[]> {
  return ctx.db
    .selectFrom('message')
    .select(['platform', 'channel as id'])
    .distinct()
    .where('proposal_id', '=', proposalId)
    .orderBy('platform')
    .orderBy('channel')
    .execute()
}

async function saidIn(ctx: Pick<Context, 'db'>, proposalId: string, channel: Channel): Promise<Said[]> {
  const rows = await ctx.db
    .selectFrom('message')
    .select(['author', 'text', 'url', 'at'])
    .where('proposal_id', '=', proposalId)
    .where('platform', '=', channel.platform)
    .where('channel', '=', channel.id)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(mostMessages)
    .execute()
  let left = mostText
  return rows
    .filter(({ text }) => (left -= text.length) >= 0)
    .map(({ author, text, url, at }) => ({ author, text, at: at.getTime(), ...(url === null ? {} : { url }) }))
}

/** Where everything was deleted again, nothing of it may stay in a summary. */
async function dropSilent(ctx: Pick<Context, 'db'>, proposalId: string, talking: readonly Channel[]): Promise<void> {
  const kept = talking.map((channel) => summarySubject(proposalId, channel))
  await ctx.db
    .deleteFrom('summary')
    .where('subject', 'like', `${summarySubject(proposalId)}/%`)
    .$if(kept.length > 0, (query) => query.where('subject', 'not in', kept))
    .execute()
}
