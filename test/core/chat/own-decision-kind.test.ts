import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DecisionKind } from '../../../core/chat/decision.ts'
import { announce } from '../../../core/chat/announce.ts'
import { createApp } from '../../../core/index.ts'
import { readDigest } from '../../../core/digest/facts.ts'
import { text } from '../../../core/view.ts'
import { wordsOf } from '../../support/ballots.ts'
import { insertDao, rowWorld, type RowWorld } from '../../support/proposal.ts'

const channel = { platform: 'paper', id: 'town' }
const caller = { platform: 'paper', workspace: '', user: 'ann', name: 'Ann', manager: false }
let w: RowWorld
let daoId = ''

/** All that it takes: one object, outside the tree. */
const show: DecisionKind<true> = {
  name: 'show',
  notes: 'show',
  isVote: true,
  redraw: () => Promise.resolve(),
  units: () => Promise.resolve(true),
  read: () =>
    Promise.resolve({
      daoId,
      createdAt: new Date(w.ctx.now()),
      isOpen: true,
      isNews: true,
      card: () => ({ title: 'show-1: Hands up', body: [text('Who is for it?')] }),
      notes: [
        {
          key: 'counted',
          setting: 'result',
          view: { title: 'show-1', body: [text('Seven hands.')] },
          happenedAt: w.ctx.now(),
          noticedAt: new Date(w.ctx.now() + 60_000),
          holds: true,
        },
      ],
    }),
  alive: (_db, ids) => Promise.resolve([...ids]),
  byRef: () => Promise.resolve(undefined),
  open: () =>
    Promise.resolve([
      {
        kind: 'show',
        id: '1',
        ref: 'show-1',
        title: 'Hands up',
        dao: { id: daoId, name: 'Town' },
        isOpen: true,
        endsAt: undefined,
        createdAt: new Date(0),
        item: ['show-1: Hands up'],
        line: 'show show-1',
      },
    ]),
  decided: () => Promise.resolve([]),
  answered: () => Promise.resolve(new Set()),
  card: () => Promise.resolve(undefined),
}

beforeAll(async () => {
  w = await rowWorld()
  w.ctx.kinds = { ...w.ctx.kinds, decisions: [show] }
  daoId = (await insertDao(w.ctx)).id
  await w.ctx.db
    .insertInto('subscription')
    .values({ platform: channel.platform, channel: channel.id, dao_id: daoId, created_by: '@ann' } as never)
    .execute()
})
afterAll(() => w.stop())

test('a kind of decision that nobody knows is announced, stands in the digest and waits at home', async () => {
  await announce(w.ctx, show, '1')
  const shown = await w.ctx.db.selectFrom('effect').select(['key', 'under']).orderBy('key').execute()
  expect(shown).toEqual([
    { key: 'show/1/counted/paper/town', under: 'show/1/paper/town' },
    { key: 'show/1/paper/town', under: null },
  ])
  const until = new Date(w.ctx.now())
  const { due } = await readDigest(w.ctx, { channel, daos: null, sections: ['due'], since: new Date(0), until })
  expect(due).toMatchObject([{ ref: 'show-1', words: ['show-1: Hands up'] }])
  const { view } = await createApp(w.ctx, []).run({ caller, channel, line: 'home' })
  expect(wordsOf(view)).toContain('Your vote is open | show-1: Hands up')
})
