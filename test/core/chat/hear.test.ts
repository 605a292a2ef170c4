import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { forget, hear, summarizeAgain, type Said } from '../../../core/chat/hear.ts'
import type { OpenDatabase } from '../../../core/db/open.ts'
import { kinds } from '../../../core/features.ts'
import { createQueue, type Queue } from '../../../core/queue/queue.ts'
import { createLogger } from '../../../core/log.ts'
import { testDb } from '../../support/db.ts'

let database: OpenDatabase & { url: string }
let queue: Queue
let proposalId: string

beforeAll(async () => {
  database = await testDb()
  const { db } = database
  queue = await createQueue({
    url: database.url,
    jobs: [{ ...summarizeAgain, run: async () => undefined }],
    log: createLogger({ level: 'silent' }),
  })
  const dao = await db
    .insertInto('dao')
    .values({
      slug: 'nomic',
      name: 'Nomic',
      chain_id: 1,
      address: '0x0',
      kind: 'oz5',
      token: null,
      timelock: null,
      clock: 'timestamp',
      domain_name: 'X',
      domain_version: '1',
      probe: '{}',
      from_block: '0',
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const proposal = await db
    .insertInto('proposal')
    .values({
      dao_id: dao.id,
      number: 3,
      ref: 'nomic-3',
      onchain_id: '3',
      proposer: '0x0',
      title: 'T',
      description: 'T',
      text_hash: '0x',
      calls: '[]',
      snapshot: '1',
      deadline: '2',
      state: 'active',
      eta: null,
      quorum: null,
      tally_block: null,
      block_number: '1',
      block_hash: '0x',
      tx_hash: '0x',
      orphaned_at: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  proposalId = proposal.id
  const ref = { platform: 'paper', channel: 'c', id: '77' }
  await db
    .insertInto('effect')
    .values({
      key: `proposal/${proposalId}/paper/c`,
      platform: 'paper',
      channel: 'c',
      under: null,
      view: '{}',
      wanted_hash: 'h',
      shown_hash: 'h',
      state: 'sent',
      ref: JSON.stringify(ref),
    })
    .execute()
})
afterAll(async () => {
  await queue.stop()
  await database.close()
})

const ctx = () => ({ db: database.db, queue, kinds })
const said = (more: Partial<Said> = {}): Said => ({
  platform: 'paper',
  channel: 'c',
  id: '1',
  author: 'Bob',
  authorId: 'bob',
  text: 'I am against.',
  at: 1_767_225_600_000,
  ...more,
})
const kept = () =>
  database.db.selectFrom('message').select(['id', 'text', 'proposal_id', 'author']).orderBy('id').execute()
const waiting = async () =>
  Number(
    (await database.pool.query(`select count(*) from pgboss.job where name = 'summarize' and state = 'created'`))
      .rows[0].count,
  )

describe('what people say', () => {
  test('in the thread of a proposal is kept with that proposal and summarised once', async () => {
    expect(await hear(ctx(), said({ id: '1', thread: '77' }))).toEqual({ kind: 'proposal', id: proposalId })
    expect(await hear(ctx(), said({ id: '2', thread: '77', text: 'And why?' }))).toEqual({
      kind: 'proposal',
      id: proposalId,
    })
    expect(await kept()).toMatchObject([{ id: '1', proposal_id: proposalId, author: 'Bob' }, { id: '2' }])
    expect(await waiting()).toBe(1)
  })

  test('with the ref of a proposal in it is about that proposal', async () => {
    expect(await hear(ctx(), said({ id: '3', text: 'What about NOMIC-3, friends?' }))).toEqual({
      kind: 'proposal',
      id: proposalId,
    })
  })

  test('elsewhere is nobody’s business and is not kept', async () => {
    expect(await hear(ctx(), said({ id: '4', text: 'Lunch?' }))).toBeUndefined()
    expect(await hear(ctx(), said({ id: '5', thread: '78', text: 'unknown-9 is not a proposal' }))).toBeUndefined()
    expect((await kept()).map((row) => row.id)).toEqual(['1', '2', '3'])
  })

  test('in a thread of the same number in another channel is not about it', async () => {
    expect(await hear(ctx(), said({ id: '6', channel: 'd', thread: '77' }))).toBeUndefined()
  })

  test('again is an edit of the same message', async () => {
    await hear(ctx(), said({ id: '1', thread: '77', text: 'I changed my mind.' }))
    expect((await kept()).find((row) => row.id === '1')?.text).toBe('I changed my mind.')
    expect(await kept()).toHaveLength(3)
  })

  test('and no longer names the proposal is nobody’s business any more', async () => {
    await hear(ctx(), said({ id: '8', text: 'nomic-3 is fine' }))
    await hear(ctx(), said({ id: '8', text: 'Never mind.' }))
    expect((await kept()).map((row) => row.id)).toEqual(['1', '2', '3'])
  })

  test('is cut at 8,000 characters, whole characters and no nulls', async () => {
    await hear(ctx(), said({ id: '7', thread: '77', text: `a\0b${'😀'.repeat(5_000)}` }))
    const text = (await kept()).find((row) => row.id === '7')?.text ?? ''
    expect(text.length).toBeLessThanOrEqual(8_000)
    expect(text.startsWith('ab')).toBe(true)
    expect(text.isWellFormed()).toBe(true)
  })

  test('and delete is deleted here too', async () => {
    await forget(ctx(), { platform: 'paper', channel: 'c', id: '7' })
    await forget(ctx(), { platform: 'paper', channel: 'c', id: 'never' })
    expect((await kept()).map((row) => row.id)).toEqual(['1', '2', '3'])
  })
})
