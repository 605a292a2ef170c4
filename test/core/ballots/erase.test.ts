import { afterAll, beforeAll, expect, test } from 'vitest'
import { erase } from '../../../core/forget/erase.ts'
import { ballotRow, ballotWorld, cast, openProposal, relayAndSettle, type BallotWorld } from '../../support/ballots.ts'

let w: BallotWorld
beforeAll(async () => {
  w = await ballotWorld()
})
afterAll(() => w.stop())

test('who is forgotten leaves a ballot without a place, without its card and without its page; the vote stays', async () => {
  const proposal = await openProposal(w, 'auto')
  const id = await cast(w, 1, { ref: proposal.ref, support: 1 })
  const other = await cast(w, 2, { ref: proposal.ref, support: 0 })
  await relayAndSettle(w)
  expect(await placeOf(id)).toEqual({ platform: 'playground', channel: '@voter1' })

  await erase(w.ctx, { caller: w.people[1]! })
  expect(await ballotRow(w, id)).toMatchObject({ state: 'counted', platform: null, channel: null })
  const cards = await w.ctx.db.selectFrom('effect').select('key').where('key', 'like', 'ballot/%').execute()
  expect(cards).toEqual([{ key: `ballot/${other}` }])
  const pages = await w.ctx.db.selectFrom('draft').select('user_id').execute()
  expect(pages).toEqual([{ user_id: 'voter2' }])
  expect(await placeOf(other)).toEqual({ platform: 'playground', channel: '@voter2' })
})

async function placeOf(id: string) {
  const { platform, channel } = await ballotRow(w, id)
  return { platform, channel }
}
