import { sql } from 'kysely'
import { getAddress, numberToHex, pad, parseAbi, toEventSelector, type Hex } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sendCall } from '../../../bots/world/deploy.ts'
import { ask, isRevert } from '../../../core/chain/ask.ts'
import type { Context } from '../../../core/context.ts'
import { defineFeature } from '../../../core/feature.ts'
import { features, kindsOf } from '../../../core/features.ts'
import type { DaoKind } from '../../../core/listen/dao-kind.ts'
import { pollOnce } from '../../../core/listen/listener.ts'
import type { Projection } from '../../../core/listen/projection.ts'
import { watchDao } from '../../../core/listen/watch.ts'
import { reorg } from '../../support/blocks.ts'
import { abiWords, emitCall, stubContract } from '../../support/stub-contract.ts'
import { world, type World } from '../../support/world.ts'

/** All that a kind of DAO takes: how it is known, and what its contract's events become. */
const abi = parseAbi([
  'function guestCount() view returns (uint256)',
  'event Wrote(uint256 indexed page, string words)',
])
let woken = 0n
const guestBook: DaoKind = {
  name: 'guest-book',
  async probe(ctx, address) {
    try {
      await ask(() => ctx.chain.client.readContract({ abi, address, functionName: 'guestCount' }))
    } catch (error) {
      if (isRevert(error)) return undefined
      throw error
    }
    return {
      kind: 'guest-book',
      name: 'Guest book',
      token: null,
      timelock: null,
      clock: 'timestamp',
      domain: { name: '', version: '' },
      works: ['What guests write is known here.'],
      limits: [],
      parts: [{ role: 'pages', address }],
    }
  },
  wake: (_ctx, { time }) => {
    woken = time
    return Promise.resolve()
  },
}

const pageKind: Projection = {
  role: 'pages',
  abi,
  entities: 'by first topic',
  async apply(_ctx, trx, { entity, events }) {
    await sql`delete from guest_page where page = ${entity}`.execute(trx)
    const said = events.map(({ args, isHistory }) => `${String(args['words'])}${isHistory ? ' (history)' : ''}`)
    if (said.length > 0) await sql`insert into guest_page values (${entity}, ${said.join(' / ')})`.execute(trx)
  },
}

const address = getAddress(`0x${'b00c'.repeat(10)}`)
let w: World
let ctx: Context
beforeAll(async () => {
  w = await world()
  ctx = { ...w.ctx, kinds: kindsOf([...features, defineFeature({ daos: [guestBook], contracts: [pageKind] })]) }
  await sql`create table guest_page (page text primary key, words text not null)`.execute(ctx.db)
  await w.chain.rpc('anvil_setCode', [address, stubContract({ 'guestCount()': numberToHex(0, { size: 32 }) })])
})
afterAll(() => w.stop())

const page = (number: number): Hex => pad(numberToHex(number), { size: 32 })
const write = (number: number, words: string) =>
  sendCall(w.deployer, {
    to: address,
    data: emitCall([toEventSelector('Wrote(uint256,string)'), page(number)], abiWords('string', [words])),
  })
const pages = async (): Promise<Record<string, string>> => {
  const { rows } = await sql<{ page: string; words: string }>`select * from guest_page order by page`.execute(ctx.db)
  return Object.fromEntries(rows.map((row) => [String(BigInt(row.page)), row.words]))
}

test('a kind of DAO that only a test knows is recognised, heard, taken back by a reorg and woken', async () => {
  await write(1, 'before')
  await expect(watchDao(w.ctx, { address })).rejects.toThrow('governor')
  const { dao, probe } = await watchDao(ctx, { address, slug: 'book' })
  expect({ kind: dao.kind, works: probe.works }).toEqual({
    kind: 'guest-book',
    works: ['What guests write is known here.'],
  })

  await pollOnce(ctx)
  expect(await pages()).toEqual({ 1: 'before (history)' })

  await write(1, 'again')
  await write(2, 'new')
  await pollOnce(ctx)
  expect(await pages()).toEqual({ 1: 'before (history) / again', 2: 'new' })

  await reorg(w, 2)
  await pollOnce(ctx)
  expect(await pages()).toEqual({ 1: 'before (history)' })

  const { timestamp } = await w.chain.client.getBlock()
  expect(woken).toBe(timestamp)
}, 60_000)
