import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Insertable } from 'kysely'
import type { GovernanceTables } from '../../../core/db/tables/governance.ts'
import type { LifeEvent } from '../../../core/db/tables/settings.ts'
import { createApp, type App, type Channel } from '../../../core/index.ts'
import { ringDigests } from '../../../core/digest/jobs/digests.ts'
import type { View } from '../../../core/view.ts'
import { wordsOf } from '../../support/ballots.ts'
import { caller } from '../../support/linking.ts'
import { insertDao, insertProposal, rowWorld, subscribe, type RowWorld } from '../../support/proposal.ts'

const token = `0x${'ee'.repeat(20)}`
const delegate = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
const hourMs = 3_600_000
const general: Channel = { platform: 'paper', id: 'general' }
const alice = caller('alice', { platform: 'paper', name: 'Alice', manager: true })
const bob = caller('bob', { platform: 'paper', name: 'Bob' })
/** A Wednesday. */
const start = Date.parse('2026-07-01T12:00:00Z')

let all: RowWorld
let app: App
let now = start
let nomic: { id: string; slug: string }
let ens: { id: string; slug: string }
let number = 0
let lacking: string[] = []

beforeAll(async () => {
  all = await rowWorld()
  all.ctx.now = () => now
  // Everything that a digest asks the chain for: what a token is, and how many there are.
  const words: Record<string, unknown> = { symbol: 'NOM', decimals: 0, totalSupply: 1_000n }
  Object.assign(all.ctx.chain, {
    client: { readContract: ({ functionName }: { functionName: string }) => Promise.resolve(words[functionName]) },
  })
  const paper = { name: 'paper', missing: () => Promise.resolve(lacking) }
  app = createApp(all.ctx, [paper as never])
  nomic = await insertDao(all.ctx, { token })
  ens = await insertDao(all.ctx, { slug: 'ens', name: 'ENS' })
  await subscribe(all.ctx, nomic, 'general')
})
beforeEach(async () => {
  now = start
  lacking = []
  for (const table of ['effect', 'digest', 'power_move', 'life_event', 'proposal'] as const)
    await all.ctx.db.deleteFrom(table).execute()
})
afterAll(() => all.stop())

async function ask(line: string, from = alice, channel = general): Promise<View> {
  return (await app.run({ caller: from, channel, line })).view
}
const say = async (...call: Parameters<typeof ask>): Promise<string> => wordsOf(await ask(...call))
const setUp = () => ask('digest all all "weekdays 9:00" Europe/Berlin')

async function propose(dao: typeof nomic, more: Partial<Insertable<GovernanceTables['proposal']>> = {}) {
  number += 1
  const deadline = String(start / 1_000 + 100_000)
  return insertProposal(all.ctx, dao, { number, deadline, created_at: new Date(now), in_favour: '40', ...more })
}
async function decide(id: string, at: number, event: LifeEvent = 'result'): Promise<void> {
  await all.ctx.db.updateTable('proposal').set({ state: 'defeated' }).where('id', '=', id).execute()
  const when = new Date(at)
  await all.ctx.db
    .insertInto('life_event')
    .values({ proposal_id: id, event, happened_at: when, noticed_at: when })
    .execute()
}
async function move(previous: number, current: number, at: number, orphaned = false): Promise<void> {
  number += 1
  await all.ctx.db
    .insertInto('power_move')
    .values({
      block_hash: `0x${number}`,
      log_index: 0,
      chain_id: all.ctx.chain.id,
      block_number: String(number),
      at: new Date(at),
      tx_hash: '0xaa',
      token,
      delegate,
      previous: String(previous),
      current: String(current),
      noticed_at: new Date(at),
      orphaned_at: orphaned ? new Date(at) : null,
    })
    .execute()
}
const posted = async (): Promise<{ key: string; words: string; view: View }[]> => {
  const rows = await all.ctx.db.selectFrom('effect').select(['key', 'view']).orderBy('key').execute()
  return rows.map(({ key, view }) => ({ key, view: view as View, words: wordsOf(view as View) }))
}
/** Two processes ring at this time. */
async function ringAt(at: string): Promise<void> {
  now = Date.parse(at)
  await Promise.all([ringDigests(all.ctx), ringDigests(all.ctx)])
}

describe('a digest', () => {
  test('comes once at its time in its zone, with what is due, decided and moved', async () => {
    await setUp()
    await propose(nomic, { title: 'Fund **the** audit' })
    await decide(await propose(nomic, { title: 'Old roof', against: '70' }), start + hourMs)
    await propose(ens, { title: 'Elsewhere' })
    await move(100, 300, start + hourMs)
    await move(300, 350, start + hourMs)
    await move(0, 999, start + hourMs, true)
    await ringAt('2026-07-02T06:59:59Z')
    expect(await posted()).toEqual([])
    await ringAt('2026-07-02T07:00:05Z')
    const [card, ...others] = await posted()
    expect(others).toEqual([])
    expect(card?.key).toBe('digest/paper/general/2026-07-02T07:00:00.000Z')
    expect(card?.view.zone).toBe('Europe/Berlin')
    expect(card?.words).toContain('Fund the audit')
    expect(card?.words).toContain('Towards the quorum: 40 NOM of 100 NOM.')
    expect(card?.words).toMatch(/Old roof.*rejected \| , 40 NOM for, 70 NOM against/)
    expect(card?.words).toContain('gained 250 NOM (25 % of all, 250 % of the quorum) and has 350 NOM now')
    expect(card?.words).not.toContain('Elsewhere')
    expect(card?.view.actions).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ run: 'digest-now' }),
        expect.objectContaining({ run: 'digest-snooze' }),
      ]),
    )
  })

  test('is silent when there is nothing to say, and tells nothing twice', async () => {
    await setUp()
    await ringAt('2026-07-02T07:00:05Z')
    expect(await posted()).toEqual([])
    await decide(await propose(nomic), Date.parse('2026-07-02T10:00:00Z'))
    await ringAt('2026-07-03T07:00:05Z')
    expect(await posted()).toHaveLength(1)
    await ringAt('2026-07-06T07:00:05Z')
    expect(await posted()).toHaveLength(1)
  })

  test('catches up once after days on which nobody rang, with all of that time in it', async () => {
    await setUp()
    await decide(await propose(nomic, { title: 'First' }), Date.parse('2026-07-02T10:00:00Z'))
    await decide(await propose(nomic, { title: 'Second' }), Date.parse('2026-07-06T10:00:00Z'))
    await ringAt('2026-07-08T15:00:00Z')
    await ringAt('2026-07-08T15:01:00Z')
    const cards = await posted()
    expect(cards).toHaveLength(1)
    expect(cards[0]?.words).toMatch(/Second.*First/)
    expect(JSON.stringify(await ask('digest show'))).toContain(`"time":${Date.parse('2026-07-09T07:00:00Z') / 1_000}`)
  })

  test('that is snoozed is left out once, and the one after it tells of both times', async () => {
    await setUp()
    expect(await say('digest-snooze')).toContain('The next one is left out.')
    await decide(await propose(nomic, { title: 'First' }), Date.parse('2026-07-01T13:00:00Z'))
    await ringAt('2026-07-02T07:00:05Z')
    expect(await posted()).toEqual([])
    await ringAt('2026-07-03T07:00:05Z')
    expect((await posted())[0]?.words).toContain('First')
  })

  test('rings at nine by the clocks of its zone before and after they change', async () => {
    now = Date.parse('2026-10-23T12:00:00Z')
    await ask('digest all due "daily 9:00" Europe/Berlin')
    await propose(nomic, { deadline: '9999999999' })
    for (const at of ['2026-10-24T07:00:01Z', '2026-10-25T07:00:01Z', '2026-10-25T08:00:01Z']) await ringAt(at)
    expect((await posted()).map(({ key }) => key.split('/').at(-1))).toEqual([
      '2026-10-24T07:00:00.000Z',
      '2026-10-25T08:00:00.000Z',
    ])
  })
})

describe('/digest', () => {
  test('typed as two words, shows it now to whoever asks, also that nothing is up', async () => {
    await setUp()
    expect(await say('digest now', bob)).toContain('Nothing is up.')
    await propose(nomic, { title: 'Fresh' })
    expect(await say('digest now', bob)).toContain('Fresh')
    expect(await posted()).toEqual([])
    await ringAt('2026-07-02T07:00:05Z')
    expect((await posted())[0]?.words).toContain('Fresh')
  })

  test('of one DAO and some sections leaves the rest out', async () => {
    expect(await say('digest nomic decided,tasks "0 9 * * 1" UTC')).toMatch(/nomic.*Decided, Open tasks/)
    await propose(nomic)
    await ringAt('2026-07-06T09:00:05Z')
    expect(await posted()).toEqual([])
  })

  test('asks for what is missing, and names what it needs from the channel', async () => {
    expect(app.parse('digest')).toMatchObject({ status: 'form', missing: ['daos', 'sections', 'schedule', 'zone'] })
    lacking = ['Send Messages']
    expect(await say('digest all all "daily 9:00" UTC')).toContain('AutoCo lacks Send Messages in this channel.')
    expect(await say('digest show')).toContain('This channel has no digest.')
  })

  test.each([
    ['digest mars all "daily 9:00" UTC', 'mars'],
    ['digest all weather "daily 9:00" UTC', '“weather” is no section of a digest.'],
    ['digest all all sometimes UTC', 'is not a time that I understand'],
    ['digest all all "daily 9:00" Mars', 'is not a time zone'],
  ])('%s is refused in words', async (line, words) => {
    expect(await say(line)).toContain(words)
  })

  test('is for people who manage the channel, and every change is in the audit log', async () => {
    for (const line of ['digest all all "daily 9:00" UTC', 'digest snooze', 'digest off'])
      expect(await say(line, bob)).toContain('Only people who may manage')
    await setUp()
    await ask('digest-off')
    expect(await say('digest-off')).toContain('This channel has no digest.')
    const log = await say('audit-log')
    expect(log).toContain(
      'digest of all DAOs of the channel (due, decided, power, tasks): weekdays 9:00, Europe/Berlin',
    )
    expect(log).toContain('no more digests')
  })

  test('offers DAOs, sections and zones, also behind a comma', async () => {
    const offered = async (line: string) =>
      (await app.complete({ caller: alice, channel: general, line })).map(({ value }) => value)
    expect(await offered('digest n')).toEqual(['nomic'])
    expect(await offered('digest ens,n')).toEqual(['ens,nomic'])
    expect(await offered('digest all due,d')).toEqual(['due,due', 'due,decided'])
    expect(await offered('digest all all daily berl')).toEqual(['Europe/Berlin'])
  })

  test('of a channel that watches nothing any more says so', async () => {
    await setUp()
    await ask('unwatch nomic')
    expect(await say('digest now')).toContain('No DAO is watched in this channel.')
    await subscribe(all.ctx, nomic, 'general')
  })
})
