import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createModel } from '../../../../core/ai/model.ts'
import type { Summary } from '../../../../core/ai/types.ts'
import { forget, hear } from '../../../../core/chat/hear.ts'
import type { Context } from '../../../../core/context.ts'
import { erase } from '../../../../core/forget/erase.ts'
import { announceJob } from '../../../../core/governance/jobs/announce.ts'
import { summarizeJob } from '../../../../core/governance/jobs/summarize.ts'
import { completion, modelServer, type ModelReply, type ModelServer } from '../../../support/model-server.ts'
import { caller } from '../../../support/linking.ts'
import { insertDao, insertProposal, rowWorld, subscribe, type RowWorld } from '../../../support/proposal.ts'

let all: RowWorld
let ctx: Context
let dao: { id: string; slug: string }
let number = 0
const servers: ModelServer[] = []

beforeAll(async () => {
  all = await rowWorld({ DISCUSSION_HOSTS: 'forum.example.org' })
  ctx = all.ctx
  dao = await insertDao(ctx)
  await subscribe(ctx, dao, 'general')
})
afterEach(async () => {
  ctx.ai = undefined
  await Promise.all(servers.splice(0).map((server) => server.stop()))
})
afterAll(() => all.stop())

const propose = (more: object = {}): Promise<string> => insertProposal(ctx, dao, { number: (number += 1), ...more })
const summarize = (proposalId: string): Promise<void> => summarizeJob.run(ctx, { proposalId })

async function summaryOf(id: string, channel = ''): Promise<Summary | undefined> {
  const row = await ctx.db
    .selectFrom('summary')
    .select('summary')
    .where('subject', '=', `proposal/${id}${channel}`)
    .executeTakeFirst()
  return row?.summary as Summary | undefined
}

/** Jobs of a proposal that wait: the seconds until they may run. */
async function waiting(name: string, id: string): Promise<number[]> {
  const { rows } = await ctx.db.executeQuery<{ wait: number }>({
    sql: `select extract(epoch from start_after - now())::float as wait from pgboss.job
          where name = $1 and singleton_key = $2 and state = 'created'`,
    parameters: [name, id],
    query: { kind: 'RawNode' } as never,
    queryId: { queryId: '' } as never,
  })
  return rows.map(({ wait }) => wait)
}

async function withModel(script: (nth: number) => ModelReply): Promise<ModelServer> {
  const server = await modelServer((_, nth) => script(nth))
  servers.push(server)
  ctx.ai = createModel({ baseUrl: server.baseUrl, model: 'tiny', timeoutMs: 1_500 })
  return server
}

const claims = (text: string, cites: string[]): ModelReply =>
  completion({ claims: [{ section: 'what', kind: 'point', stance: 'neutral', text, cites }] })
const good = claims('The watcher team is paid for twelve months of work.', ['p2'])

const say = (id: string, text: string, more: object = {}) =>
  ctx.db
    .selectFrom('proposal')
    .select('ref')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
    .then(({ ref }) =>
      hear(ctx, {
        platform: 'paper',
        channel: 'general',
        id,
        author: 'Alice',
        authorId: 'alice',
        at: 1_767_300_000_000,
        url: 'https://chat.test/1',
        text: `${text} (${ref})`,
        ...more,
      }),
    )

describe('a summary', () => {
  test('is stored, and the card is drawn anew', async () => {
    const id = await propose()
    await summarize(id)
    expect(await summaryOf(id)).toMatchObject({
      mode: 'extract',
      label: expect.stringMatching(/^Extract, no AI model/),
    })
    expect(await waiting('announce', id)).toHaveLength(1)
    await announceJob.run(ctx, { proposalId: id })
    const effect = await ctx.db
      .selectFrom('effect')
      .select('view')
      .where('key', '=', `proposal/${id}/paper/general`)
      .executeTakeFirstOrThrow()
    expect(JSON.stringify(effect.view)).toContain('Extract, no AI model')
  })

  test('hears what people say, with who said it and where', async () => {
    const id = await propose()
    await say(id, 'I am against this because the watchers cost too much for a monthly report.')
    await summarize(id)
    const summary = await summaryOf(id, '/paper/general')
    expect(summary?.sources).toContainEqual(
      expect.objectContaining({ author: 'Alice', url: 'https://chat.test/1', kind: 'message' }),
    )
    expect(summary?.sections.find(({ title }) => title === 'Discussion: against')?.claims).toHaveLength(1)
  })

  test('takes the reason of a vote with the side that the vote took, and names the address alone', async () => {
    const id = await propose()
    const vote = { proposal_id: id, tx_hash: '0x', weight: '5', orphaned_at: null, log_index: 0 }
    const voter = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
    const reasons = [
      'I changed my mind',
      'Independent watchers of the bridge make withdrawals safer for everybody here.',
    ]
    for (const [at, reason] of reasons.entries())
      await ctx.db
        .insertInto('vote')
        .values({ ...vote, voter, support: at, reason, block_number: String(20 + at), block_hash: `0x${id}${at}` })
        .execute()
    await summarize(id)
    const summary = await summaryOf(id)
    expect(summary?.sections.find(({ title }) => title === 'Discussion: for')?.claims[0]).toMatchObject({
      text: reasons[1],
      stance: 'for',
    })
    expect(JSON.stringify(summary)).not.toContain(reasons[0])
    expect(summary?.sources.find(({ kind }) => kind === 'message')).toMatchObject({
      author: '0x7099…79C8',
      url: expect.stringContaining(`/p/nomic-${number}#vote-${voter}`),
    })
  })

  test('costs nothing a second time, and is redone when the text or the discussion changes', async () => {
    const server = await withModel(() => good)
    const id = await propose()
    await summarize(id)
    await summarize(id)
    expect(server.requests).toHaveLength(1)
    await ctx.db
      .updateTable('proposal')
      .set({ description: 'A new text with enough words.' })
      .where('id', '=', id)
      .execute()
    await summarize(id)
    expect(server.requests).toHaveLength(2)
    await say(id, 'I support the new text because it has enough words in it.')
    await summarize(id)
    expect(server.requests).toHaveLength(3)
    await say(id, 'I support the newer text because it has more words in it.')
    await summarize(id)
    expect(server.requests).toHaveLength(4)
    await ctx.db.updateTable('proposal').set({ in_favour: '99' }).where('id', '=', id).execute()
    await summarize(id)
    expect(server.requests).toHaveLength(4)
  })

  test('forgets what was deleted', async () => {
    const id = await propose()
    await say(id, 'I am against this because the canary costs too much for a monthly report.', { id: '77' })
    await summarize(id)
    expect(JSON.stringify(await summaryOf(id, '/paper/general'))).toContain('canary')
    await forget(ctx, { platform: 'paper', channel: 'general', id: '77' })
    await summarize(id)
    expect(await summaryOf(id, '/paper/general')).toBeUndefined()
    expect(JSON.stringify(await summaryOf(id))).not.toContain('canary')
  })

  test('forgets the name of a person who has themselves erased', async () => {
    const id = await propose()
    await say(id, 'I am against this because the price is too high for a monthly report.', {
      authorId: 'gone',
      author: 'Zed',
    })
    await summarize(id)
    expect(JSON.stringify(await summaryOf(id, '/paper/general'))).toContain('Zed')
    await erase(ctx, { caller: caller('gone', { platform: 'paper' }) })
    expect((await waiting('summarize', id))[0]).toBeLessThan(1)
    await summarize(id)
    expect(JSON.stringify(await summaryOf(id, '/paper/general'))).not.toContain('Zed')
  })

  test('of a proposal that a reorg took back is not made', async () => {
    const server = await withModel(() => good)
    const id = await propose({ orphaned_at: new Date() })
    await summarize(id)
    expect(server.requests).toHaveLength(0)
    expect(await summaryOf(id)).toBeUndefined()
  })
})

describe('a model', () => {
  test.each<[string, ModelReply]>([
    ['that is down', { status: 503, body: '{}' }],
    ['that hangs', { fault: 'hang' }],
    ['that answers with a web page', { body: '<html>' }],
    ['that refuses', completion(null, { message: { content: null, refusal: 'no' } })],
  ])('%s gives way to an extract and is asked again later', async (_, reply) => {
    await withModel(() => reply)
    const id = await propose()
    await summarize(id)
    expect(await summaryOf(id)).toMatchObject({ mode: 'extract', label: expect.stringContaining('no usable answer') })
    const [wait] = await waiting('summarize', id)
    expect(wait).toBeGreaterThan(300)
    expect(wait).toBeLessThan(700)
    await withModel(() => good)
    await summarize(id)
    expect(await summaryOf(id)).toMatchObject({ mode: 'model' })
  })

  test('that lies is not asked again: it would lie again', async () => {
    await withModel(() => claims('The proposal passed with 70 votes for it.', ['p2']))
    const id = await propose()
    await summarize(id)
    expect(await summaryOf(id)).toMatchObject({
      mode: 'extract',
      label: expect.stringContaining('did not pass the checks'),
    })
    expect(await waiting('summarize', id)).toEqual([])
  })

  test('is not asked again about a vote that is over', async () => {
    await withModel(() => ({ status: 503, body: '{}' }))
    const id = await propose({ state: 'executed' })
    await summarize(id)
    expect(await waiting('summarize', id)).toEqual([])
  })
})
