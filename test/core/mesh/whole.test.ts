import { parseEther } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findChallenge } from '../../../core/mesh/find.ts'
import {
  act,
  bookChallenge,
  held,
  meshWorld,
  shownIn,
  taskNow,
  travelPast,
  words,
  type MeshWorld,
} from '../../support/mesh.ts'

let w: MeshWorld
beforeAll(async () => {
  w = await meshWorld()
})
afterAll(() => w.stop())

/** Who got it hands it in and shows it, and nobody objects. */
async function deliver(who: keyof MeshWorld['people'], ref: string): Promise<void> {
  await act(w, who, `deliver ${ref} ipfs://work-of-${who} 1:100`)
  expect((await taskNow(w, ref)).state).toBe('delivered')
}

async function done(who: keyof MeshWorld['people'], ref: string): Promise<void> {
  await act(w, who, `bid ${ref}`)
  await travelPast(w, ref)
  await deliver(who, ref)
  await travelPast(w, ref)
  expect((await taskNow(w, ref)).state).toBe('accepted')
}

test('a task goes to the next bidder when the first is late; all are recombined and paid, told in the channels of each DAO', async () => {
  const ref = await bookChallenge(w, 'A whole book', 'working')
  await act(w, 'eve', `bid ${ref}.1 40`)
  await act(w, 'oda', `bid ${ref}.1 10`)
  await travelPast(w, `${ref}.1`)
  expect(await taskNow(w, `${ref}.1`)).toMatchObject({ state: 'assigned', assignee: 1 })
  expect(await words(w, 'lou', `deliver ${ref}.1 ipfs://theirs`)).toContain('None of your wallets acts for Test DAO')
  await travelPast(w, `${ref}.1`)
  expect(await taskNow(w, `${ref}.1`)).toMatchObject({
    state: 'assigned',
    assignee: 2,
    past: [{ dao: 1, how: 'late', slashed: parseEther('10').toString() }],
  })
  await deliver('oda', `${ref}.1`)
  await travelPast(w, `${ref}.1`)
  expect(await words(w, 'eve', `bid ${ref}.1`)).toContain('is not open for bids')

  await done('eve', `${ref}.2`)
  await done('oda', `${ref}.3`)
  const before = await held(w, w.people.lou.wallet.address)
  await act(w, 'lou', `bid ${ref}.4`)
  await travelPast(w, `${ref}.4`)
  await deliver('lou', `${ref}.4`)
  expect(await words(w, 'eve', `result ${ref} accept`)).toContain('None of your wallets has put money')
  await act(w, 'ann', `result ${ref} accept Well done`)
  const { story, address } = await findChallenge(w.ctx, ref)
  expect(story).toMatchObject({ state: 'done', manifest: { parts: 3 } })
  // A tenth of the money less the fee of 2.5 %; the stake is back.
  expect(await held(w, w.people.lou.wallet.address)).toBe(before + parseEther('9.75'))
  expect(await held(w, address)).toBe(0n)
  expect(await words(w, 'ann', `result ${ref}`)).toMatch(/Plain DAO \| : 58\.5 NOMIC for its work/)

  const shown = await Promise.all(['global', 'auto', 'oz'].map((channel) => shownIn(w, channel)))
  const [global, auto, oz] = shown.map((cards) => cards.join('\n'))
  expect(global).toContain('Test DAO is late with task 1 (Write it)')
  for (const channel of [global, auto, oz]) {
    expect(channel).toContain('Plain DAO takes over task 1 (Write it)')
    expect(channel).toContain('Lone Works has delivered task 4 (Put it together)')
    expect(channel).toContain('The challenge is done')
  }
  // A DAO hears of it from when on it has a part in it.
  expect(global).toContain('Plan 1 was proposed')
  expect(auto).not.toContain('Plan 1 was proposed')
}, 180_000)
