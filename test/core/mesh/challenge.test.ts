import { erc20Abi, getAddress, parseEther } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findChallenge, findTask } from '../../../core/mesh/find.ts'
import { act, meshWorld, shownIn, travel, travelPast, words, type MeshWorld } from '../../support/mesh.ts'

let w: MeshWorld
beforeAll(async () => {
  w = await meshWorld()
})
afterAll(() => w.stop())

const stateOf = async (ref: string) => (await findTask(w.ctx, ref)).task.state
const plan = [
  'One part each, then together.',
  'Write it | writing | 40% | covers 1 | accept: a thousand words | 3d | stake 10',
  'Draw it | design | 30% | covers 2 | accept: ten pictures | 3d',
  'Caption it | writing | 20% | needs 1, 2 | accept: a line a picture | 3d',
  'Put it together | integration | 10% | accept: one book | 3d',
].join('\n')

/** A challenge of its own in the state that a test begins with. */
async function challenged(title: string, until: 'funding' | 'planning' | 'working'): Promise<string> {
  await act(w, 'ann', `challenge-new "${title}" 100 90d A book for all.\n- It has words\n- It has pictures`)
  const { ref } = await w.ctx.db
    .selectFrom('challenge')
    .select('ref')
    .where('title', '=', title)
    .executeTakeFirstOrThrow()
  if (until === 'funding') return ref
  await act(w, 'ann', `challenge-fund ${ref} 60`)
  await act(w, 'ben', `challenge-fund ${ref} 40`)
  if (until === 'planning') return ref
  await act(w, 'ben', `plan ${ref} ${plan}`)
  await act(w, 'ann', `plan-judge ${ref} 1 approve`)
  return ref
}

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
    expect(await held((await findChallenge(w.ctx, ref)).address)).toBe(0n)
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

const held = (address: string): Promise<bigint> =>
  w.ctx.chain.client.readContract({
    abi: erc20Abi,
    address: w.deployed.nomic,
    functionName: 'balanceOf',
    args: [getAddress(address)],
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

  test('goes to the next bidder when the first is late, is recombined and paid, told in the channels of each DAO', async () => {
    const ref = await challenged('A whole book', 'working')
    await act(w, 'eve', `bid ${ref}.1 40`)
    await act(w, 'oda', `bid ${ref}.1 10`)
    await act(w, 'lou', `bid ${ref}.2`)
    await travelPast(w, `${ref}.1`)
    expect((await findTask(w.ctx, `${ref}.1`)).task).toMatchObject({ state: 'assigned', assignee: 1 })
    await travelPast(w, `${ref}.1`)
    expect((await findTask(w.ctx, `${ref}.1`)).task).toMatchObject({
      state: 'assigned',
      assignee: 2,
      past: [{ dao: 1, how: 'late', slashed: parseEther('10').toString() }],
    })
    await deliverAll(ref, [['oda', 1]])
    expect((await findTask(w.ctx, `${ref}.2`)).task.past).toMatchObject([{ dao: 3, how: 'late' }])
    await act(w, 'eve', `bid ${ref}.2`)
    await travelPast(w, `${ref}.2`)
    await deliverAll(ref, [['eve', 2]])
    await travelPast(w, `${ref}.2`)
    await act(w, 'oda', `bid ${ref}.3`)
    await travelPast(w, `${ref}.3`)
    await deliverAll(ref, [['oda', 3]])
    await travelPast(w, `${ref}.3`)
    await act(w, 'lou', `bid ${ref}.4`)
    await travelPast(w, `${ref}.4`)
    await deliverAll(ref, [['lou', 4]])
    expect(await words(w, 'eve', `result ${ref} accept`)).toContain('None of your wallets has put money')
    const before = await held(w.people.lou.wallet.address)
    await act(w, 'ann', `result ${ref} accept Well done`)
    const { story } = await findChallenge(w.ctx, ref)
    expect(story.state).toBe('done')
    // A tenth of the money less the fee of 2.5 %, and the stake.
    expect(await held(w.people.lou.wallet.address)).toBe(before + parseEther('9.75') + BigInt(story.tasks[3]!.minStake))
    expect(await words(w, 'ann', `result ${ref}`)).toMatch(/Plain DAO.*58\.5 NOMIC for its work/)

    const [global, auto, oz] = await Promise.all(
      ['global', 'auto', 'oz'].map(async (channel) => (await shownIn(w, channel)).join('\n')),
    )
    expect(global).toContain('Test DAO is late with task 1 (Write it)')
    for (const shown of [global, auto, oz]) {
      expect(shown).toContain('Plain DAO takes over task 1 (Write it)')
      expect(shown).toContain('Lone Works has delivered task 4 (Put it together)')
      expect(shown).toContain('The challenge is done')
    }
    // Told only from when on a DAO had a part in it.
    expect(auto).not.toContain(`${ref}: A whole book | Plan 1 was proposed`)
    expect(global).toContain('Plan 1 was proposed')
  })
})

/** Each hands in sealed work and shows it. */
async function deliverAll(
  ref: string,
  works: readonly (readonly [keyof MeshWorld['people'], number])[],
): Promise<void> {
  for (const [who, number] of works) {
    await act(w, who, `deliver ${ref}.${number} ipfs://work-${number} 1:100`)
    expect(await stateOf(`${ref}.${number}`)).toBe('delivered')
  }
}
