import { setTimeout as wait } from 'node:timers/promises'
import type { Context } from '../../core/context.ts'
import { cardRef } from '../../core/chat/outbox.ts'
import { summarizeAgain } from '../../core/chat/hear.ts'
import { announce } from '../../core/governance/announce.ts'
import { pollOnce } from '../../core/listen/listener.ts'
import { showChallenge } from '../../core/mesh/jobs.ts'
import { watchDao } from '../../core/listen/watch.ts'
import { announceSpell } from '../../core/nomic/jobs.ts'
import { lookAtDao } from '../../core/nomic/look.ts'
import { chiefOf } from '../../core/nomic/record.ts'
import { announcePoll } from '../../core/polls/jobs.ts'
import { lookAtDaoPolls } from '../../core/polls/look.ts'
import * as drafts from './proposals.ts'
import type { WorldFacts } from './facts.ts'

const longestMs = 10_000
const channel = { platform: 'playground', id: 'governance' }

/** Watches both DAOs and the Global DAO for the playground. What is open already is news to whoever has just arrived, so it is announced. */
export async function introduce(ctx: Context, facts: WorldFacts): Promise<void> {
  const daoIds: string[] = []
  for (const { slug, dao } of [facts.auto, facts.harbor, { slug: 'global', dao: facts.contracts.globalDao }]) {
    const known = await ctx.db.selectFrom('dao').select('id').where('address', '=', dao).executeTakeFirst()
    daoIds.push(known?.id ?? (await watchDao(ctx, { address: dao, slug, channel })).dao.id)
  }
  await pollOnce(ctx)
  await pollOnce(ctx)
  await introduceNomic(ctx, facts)
  await ctx.db.transaction().execute(async (trx) => {
    const rows = await trx
      .updateTable('proposal')
      .set({ announced: true })
      .where('dao_id', 'in', daoIds)
      .where('announced', '=', false)
      .where('state', 'in', ['pending', 'active', 'queued'])
      .returning(['id', 'number'])
      .execute()
    for (const { id } of rows.sort((a, b) => a.number - b.number)) {
      await ctx.queue.send(trx, announce, { proposalId: id }, { key: id })
      await ctx.queue.send(trx, summarizeAgain, { proposalId: id }, { key: id, afterMs: 1_000 })
    }
    const challenges = await trx
      .updateTable('challenge')
      .set({ announced: true })
      .where('announced', '=', false)
      .returning('id')
      .execute()
    for (const { id } of challenges) await ctx.queue.send(trx, showChallenge, { challengeId: id }, { key: id })
  })
}

/** The same for the Nomic DAO and its spells. */
async function introduceNomic(ctx: Context, { contracts }: WorldFacts): Promise<void> {
  const known = await ctx.db.selectFrom('dao').select('id').where('kind', '=', 'nomic').executeTakeFirst()
  const daoId = known?.id ?? (await watchDao(ctx, { address: contracts.chief, slug: 'nomic', channel })).dao.id
  await pollOnce(ctx)
  // After a kill the chain may be a little behind what was read of it, and then it cannot be asked.
  if (!(await chiefOf(ctx.db, daoId))) {
    await lookAtDao(ctx, { daoId })
    await lookAtDaoPolls(ctx, { daoId })
  }
  await ctx.db.transaction().execute(async (trx) => {
    const rows = await trx
      .updateTable('spell')
      .set({ announced: true })
      .where('dao_id', '=', daoId)
      .where('announced', '=', false)
      .where('state', 'in', ['open', 'hat', 'plotted'])
      .returning('id')
      .execute()
    for (const { id } of rows) await ctx.queue.send(trx, announceSpell, { spellId: id }, { key: id })
    const open = await trx
      .selectFrom('poll')
      .select('id')
      .where('dao_id', '=', daoId)
      .where('state', '=', 'open')
      .execute()
    for (const { id } of open) await ctx.queue.send(trx, announcePoll, { pollId: id }, { key: id })
  })
}

/** Resolves when a card is shown; a world where nothing is open has none, and need not wait for long. */
export async function firstCard(ctx: Context): Promise<void> {
  for (const until = Date.now() + longestMs; Date.now() < until;) {
    const shown = await ctx.db
      .selectFrom('effect')
      .select('key')
      .where('key', 'like', 'proposal/%')
      .where('state', '=', 'sent')
      .limit(1)
      .executeTakeFirst()
    if (shown) return
    await wait(20)
  }
}

/** What the people of the playground say about the open proposals, once, in the threads of their cards. */
export async function talk(ctx: Context, params: { url: string; signal: AbortSignal }): Promise<void> {
  const talked = Object.values(drafts).filter((draft): draft is drafts.Draft => 'talk' in draft)
  for (const { text, talk: words = [] } of talked) {
    const thread = await silentThread(ctx, text, params.signal)
    if (thread === undefined) continue
    for (const { who, says } of words) {
      if (params.signal.aborted) return
      await say(params.url, { person: who, channel: channel.id, thread, text: says })
    }
  }
}

/** The thread of an announced proposal of which nobody has spoken yet, as soon as its card is there. */
async function silentThread(ctx: Context, description: string, signal: AbortSignal): Promise<string | undefined> {
  for (const until = Date.now() + longestMs; Date.now() < until && !signal.aborted; await wait(50)) {
    const row = await ctx.db
      .selectFrom('proposal')
      .leftJoin('message', 'message.proposal_id', 'proposal.id')
      .select('proposal.id')
      .where('proposal.description', '=', description)
      .where('proposal.announced', '=', true)
      .where('message.id', 'is', null)
      .executeTakeFirst()
    if (!row) return undefined
    const card = await cardRef(ctx, `proposal/${row.id}/${channel.platform}/${channel.id}`)
    if (card) return card.id
  }
  return undefined
}

async function say(url: string, body: object): Promise<void> {
  const response = await fetch(`${url}/api/play/say`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`The playground did not take a message: ${response.status}`)
}
