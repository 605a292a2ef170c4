import { parseEther } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findChallenge } from '../../../core/mesh/find.ts'
import { act, bookChallenge, bookPlan, held, meshWorld, travel, words, type MeshWorld } from '../../support/mesh.ts'

let w: MeshWorld
beforeAll(async () => {
  w = await meshWorld()
})
afterAll(() => w.stop())

const plan = bookPlan
const challenged = (title: string, until: Parameters<typeof bookChallenge>[2]) => bookChallenge(w, title, until)

describe('a challenge', () => {
  test('is listed and shown with its money, and refuses more than a wallet holds', async () => {
    const ref = await challenged('A funded book', 'funding')
    expect(await words(w, 'lou', 'challenge')).toContain(`${ref}: A funded book`)
    expect(await words(w, 'lou', `challenge-fund ${ref} 1000`)).toContain('your wallet holds 100 NOMIC')
    expect(await words(w, 'lou', `plan ${ref} ${plan}`)).toContain('has not got its money yet')
    await act(w, 'oda', `challenge-fund ${ref} 12.5`)
    expect(await words(w, 'eve', `challenge ${ref}`)).toContain('12.5 NOMIC of 100 NOMIC')
  })

  test('without its money in time is cancelled by the relayer, and the money goes back', async () => {
    const ref = await challenged('A poor book', 'funding')
    await act(w, 'lou', `challenge-fund ${ref} 20`)
    await travel(w, 20 * 86_400)
    expect((await findChallenge(w.ctx, ref)).story).toMatchObject({
      state: 'cancelled',
      refunded: [{ amount: parseEther('20').toString() }],
    })
    expect(await held(w, (await findChallenge(w.ctx, ref)).address)).toBe(0n)
    expect(await words(w, 'lou', `challenge-fund ${ref} 1`)).toContain('takes no money any more')
  })

  test('names every fault of a plan', async () => {
    const ref = await challenged('A planned book', 'planning')
    const bad = [
      'Write it | poetry | 40% | accept: good | 3d | covers 1',
      'Draw it | design | 30% | needs 3 | accept: good | 3d',
      'Caption it | writing | 20% | needs 2 | accept: good | 3d',
      'Together | integration | needs 1 | accept: good | 3d',
    ].join('\n')
    const said = await words(w, 'ben', `plan ${ref} ${bad}`)
    expect(said).toContain('Task 1: “poetry” is no domain')
    expect(said).toContain('Tasks 2 → 3 → 2 need one another in a circle.')
    expect(said).toContain('it lacks 2, 3')
    expect(said).toContain('Task 4: it names no share of the money')
    expect(said).toContain('The shares sum to 90 %, not to 100 %: 10 % is missing.')
    expect(said).toContain('No task covers requirement 2 (“It has pictures”).')
  })

  test('adopts the plan that most of the money approved', async () => {
    const ref = await challenged('An approved book', 'planning')
    await act(w, 'ben', `plan ${ref} ${plan}`)
    expect(await words(w, 'oda', `plan-show ${ref} 1`)).toMatch(/3\. Caption it.*writing, 20 %, needs 1, 2, 3 days/)
    await act(w, 'ben', `plan-judge ${ref} 1 approve`)
    expect((await findChallenge(w.ctx, ref)).story.state).toBe('planning')
    expect(await words(w, 'lou', `plan-judge ${ref} 1 approve`)).toContain('None of your wallets has put money')
    await act(w, 'ann', `plan-judge ${ref} 1 approve`)
    const { story } = await findChallenge(w.ctx, ref)
    expect(story.tasks.map(({ state, payout }) => [state, payout])).toEqual([
      ['bidding', parseEther('40').toString()],
      ['bidding', parseEther('30').toString()],
      ['waiting', parseEther('20').toString()],
      ['waiting', parseEther('10').toString()],
    ])
  })
})

describe('a task', () => {
  test('refuses a bid in words', async () => {
    const ref = await challenged('A book with bids', 'working')
    expect(await words(w, 'eve', `bid ${ref}.3`)).toContain(`${ref}.3 is not open for bids.`)
    expect(await words(w, 'eve', `bid ${ref}.1 1`)).toContain('A stake is at least 10 NOMIC here.')
    expect(await words(w, 'ann', `bid ${ref}.1`)).toContain('Say which one, by its number: 1 (Test DAO), 2 (Plain DAO)')
    await act(w, 'eve', `bid ${ref}.1`)
    expect(await words(w, 'eve', `bid ${ref}.1`)).toContain('Test DAO bids for')
    expect(await words(w, 'eve', `deliver ${ref}.1 ipfs://x`)).toContain('Nobody has')
    expect(await words(w, 'eve', `task ${ref}.9`)).toContain('has 4 tasks, not 9')
  })
})
