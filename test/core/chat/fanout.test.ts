import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { drain } from '../../../core/chat/lane.ts'
import { showCards } from '../../../core/chat/outbox.ts'
import { RetryableError } from '../../../core/errors.ts'
import type { Platform } from '../../../core/host.ts'
import { GoneError } from '../../../core/platform.ts'
import { text } from '../../../core/view.ts'
import { insertDao, rowWorld, type RowWorld } from '../../support/proposal.ts'

let all: RowWorld
beforeAll(async () => {
  all = await rowWorld()
})
afterAll(() => all.stop())

const channels = Array.from({ length: 300 }, (_, at) => `c${at}`)
const card = (channel: string) => `proposal/1/paper/${channel}`

test('three hundred channels are served once each, whatever a few of them do', async () => {
  const { ctx } = all
  const sent: string[] = []
  const waits: string[] = []
  let letGo: () => void = () => undefined
  const hanging = new Promise<void>((resolve) => {
    letGo = resolve
  })
  const paper: Platform = {
    name: 'paper',
    start: async () => undefined,
    stop: async () => undefined,
    async send({ id }, _view, { key, under }) {
      if (id === 'c7') await hanging
      if (id === 'c11') throw new GoneError('channel', { reason: 'AutoCo lacks the permission Send Messages there.' })
      if (id === 'c13') {
        waits.push(key)
        throw new RetryableError('429', { afterMs: 3_600_000 })
      }
      sent.push(under ? `${key} under ${under.id}` : key)
      return { platform: 'paper', channel: id, id: key }
    },
    edit: async () => undefined,
  }
  const dao = await insertDao(ctx)
  await ctx.db
    .insertInto('subscription')
    .values({ dao_id: dao.id, platform: 'paper', channel: 'c11', created_by: '@admin' })
    .execute()
  const view = { body: [text('news')] }
  await ctx.db.transaction().execute((trx) =>
    showCards(trx, ctx.queue, [
      ...channels.map((channel) => ({ key: card(channel), platform: 'paper', channel, view })),
      ...channels.map((channel) => ({
        key: `event/1/new/${channel}`,
        platform: 'paper',
        channel,
        under: card(channel),
        view,
      })),
    ]),
  )
  const good = channels.filter((channel) => !['c7', 'c11', 'c13'].includes(channel))
  const expected = good.flatMap((channel) => [card(channel), `event/1/new/${channel} under ${card(channel)}`])
  // The one that hangs keeps none of the others from being shown, and they are shown once.
  await vi.waitFor(
    async () => {
      void drain(ctx, paper)
      expect(sent.filter((key) => !key.startsWith('retired/'))).toHaveLength(expected.length)
    },
    { timeout: 25_000, interval: 100 },
  )
  expect(sent.filter((key) => !key.startsWith('retired/')).sort()).toEqual([...expected].sort())
  for (const channel of good)
    expect(sent.indexOf(card(channel))).toBeLessThan(sent.indexOf(`event/1/new/${channel} under ${card(channel)}`))
  expect(waits).toEqual([card('c13')])
  expect(sent.filter((key) => key.startsWith('retired/'))).toHaveLength(1)
  letGo()
  await vi.waitFor(
    async () => {
      void drain(ctx, paper)
      expect(sent).toContain(`event/1/new/c7 under ${card('c7')}`)
    },
    { timeout: 10_000, interval: 100 },
  )
  const told = await ctx.db.selectFrom('effect').select(['channel', 'view']).where('key', 'like', 'retired/%').execute()
  expect(told.map(({ channel }) => channel)).toEqual(['@admin'])
  expect(JSON.stringify(told[0]?.view)).toContain('AutoCo lacks the permission Send Messages there.')
  expect(await ctx.db.selectFrom('subscription').selectAll().execute()).toEqual([])
})
