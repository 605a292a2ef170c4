import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Context } from '../../../../core/context.ts'
import { announceJob } from '../../../../core/governance/jobs/announce.ts'
import type { View } from '../../../../core/view.ts'
import { insertDao, insertProposal, rowWorld, subscribe, type RowWorld } from '../../../support/proposal.ts'

let all: RowWorld
let ctx: Context
let dao: { id: string; slug: string }
let number = 0

beforeAll(async () => {
  all = await rowWorld()
  ctx = all.ctx
  dao = await insertDao(ctx)
  await subscribe(ctx, dao, 'general')
  await subscribe(ctx, dao, 'council')
})
afterAll(() => all.stop())

const propose = (more: object = {}): Promise<string> => insertProposal(ctx, dao, { number: (number += 1), ...more })
const draw = (proposalId: string): Promise<void> => announceJob.run(ctx, { proposalId })
const change = (id: string, to: object) => ctx.db.updateTable('proposal').set(to).where('id', '=', id).execute()

async function cards(id: string): Promise<{ key: string; view: View; hash: string }[]> {
  const rows = await ctx.db
    .selectFrom('effect')
    .select(['key', 'view', 'wanted_hash as hash'])
    .where('key', 'like', `proposal/${id}/%`)
    .orderBy('key')
    .execute()
  return rows.map((row) => ({ ...row, view: row.view as View }))
}
const words = async (id: string): Promise<string> => JSON.stringify((await cards(id))[0]?.view)

describe('a proposal', () => {
  test('has one card in every channel that hears of its DAO', async () => {
    const id = await propose()
    await draw(id)
    expect((await cards(id)).map(({ key }) => key)).toEqual([
      `proposal/${id}/paper/council`,
      `proposal/${id}/paper/general`,
    ])
  })

  test('drawn again with nothing new costs nothing', async () => {
    const id = await propose()
    await draw(id)
    const before = await cards(id)
    await draw(id)
    expect(await cards(id)).toEqual(before)
  })

  test('goes through its life in the same card', async () => {
    const id = await propose({ state: 'pending' })
    const seen: string[] = []
    for (const step of [
      { state: 'pending' },
      { state: 'active' },
      { in_favour: '70', against: '30' },
      { stage: 'ending' },
      { state: 'succeeded', stage: null },
      { state: 'queued', eta: '1767600000' },
      { stage: 'ready' },
      { state: 'executed', stage: null, final: true },
    ]) {
      await change(id, step)
      await draw(id)
      expect(await cards(id)).toHaveLength(2)
      seen.push(await words(id))
    }
    expect(new Set(seen).size).toBe(8)
    for (const [at, said] of [
      [0, 'Not open yet.'],
      [1, 'Open for votes.'],
      [2, '70 votes'],
      [3, 'Ending soon.'],
      [4, 'Accepted.'],
      [5, 'It can be executed '],
      [6, 'Anybody can have it executed now.'],
      [7, 'Executed.'],
    ] as const)
      expect(seen[at]).toContain(said)
    expect(seen[7]).toContain('Final: ')
    expect(seen[7]).not.toContain('vote nomic-')
  })

  test('that a reorg took back says so, and lives again when it comes back', async () => {
    const id = await propose()
    await draw(id)
    await change(id, { orphaned_at: new Date() })
    await draw(id)
    expect(await words(id)).toContain('taken back by a chain reorganisation')
    expect((await cards(id))[0]?.view.actions).toBeUndefined()
    await change(id, { orphaned_at: null })
    await draw(id)
    expect(await words(id)).toContain('Open for votes.')
  })

  test('that was gone before it was ever shown is not shown', async () => {
    const id = await propose({ orphaned_at: new Date() })
    await draw(id)
    expect(await cards(id)).toEqual([])
  })
})

describe('history', () => {
  test('from before the DAO was watched gets no card', async () => {
    const ids = [await propose({ announced: false }), await propose({ announced: false, state: 'executed' })]
    for (const id of ids) {
      await draw(id)
      expect(await cards(id)).toEqual([])
    }
  })

  test('becomes news when its story goes on, and stays it', async () => {
    const id = await propose({ announced: false })
    await draw(id)
    expect(await cards(id)).toEqual([])
    await change(id, { announced: true, in_favour: '5' })
    await draw(id)
    expect(await cards(id)).toHaveLength(2)
    await change(id, { state: 'defeated' })
    await draw(id)
    expect(await words(id)).toContain('Rejected.')
  })

  test('of before a channel began to listen does not flood that channel', async () => {
    const other = await insertDao(ctx, { slug: 'ens', name: 'ENS' })
    const early = { created_at: new Date(Date.now() - 60_000) }
    const ended = await insertProposal(ctx, other, { number: 1, state: 'executed', ...early })
    const open = await insertProposal(ctx, other, { number: 2, ...early })
    await subscribe(ctx, other, 'late')
    const since = await insertProposal(ctx, other, { number: 3, state: 'canceled' })
    for (const id of [ended, open, since]) await draw(id)
    expect(await cards(ended)).toEqual([])
    expect(await cards(open)).toHaveLength(1)
    expect(await cards(since)).toHaveLength(1)
  })
})

test('drawn by several workers at once, the card shows the newest rows', async () => {
  const id = await propose()
  for (let round = 1; round <= 10; round += 1) {
    const drawing = [draw(id), draw(id)]
    await change(id, { in_favour: String(round) })
    await Promise.all([...drawing, draw(id)])
    expect(await words(id)).toContain(`"value":"${round} votes"`)
  }
})
