import { afterAll, beforeAll, expect, test } from 'vitest'
import { findChallenge } from '../../../core/mesh/find.ts'
import { challengeJob } from '../../../core/mesh/jobs/challenge.ts'
import { reorg } from '../../support/blocks.ts'
import { act, bookChallenge, listen, meshWorld, shownIn, words, type MeshWorld } from '../../support/mesh.ts'

let w: MeshWorld
beforeAll(async () => {
  w = await meshWorld()
})
afterAll(() => w.stop())

const drawn = async (ref: string): Promise<string> => {
  await listen(w)
  const row = await w.ctx.db.selectFrom('challenge').select('id').where('ref', '=', ref).executeTakeFirstOrThrow()
  await challengeJob.run(w.ctx, { challengeId: row.id })
  return (await shownIn(w, 'global')).join('\n')
}

test('a step that a reorg takes back is taken back in the card and under it, and so is a challenge', async () => {
  const ref = await bookChallenge(w, 'A book that goes', 'funding')
  await act(w, 'ann', `challenge-fund ${ref} 30`)
  expect((await findChallenge(w.ctx, ref)).story.funded).toBe((30n * 10n ** 18n).toString())
  expect(await drawn(ref)).toContain('put in 30 NOMIC')

  // Funding was the approval, the payment and a block after each.
  await reorg(w, 4)
  const after = await drawn(ref)
  expect(after).toContain('0 NOMIC of 100 NOMIC')
  expect(after).not.toContain('put in 30 NOMIC')
  expect(after).toContain('this step was taken back')

  await reorg(w, 8)
  expect(await drawn(ref)).toContain('this challenge was taken back')
  expect(await words(w, 'ann', `challenge ${ref}`)).toContain('I know no challenge')
}, 120_000)
