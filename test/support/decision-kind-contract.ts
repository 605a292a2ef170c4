import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DecisionKind } from '../../core/chat/decision.ts'
import { hear } from '../../core/chat/hear.ts'
import { announce } from '../../core/chat/announce.ts'
import { jobs } from '../../core/features.ts'
import { createApp, openCards, type Context } from '../../core/index.ts'
import { changeSetting } from '../../core/settings/change.ts'
import { digestNow } from '../../core/digest/commands/digest.ts'
import type { Caller } from '../../core/platform.ts'
import type { View } from '../../core/view.ts'
import { wordsOf } from './ballots.ts'

export type DecisionWorld = {
  ctx: Context
  kind: DecisionKind<never>
  /** One that is open, announced, and heard of in this channel. */
  id: string
  ref: string
  channel: { platform: string; id: string }
  caller: Caller
  /** The key that its card has in this channel since there are cards: a card of another key is posted twice. */
  cardKey: string
  /** The job that draws it, as a queue that was filled by an older release has it. */
  job: { name: string; data: Record<string, string> }
  stop(): Promise<void>
}

/** What every kind of decision does without a line of its own: `setUp` makes one that is open. */
export function decisionKindContract(name: string, setUp: () => Promise<DecisionWorld>): void {
  describe(`a ${name}`, () => {
    let w: DecisionWorld
    beforeAll(async () => {
      w = await setUp()
      await announce(w.ctx, w.kind, w.id)
    })
    afterAll(() => w.stop())

    const cards = () =>
      w.ctx.db
        .selectFrom('effect')
        .selectAll()
        .where('key', 'like', `${w.kind.name}/${w.id}/%`)
        .where('under', 'is', null)
        .execute()
    const waiting = async (names: readonly string[]): Promise<{ name: string; data: Record<string, string> }[]> => {
      const { rows } = await sql<{ name: string; data: Record<string, string> }>`
        select name, data from pgboss.job where name = any(${names}::text[]) and state = 'created'
      `.execute(w.ctx.db)
      return rows
    }
    const run = async (name: string, data: Record<string, string>): Promise<void> => {
      const job = jobs.find((each) => each.name === name)
      if (!job) throw new Error(`nobody runs ${name}`)
      await job.run(w.ctx, data)
    }
    const said = async (line: string): Promise<string> => {
      const { view } = await createApp(w.ctx, []).run({ caller: w.caller, channel: w.channel, line })
      return wordsOf(view)
    }

    test('has one card in the channel, under the key that it always had, however often it is drawn', async () => {
      const before = (await cards()).map(({ key }) => key)
      expect(before).toContain(w.cardKey)
      await announce(w.ctx, w.kind, w.id)
      expect((await cards()).map(({ key }) => key)).toEqual(before)
    })

    test('is in the digest of the channel while it is open', async () => {
      const view = await digestNow.run(w.ctx, { caller: w.caller, channel: w.channel, person: undefined, args: {} })
      expect(wordsOf(view)).toContain(w.ref)
    })

    test('waits at home', async () => {
      expect(await said('home')).toContain(w.ref)
    })

    test('is offered as a card to who types its ref in any chat', async () => {
      const found = await openCards(w.ctx, { typed: w.ref, limit: 10 })
      expect(found.map(({ ref }) => ref)).toContain(w.ref)
      expect(found[0]?.view.title).toContain(w.ref)
    })

    test('has what is said in its thread heard and summarised for that channel', async () => {
      await w.ctx.db
        .updateTable('effect')
        .set({ ref: JSON.stringify({ ...w.channel, channel: w.channel.id, id: 'thread-77' }) })
        .where('key', '=', w.cardKey)
        .execute()
      const about = await hear(w.ctx, {
        ...w.channel,
        channel: w.channel.id,
        id: `said-${w.kind.name}`,
        thread: 'thread-77',
        author: 'Bob',
        authorId: 'bob',
        text: 'I am against it because it costs too much and nobody has asked for it.',
        at: w.ctx.now(),
      })
      expect(about).toEqual({ kind: w.kind.name, id: w.id })
      for (const { name, data } of await waiting(['summarize', 'summarize-talk'])) await run(name, data)
      await announce(w.ctx, w.kind, w.id)
      const card = (await cards()).find(({ key }) => key === w.cardKey)
      expect(wordsOf(card?.view as View)).toContain('it costs too much')
    })

    test('is drawn anew when its channel changes language or zone, by the job that older releases left waiting', async () => {
      for (const [name, typed, drawn] of [
        ['language', 'de', { lang: 'de' }],
        ['zone', 'Europe/Kyiv', { zone: 'Europe/Kyiv' }],
      ] as const) {
        await sql`delete from pgboss.job`.execute(w.ctx.db)
        await changeSetting(w.ctx, { channel: w.channel, by: w.caller, dao: undefined, name, typed })
        expect(await waiting([w.job.name])).toContainEqual(w.job)
        await run(w.job.name, w.job.data)
        const card = (await cards()).find(({ key }) => key === w.cardKey)
        expect(card?.view).toMatchObject(drawn)
      }
    })
  })
}
