import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DecisionKind } from '../../core/chat/decision.ts'
import { hear } from '../../core/chat/hear.ts'
import { announce } from '../../core/chat/announce.ts'
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
    })

    test('is drawn anew when its channel is to be read in another language', async () => {
      await changeSetting(w.ctx, { channel: w.channel, by: w.caller, dao: undefined, name: 'language', typed: 'de' })
      await announce(w.ctx, w.kind, w.id)
      const card = (await cards()).find(({ key }) => key === w.cardKey)
      expect(card?.view as View | undefined).toMatchObject({ lang: 'de' })
    })

    test('is redrawn by a job that waits since its channel’s language changed', async () => {
      const waiting = await w.ctx.db
        .withSchema('pgboss')
        .selectFrom('job' as never)
        .select('singleton_key' as never)
        .where('name' as never, 'in', ['announce', 'announce-spell', 'announce-poll', 'challenge'] as never)
        .where('state' as never, '=', 'created' as never)
        .execute()
      expect(waiting).toContainEqual({ singleton_key: w.id })
    })
  })
}
