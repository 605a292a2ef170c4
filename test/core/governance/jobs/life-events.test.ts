import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Context } from '../../../../core/context.ts'
import { recordSteps } from '../../../../core/governance/life.ts'
import { announceJob } from '../../../../core/governance/jobs/announce.ts'
import { insertDao, insertProposal, rowWorld, subscribe, type RowWorld } from '../../../support/proposal.ts'

let all: RowWorld
let ctx: Context
let dao: { id: string; slug: string }
let now = Date.parse('2026-01-05T12:00:00Z')
let number = 0

beforeAll(async () => {
  all = await rowWorld()
  ctx = { ...all.ctx, now: () => now }
  dao = await insertDao(ctx)
  for (const channel of ['general', 'quiet', 'bare']) await subscribe(ctx, dao, channel)
  await ctx.db
    .insertInto('channel_setting')
    .values([
      { platform: 'paper', channel: 'quiet', dao_id: null, name: 'quiet', value: '22:00-08:00' },
      { platform: 'paper', channel: 'bare', dao_id: dao.id, name: 'new', value: 'off' },
      { platform: 'paper', channel: 'bare', dao_id: dao.id, name: 'ending', value: 'off' },
    ])
    .execute()
})
afterAll(() => all.stop())

const propose = (): Promise<string> => insertProposal(ctx, dao, { number: (number += 1) })
const draw = (proposalId: string): Promise<void> => announceJob.run(ctx, { proposalId })
const change = (id: string, to: object) => ctx.db.updateTable('proposal').set(to).where('id', '=', id).execute()
const step = (proposalId: string, before: object, after: object): Promise<void> =>
  ctx.db.transaction().execute((trx) =>
    recordSteps(trx, {
      proposalId,
      before: { state: 'active', stage: null, ...before },
      after: { state: 'active', stage: null, ...after },
      time: BigInt(Math.floor(now / 1_000)),
    }),
  )
const notes = async (id: string) =>
  (
    await ctx.db
      .selectFrom('effect')
      .select(['key', 'under', 'view'])
      .where('key', 'like', `event/${id}/%`)
      .orderBy('key')
      .execute()
  ).map(({ key, under, view }) => ({ key: key.split('/').slice(2).join('/'), under, words: JSON.stringify(view) }))

test('steps are told once under the card, and on their own where there is no card', async () => {
  const id = await propose()
  await draw(id)
  expect(await notes(id)).toEqual([])
  await step(id, {}, { stage: 'ending' })
  await change(id, { stage: 'ending' })
  await draw(id)
  expect((await notes(id)).map(({ key }) => key)).toEqual(['ending/paper/general', 'ending/paper/quiet'])
  await step(id, { stage: 'ending' }, { state: 'succeeded' })
  await change(id, { state: 'succeeded', stage: null })
  await draw(id)
  await draw(id)
  const results = (await notes(id)).filter(({ key }) => key.startsWith('result'))
  expect(results.map(({ key, under }) => [key, under])).toEqual([
    ['result/paper/bare', null],
    ['result/paper/general', `proposal/${id}/paper/general`],
    ['result/paper/quiet', `proposal/${id}/paper/quiet`],
  ])
  for (const { words } of results) expect(words).toContain('Accepted.')
})

test('a result that a reorganisation took back says so, and says the new one later', async () => {
  const id = await propose()
  await draw(id)
  await step(id, {}, { state: 'defeated' })
  await change(id, { state: 'defeated' })
  await draw(id)
  await change(id, { state: 'active' })
  await draw(id)
  expect((await notes(id))[0]?.words).toContain('this step was taken back')
  await change(id, { state: 'succeeded' })
  await draw(id)
  expect((await notes(id))[0]?.words).toContain('Accepted.')
  expect(await notes(id)).toHaveLength(3)
})

test('quiet hours hold a message until they end, and a result of the day before is dropped', async () => {
  const noon = now
  for (const [afterMs, isTold] of [
    [10 * 3_600_000, true],
    [26 * 3_600_000, false],
  ] as const) {
    now = Date.parse('2026-01-05T23:00:00Z')
    const id = await propose()
    await draw(id)
    await step(id, {}, { state: 'succeeded' })
    await change(id, { state: 'succeeded' })
    await draw(id)
    expect((await notes(id)).map(({ key }) => key)).toEqual(['result/paper/bare', 'result/paper/general'])
    now += afterMs
    await draw(id)
    expect((await notes(id)).some(({ key }) => key === 'result/paper/quiet')).toBe(isTold)
  }
  now = noon
})

test('a new card waits for the end of quiet hours, and elsewhere for nothing', async () => {
  const noon = now
  now = Date.parse('2026-01-05T23:00:00Z')
  const id = await propose()
  await draw(id)
  const cards = await ctx.db
    .selectFrom('effect')
    .select(['channel', 'not_before'])
    .where('key', 'like', `proposal/${id}/%`)
    .orderBy('channel')
    .execute()
  expect(cards.map(({ channel, not_before }) => [channel, not_before?.toISOString()])).toEqual([
    ['general', undefined],
    ['quiet', '2026-01-06T08:00:00.000Z'],
  ])
  now = noon
})

test('what happened before a channel began to listen is history to it', async () => {
  const id = await propose()
  await step(id, {}, { state: 'succeeded' })
  await change(id, { state: 'succeeded' })
  await subscribe(ctx, dao, 'late')
  await draw(id)
  expect((await notes(id)).map(({ key }) => key)).not.toContain('result/paper/late')
})
