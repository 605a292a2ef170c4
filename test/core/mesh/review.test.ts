import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  act,
  bookChallenge,
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

test('work that somebody objects to is rated, sealed and then shown, and rejected work goes back to be bid for', async () => {
  const challenge = await bookChallenge(w, 'A poorly drawn book', 'working')
  const ref = `${challenge}.2`
  expect(await words(w, 'lou', `review ${ref} object Ugly`)).toContain('nothing to object to')
  await act(w, 'eve', `bid ${ref}`)
  await travelPast(w, ref)
  await act(w, 'eve', `deliver ${ref} ipfs://scribble`)
  expect(await words(w, 'ann', `task ${ref}`)).toContain('ipfs://scribble')
  expect(await words(w, 'lou', `review ${ref} object`)).toContain('Say what is wrong with it')
  expect(await words(w, 'lou', `review ${ref} settle`)).toContain('Nothing is to be settled')
  await act(w, 'lou', `review ${ref} object Only scribbles`)

  expect(await words(w, 'ann', `review ${ref} rate good`)).toContain('A rating is a number from 0')
  expect(await words(w, 'lou', `review ${ref} rate 0`)).toContain('You may not rate')
  expect(await words(w, 'eve', `review ${ref} rate 100`)).toContain('You may not rate')
  await act(w, 'ann', `review ${ref} rate 20 Not ten pictures`)
  await act(w, 'ben', `review ${ref} rate 30 Hardly drawn`)
  expect(await words(w, 'oda', `task ${ref}`)).not.toContain('Not ten pictures')
  await travelPast(w, ref)
  expect((await taskNow(w, ref)).state).toBe('revealing')
  expect((await shownIn(w, '@ann')).join('\n')).toContain(`Show your rating: ${ref} Draw it`)
  await act(w, 'ann', `review ${ref} reveal`)
  expect((await shownIn(w, '@ann')).join('\n')).toContain(`Your rating was sealed: ${ref} Draw it`)
  await act(w, 'ben', `review ${ref} reveal`)
  expect(await words(w, 'ann', `review ${ref} reveal`)).toContain('no sealed rating of yours')
  expect(await words(w, 'oda', `task ${ref}`)).toContain('20 of 100, “Not ten pictures”')
  await travelPast(w, ref)

  const task = await taskNow(w, ref)
  expect(task).toMatchObject({ state: 'bidding', assignee: null, past: [{ dao: 1, how: 'rejected' }] })
  expect(await words(w, 'eve', `bid ${ref}`)).toContain('has failed at')
  const shown = (await shownIn(w, 'auto')).join('\n')
  expect(shown).toContain('“Only scribbles”')
  expect(shown).toContain('The work of Test DAO on task 2 (Draw it) is rejected, rated 20 of 100')
}, 180_000)
