import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Context } from '../../../../core/context.ts'
import { createApp, type App, type View } from '../../../../core/index.ts'
import { caller } from '../../../support/linking.ts'
import { insertDao, insertProposal, rowWorld, type RowWorld } from '../../../support/proposal.ts'

let all: RowWorld
let ctx: Context
let app: App

beforeAll(async () => {
  all = await rowWorld()
  ctx = all.ctx
  app = createApp(ctx, [])
})
afterAll(() => all.stop())

const ask = async (line: string): Promise<View> =>
  (await app.run({ caller: caller('bob'), channel: { platform: 'paper', id: 'general' }, line })).view
const refs = (view: View): string[] =>
  view.body.flatMap((block) =>
    block.type === 'list' ? block.items.flatMap((item) => /[a-z]+-\d+(?=:)/.exec(JSON.stringify(item))?.[0] ?? []) : [],
  )

describe('/proposals', () => {
  test('without any DAO says how to add one', async () => {
    expect(JSON.stringify(await ask('proposals'))).toContain('/watch <address of its governor>')
  })

  test('of a DAO without proposals says that there are none yet', async () => {
    await insertDao(ctx)
    expect(JSON.stringify(await ask('proposals nomic'))).toContain('Nomic has no proposals yet.')
    expect(JSON.stringify(await ask('proposals'))).toContain('Nomic has no proposals yet.')
  })

  test('lists what is open first, the one that ends soonest on top, then what was decided last', async () => {
    const nomic = await ctx.db.selectFrom('dao').select(['id', 'slug']).executeTakeFirstOrThrow()
    const ens = await insertDao(ctx, { slug: 'ens', name: 'ENS', clock: 'blocknumber' })
    await insertProposal(ctx, nomic, { number: 1, state: 'executed', deadline: '1700000000' })
    await insertProposal(ctx, nomic, { number: 2, state: 'defeated', deadline: '1700000500' })
    await insertProposal(ctx, nomic, { number: 3, deadline: '1900000500' })
    await insertProposal(ctx, nomic, { number: 4, deadline: '1900000000' })
    await insertProposal(ctx, nomic, { number: 5, state: 'pending', deadline: '1800000000' })
    await insertProposal(ctx, nomic, { number: 6, orphaned_at: new Date() })
    await insertProposal(ctx, ens, { number: 1, deadline: '77' })
    const view = await ask('proposals')
    expect(refs(view)).toEqual(['ens-1', 'nomic-4', 'nomic-3', 'nomic-5', 'nomic-2', 'nomic-1'])
    expect(view.actions).toContainEqual({ label: 'nomic-4', run: 'proposal nomic-4' })
    expect(JSON.stringify(view)).toContain('ends at block 77')
    expect(refs(await ask('proposals ENS'))).toEqual(['ens-1'])
  })

  test('of a DAO that nobody watches says so', async () => {
    expect(JSON.stringify(await ask('proposals nothing'))).toContain('I watch no DAO called “nothing”.')
  })
})
