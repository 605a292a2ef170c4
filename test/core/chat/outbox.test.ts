import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { deliver } from '../../../core/chat/deliver.ts'
import { cardRef, reviveChannel, showCard } from '../../../core/chat/outbox.ts'
import type { Context } from '../../../core/context.ts'
import type { OpenDatabase } from '../../../core/db/open.ts'
import { RetryableError } from '../../../core/errors.ts'
import { deliverJob, redeliverJob } from '../../../core/chat/jobs/deliver.ts'
import { createQueue, type Queue } from '../../../core/queue/queue.ts'
import { createLogger } from '../../../core/log.ts'
import type { Platform } from '../../../core/host.ts'
import { GoneError, type MessageRef } from '../../../core/platform.ts'
import { text, type Text, type View } from '../../../core/view.ts'
import { testDb } from '../../support/db.ts'

type Said = { what: 'send' | 'edit'; id: string; words: string; under?: string | undefined }

/** A platform on paper: what it was told, and what the test makes it answer next. */
function paperPlatform(): Platform & { said: Said[]; before: ((call: Said) => Promise<void> | void)[] } {
  const said: Said[] = []
  const before: ((call: Said) => Promise<void> | void)[] = []
  const take = async (call: Said): Promise<void> => {
    await before.shift()?.(call)
    said.push(call)
  }
  return {
    name: 'paper',
    said,
    before,
    start: async () => undefined,
    stop: async () => undefined,
    async send(to, view, { key, under }) {
      await take({ what: 'send', id: key, words: wordsOf(view), under: under?.id })
      return { platform: 'paper', channel: to.id, id: `m/${key}` }
    },
    async edit(message, view) {
      await take({ what: 'edit', id: message.id, words: wordsOf(view) })
    },
  }
}

const wordsOf = (view: View): string =>
  view.body.map((block) => (block.type === 'text' ? plain(block.text) : '')).join(' ')
const plain = (words: Text): string =>
  [words]
    .flat()
    .filter((part) => typeof part === 'string')
    .join('')
const card = (words: string, more: object = {}) => ({
  key: 'proposal/1/paper/c',
  platform: 'paper',
  channel: 'c',
  view: { body: [text(words)] },
  ...more,
})

let database: OpenDatabase & { url: string }
let queue: Queue
let paper: ReturnType<typeof paperPlatform>
let ctx: Context

beforeAll(async () => {
  database = await testDb()
  const log = createLogger({ level: 'silent' })
  queue = await createQueue({ url: database.url, jobs: [deliverJob, redeliverJob], log })
  ctx = {
    db: database.db,
    queue,
    log,
    now: () => Date.now() + laterMs,
    platform: (name: string) => (name === 'paper' ? paper : undefined),
  } as unknown as Context
})
afterAll(async () => {
  await queue.stop()
  await database.close()
})
beforeEach(async () => {
  paper = paperPlatform()
  laterMs = 0
  await ctx.db.deleteFrom('effect').execute()
  await ctx.db.deleteFrom('subscription').execute()
})

const show = (words: string, more: object = {}) => showCard(ctx.db, queue, card(words, more))
const send = (key = 'proposal/1/paper/c') => deliver(ctx, paper, key)
/** Moves the clock that waits are measured by. */
let laterMs = 0
const stateOf = async (key = 'proposal/1/paper/c') =>
  (await ctx.db.selectFrom('effect').select('state').where('key', '=', key).executeTakeFirst())?.state

describe('a card', () => {
  test('is sent once and edited in place afterwards', async () => {
    await show('one')
    await send()
    await show('two')
    await send()
    expect(paper.said).toEqual([
      { what: 'send', id: 'proposal/1/paper/c', words: 'one' },
      { what: 'edit', id: 'm/proposal/1/paper/c', words: 'two' },
    ])
    expect(await cardRef(ctx, 'proposal/1/paper/c')).toMatchObject({ id: 'm/proposal/1/paper/c' })
  })

  test('that shows what it should already costs no call', async () => {
    await show('one')
    await send()
    await show('one')
    await send()
    expect(paper.said).toHaveLength(1)
  })

  test('is not sent when the transaction of its fact is rolled back', async () => {
    const failing = ctx.db.transaction().execute(async (trx) => {
      await showCard(trx, queue, card('never'))
      throw new Error('rolled back')
    })
    await expect(failing).rejects.toThrow('rolled back')
    await send()
    expect(paper.said).toEqual([])
  })

  test('shows only the newest of several views that came while it waited', async () => {
    for (const words of ['one', 'two', 'three']) await show(words)
    await send()
    expect(paper.said.map((call) => call.words)).toEqual(['three'])
  })

  test('that changes while it is being sent is edited right after, never overtaken', async () => {
    await show('one')
    paper.before.push(async () => {
      await show('two')
      await expect(send()).rejects.toThrow(RetryableError)
    })
    await send()
    expect(paper.said.map((call) => `${call.what} ${call.words}`)).toEqual(['send one', 'edit two'])
  })

  test('is tried again when the platform asks to wait, and keeps the wait it asked for', async () => {
    await show('one')
    paper.before.push(() => {
      throw new RetryableError('429', { afterMs: 1_234 })
    })
    await expect(send()).rejects.toMatchObject({ afterMs: 1_234 })
    await expect(send()).rejects.toThrow('has to wait')
    await redeliverJob.run(ctx, {})
    expect(paper.said).toEqual([])
    laterMs = 1_235
    await send()
    expect(paper.said).toHaveLength(1)
  })

  test('hangs under the card above it and waits until that one is there', async () => {
    await show('below', { key: 'below', under: 'proposal/1/paper/c' })
    await show('above')
    await expect(send('below')).rejects.toThrow(RetryableError)
    await send()
    await send('below')
    expect(paper.said.at(-1)).toMatchObject({ words: 'below', under: 'm/proposal/1/paper/c' })
  })

  test('goes to the channel when the card above it is gone', async () => {
    await show('above')
    paper.before.push(() => {
      throw new GoneError('message')
    })
    await send()
    await show('below', { key: 'below', under: 'proposal/1/paper/c' })
    await send('below')
    expect(paper.said).toEqual([{ what: 'send', id: 'below', words: 'below', under: undefined }])
  })

  test('that somebody deleted is not posted again', async () => {
    await show('one')
    await send()
    paper.before.push(() => {
      throw new GoneError('message')
    })
    await show('two')
    await send()
    await show('three')
    await send()
    expect(paper.said).toHaveLength(1)
    expect(await stateOf()).toBe('gone')
  })

  test('in a channel that is gone retires the channel and its subscriptions', async () => {
    const dao = await ctx.db
      .insertInto('dao')
      .values({
        slug: 'x',
        name: 'X',
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
    const hears = (channel: string) => ({ dao_id: dao.id, platform: 'paper', channel, created_by: 'a' })
    await ctx.db
      .insertInto('subscription')
      .values([hears('c'), hears('d')])
      .execute()
    await show('one')
    await show('other', { key: 'other' })
    paper.before.push(() => {
      throw new GoneError('channel')
    })
    await send()
    await send('other')
    expect(paper.said).toEqual([])
    expect(await ctx.db.selectFrom('subscription').select('channel').execute()).toEqual([{ channel: 'd' }])
    await reviveChannel(ctx.db, { platform: 'paper', channel: 'c' })
    await show('one')
    await send()
    expect(paper.said).toHaveLength(1)
  })

  test('is found by the sweep when a worker died over it', async () => {
    await show('one')
    await ctx.db
      .updateTable('effect')
      .set({ state: 'sending', leased_until: new Date(Date.now() - 1), updated_at: new Date(Date.now() - 60_000) })
      .execute()
    await redeliverJob.run(ctx, {})
    expect(paper.said).toHaveLength(1)
    expect(await stateOf()).toBe('sent')
  })

  test('of a platform that does not run here waits for one that does', async () => {
    await show('one', { platform: 'elsewhere' })
    await expect(deliverJob.run(ctx, { platform: 'elsewhere' })).rejects.toThrow(RetryableError)
    await redeliverJob.run(ctx, {})
    expect((await ctx.db.selectFrom('effect').select('leased_until').executeTakeFirstOrThrow()).leased_until).toBeNull()
  })

  test('never shares a message reference between channels', async () => {
    await show('one')
    await show('two', { key: 'proposal/1/paper/d', channel: 'd' })
    await send()
    await send('proposal/1/paper/d')
    const refs = await ctx.db.selectFrom('effect').select('ref').orderBy('key').execute()
    expect(refs.map(({ ref }) => (ref as MessageRef).channel)).toEqual(['c', 'd'])
  })

  test('is shown by the worker of the queue, fifty edits in a row ending with the newest', async () => {
    await queue.work([deliverJob], ctx)
    for (let number = 1; number <= 50; number++) await show(`edit ${number}`)
    await expect
      .poll(
        async () =>
          (await ctx.db.selectFrom('effect').select(['wanted_hash', 'shown_hash']).executeTakeFirstOrThrow())
            .shown_hash,
        { timeout: 15_000 },
      )
      .toBe((await ctx.db.selectFrom('effect').select('wanted_hash').executeTakeFirstOrThrow()).wanted_hash)
    expect(paper.said.filter((call) => call.what === 'send')).toHaveLength(1)
    expect(paper.said.at(-1)?.words).toBe('edit 50')
    const numbers = paper.said.map((call) => Number(call.words.slice(5)))
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
  })
})
