import { parseEther } from 'viem'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { acceptSigned } from '../../../core/actions/accept.ts'
import type { Context } from '../../../core/context.ts'
import { papersJob } from '../../../core/polls/jobs/papers.ts'
import { choosePaper } from '../../../core/polls/page.ts'
import { settleNow } from '../../support/ballots.ts'
import {
  answer,
  hearPolls,
  hourAndMore,
  openPolls,
  pollWorld,
  relayPapers,
  said,
  say,
  signedPaper,
  tallyOf,
  type PollWorld,
} from '../../support/polls.ts'
import { governance, pageIn, privately, shownIn } from '../../support/spells.ts'

let w: PollWorld
beforeAll(async () => {
  w = await pollWorld()
})
afterAll(() => w.stop())

const yesOrNo = { title: 'Shall we', kind: 0 as const, options: ['Yes', 'No'] }
let ref = ''
beforeEach(async () => {
  await w.chain.rpc('evm_setAutomine', [true])
  await w.chain.rpc('evm_mine')
  ref = (await openPolls(w, [yesOrNo])).refs[0]!
})

const rowsOf = (voter: number) =>
  w.ctx.db
    .selectFrom('paper_ballot')
    .selectAll()
    .where('voter', '=', w.voters[voter]!.address)
    .orderBy('accepted_at', 'desc')
    .orderBy('sequence', 'desc')
    .execute()
const newest = async (voter: number) => (await rowsOf(voter))[0]!
const toldTo = async (voter: number): Promise<string> =>
  (await shownIn(w, privately(w.people[voter]!), 'action/%')).at(-1) ?? ''
const yes = async (): Promise<bigint> => (await tallyOf(w, ref))[0][0]!
const crashing = (at: string): Context => ({
  ...w.ctx,
  crash: (name) => {
    if (name === at) throw new Error(`crashed at ${at}`)
  },
})

describe('a signed paper', () => {
  test('that is handed in twice is one row and counts once', async () => {
    const paper = await signedPaper(w, 1, { ref, answers: [[0]] })
    const before = (await rowsOf(1)).length
    await acceptSigned(w.ctx, paper)
    await expect(acceptSigned(w.ctx, paper)).rejects.toThrow('on its way to the chain already')
    expect(await rowsOf(1)).toHaveLength(before + 1)
    await relayPapers(w)
    expect(await yes()).toBe(parseEther('200'))
  })

  test('by another wallet is refused and nothing is stored', async () => {
    const before = (await rowsOf(2)).length
    const paper = await signedPaper(w, 2, { ref, answers: [[0]], by: w.voters[3]! })
    await expect(acceptSigned(w.ctx, paper)).rejects.toThrow(/wallet|sign/i)
    expect(await rowsOf(2)).toHaveLength(before)
  })

  test('is there after a crash behind its storing, and was not there before', async () => {
    const paper = await signedPaper(w, 3, { ref, answers: [[0]] })
    const before = (await rowsOf(3)).length
    await expect(acceptSigned(crashing('paper.accept.before'), paper)).rejects.toThrow('crashed')
    expect(await rowsOf(3)).toHaveLength(before)
    await expect(acceptSigned(crashing('paper.accept.after'), paper)).rejects.toThrow('crashed')
    expect(await newest(3)).toMatchObject({ state: 'accepted' })
    await relayPapers(w)
    expect(await newest(3)).toMatchObject({ state: 'counted', weight: parseEther('400').toString() })
  })

  test.each(['relay.claim', 'relay.nonce', 'relay.store', 'relay.send.before', 'relay.send.after'])(
    'is counted once although the relayer crashed at %s',
    async (at) => {
      await answer(w, 1, { ref, answers: [[0]] })
      await expect(papersJob.run(crashing(at), { daoId: w.daoId })).rejects.toThrow('crashed')
      await settleNow(w)
      await relayPapers(w)
      expect(await newest(1)).toMatchObject({ state: 'counted' })
      expect(await yes()).toBe(parseEther('200'))
    },
  )

  test('that a reorg took back is told, and the same bytes count again', async () => {
    await answer(w, 2, { ref, answers: [[0]] })
    await relayPapers(w)
    const before = await newest(2)
    expect(before.state).toBe('counted')
    await w.chain.rpc('evm_setAutomine', [false])
    await w.chain.rpc('anvil_reorg', [1, []])
    expect(await yes()).toBe(0n)
    await settleNow(w)
    expect(await newest(2)).toMatchObject({ state: 'batched', tx_hash: null })
    expect(await toldTo(2)).toContain('signed → sent')
    await w.chain.rpc('evm_mine')
    await settleNow(w)
    expect(await newest(2)).toMatchObject({ state: 'counted', tx_hash: before.tx_hash })
    expect(await yes()).toBe(parseEther('300'))
  })

  test('is replaced by a newer one before it went out, and only the newer one goes', async () => {
    await answer(w, 4, { ref, answers: [[0]] })
    await answer(w, 4, { ref, answers: [[1]] })
    await relayPapers(w)
    const [second, first] = await rowsOf(4)
    expect([first?.state, second?.state]).toEqual(['superseded', 'counted'])
    expect(await tallyOf(w, ref)).toEqual([[0n, parseEther('500')], parseEther('500'), 0n])
  })

  test('that was still waiting at the close is refused in words', async () => {
    await answer(w, 1, { ref, answers: [[0]] })
    await w.chain.travel(hourAndMore + 60)
    await relayPapers(w)
    expect(await newest(1)).toMatchObject({ state: 'refused', reason_code: 'closed' })
    expect(await toldTo(1)).toContain('The polls had closed before it could be counted.')
    expect(await yes()).toBe(0n)
  })
})

describe('answers', () => {
  const choose = async (answers: Parameters<typeof choosePaper>[1]['answers'], wallet = w.voters[1]!.address) => {
    const secret = pageIn(await say(w, 1, `answer ${ref}`))
    return choosePaper(w.ctx, { secret, wallet, answers })
  }

  test.each([
    ['of an option that there is not', [[2]]],
    ['with two of one', [[0, 1]]],
    ['of too few polls', []],
    ['with nothing at all', [null]],
  ] as const)('%s lead to no page', async (_, answers) => {
    await expect(choose(answers.map((each) => each && [...each]))).rejects.toThrow(/not an answer|changed|Nothing/)
  })

  test('from a wallet that is not the person’s own lead to no page', async () => {
    await expect(choose([[0]], w.voters[2]!.address)).rejects.toThrow('not linked to your account')
  })

  test('can be taken back whole', async () => {
    await answer(w, 1, { ref, answers: [[0]] })
    await relayPapers(w)
    expect(await yes()).toBe(parseEther('200'))
    await answer(w, 1, { ref, answers: [null] })
    await relayPapers(w)
    expect(await tallyOf(w, ref)).toEqual([[0n, 0n], 0n, 0n])
  })

  test('typed for an option that there is not say what there is', async () => {
    expect(await said(w, 1, `answer ${ref} 7`)).toContain('is not an option of this poll')
  })
})

test('votes at the close are weighed by the relayer after it, and are provisional before', async () => {
  const { refs, paper } = await openPolls(w, [{ ...yesOrNo, title: 'At the close' }], { isAtClose: true })
  const [late = ''] = refs
  await answer(w, 0, { ref: late, answers: [[0]] })
  await answer(w, 1, { ref: late, answers: [[1]] })
  await relayPapers(w)
  const { id } = await w.ctx.db.selectFrom('poll').select('id').where('ref', '=', late).executeTakeFirstOrThrow()
  const card = async (): Promise<string> => (await shownIn(w, governance.id, `poll/${id}/playground/%`))[0] ?? ''
  expect(await card()).toContain('Provisional until the close')
  await w.chain.travel(hourAndMore + 60)
  await hearPolls(w)
  expect(await card()).toContain('The votes at the close are being weighed.')
  await settleNow(w)
  await hearPolls(w)
  expect(await card()).toMatch(/Closed\. +No is elected\./)
  expect(await tallyOf(w, late)).toEqual([[parseEther('100'), parseEther('200')], parseEther('300'), 0n])
  expect(
    await w.ctx.db.selectFrom('paper').select('is_weighed').where('number', '=', paper).executeTakeFirst(),
  ).toEqual({ is_weighed: true })
})

test('a poll that a reorg took back says so on its card', async () => {
  const { refs } = await openPolls(w, [{ ...yesOrNo, title: 'Gone' }], { waits: false })
  const { id } = await w.ctx.db.selectFrom('poll').select('id').where('ref', '=', refs[0]!).executeTakeFirstOrThrow()
  await w.chain.rpc('anvil_reorg', [1, []])
  await hearPolls(w)
  const [card = ''] = await shownIn(w, governance.id, `poll/${id}/%`)
  expect(card).toContain('taken back by a chain reorganisation')
})
