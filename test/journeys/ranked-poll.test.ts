import { keccak256, parseEther, stringToHex } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { paperPage } from '../../core/polls/page.ts'
import {
  answer,
  askedFor,
  hearPolls,
  hourAndMore,
  openPolls,
  pollWorld,
  relayPapers,
  said,
  say,
  tallyOf,
  type PollWorld,
} from '../support/polls.ts'
import { governance, pageIn, privately, shownIn } from '../support/spells.ts'

let w: PollWorld
beforeAll(async () => {
  w = await pollWorld()
})
afterAll(() => w.stop())

const text = 'Three towns offer us a hall. <b>Read</b> their letters.'
const towns = ['Aarhus', 'Bilbao', 'Cork']
const toldTo = async (who: number): Promise<string> =>
  (await shownIn(w, privately(w.people[who]!), 'action/%')).at(-1) ?? ''
const cardsOf = async (ref: string): Promise<string[]> => {
  const { id } = await w.ctx.db.selectFrom('poll').select('id').where('ref', '=', ref).executeTakeFirstOrThrow()
  return [
    ...(await shownIn(w, governance.id, `poll/${id}/playground/%`)),
    ...(await shownIn(w, governance.id, `poll/${id}/result/%`)),
  ]
}

test('a ranked poll with a change of mind: four polls on one paper, one signature, and the base of the majority decides', async () => {
  const { refs } = await openPolls(w, [
    { title: 'Which month', kind: 0, options: ['May', 'June'] },
    { title: 'Which talks', kind: 1, options: ['Law', 'Music', 'Soil'] },
    { title: 'Which town', kind: 2, options: towns, majority: 2, body: text },
    { title: 'Which town, of all', kind: 2, options: towns, majority: 1, body: text },
  ])
  const [month = '', talks = '', town = '', all = ''] = refs
  expect((await cardsOf(town))[0]).toContain('Open for answers.')
  expect((await cardsOf(town))[0]).toContain('more than half of those who still have an option in')
  expect(await said(w, 1, 'polls')).toContain(`${town}: Which town ( open , closes`)
  expect(await said(w, 1, `poll ${town}`)).toContain(keccak256(stringToHex(text)))

  // What is typed is filled in; nothing counts before it is signed.
  const view = await say(w, 4, `answer ${town} 1>3`)
  const typed = await paperPage(w.ctx, { secret: pageIn(view) })
  expect(typed.polls.map((poll) => poll.typed)).toEqual([null, null, [0, 2], null])
  expect(typed.wallets).toMatchObject([{ weight: parseEther('500').toString(), answers: [null, null, null, null] }])
  expect(await w.ctx.db.selectFrom('paper_ballot').select('id').execute()).toEqual([])

  const asked = await askedFor(w, 4, { ref: month, answers: [[0], [2, 0], [0, 2], 'abstain'] })
  expect(asked.typedData.message['answers']).toEqual([
    { poll: 'Which month', choice: ['May'] },
    { poll: 'Which talks', choice: ['Law', 'Soil'] },
    { poll: 'Which town', choice: ['Aarhus', 'Cork'] },
    { poll: 'Which town, of all', choice: ['Abstain'] },
  ])
  await answer(w, 4, { ref: month, answers: [[0], [0, 2], [0, 2], [0, 2]] })
  await answer(w, 0, { ref: month, answers: [[1], null, [1], [1]] })
  await answer(w, 1, { ref: month, answers: [[1], 'abstain', [1], [1]] })
  expect(await toldTo(4)).toContain('Answer 4 polls: signed')
  await relayPapers(w)
  expect(await toldTo(4)).toMatch(/Answer 4 polls: signed → sent → counted in block \d+/)
  expect(await tallyOf(w, town)).toEqual([[parseEther('500'), parseEther('300'), 0n], parseEther('800'), 0n])
  expect((await cardsOf(town))[0]).toContain('1. Aarhus 500 NOMIC')
  const batches = await w.ctx.db.selectFrom('paper_ballot').select('intent_id').execute()
  expect(new Set(batches.map(({ intent_id }) => intent_id)).size).toBe(1)

  // The page of the second time has the answers of the first; the newer paper replaces the older whole.
  const again = await paperPage(w.ctx, { secret: pageIn(await say(w, 4, 'answer')) })
  expect(again.wallets[0]?.answers).toEqual([[0], [0, 2], [0, 2], [0, 2]])
  await answer(w, 4, { ref: month, answers: [[0], [0, 2], [2], [2]] })
  await answer(w, 2, { ref: month, answers: [null, [1], [0], [0]] })
  await answer(w, 3, { ref: month, answers: ['abstain', [1], [0], [0]] })
  await relayPapers(w)
  expect(await tallyOf(w, town)).toEqual([
    [parseEther('700'), parseEther('300'), parseEther('500')],
    parseEther('1500'),
    0n,
  ])
  expect(await said(w, 0, `poll ${town}`)).toContain('The rounds, if it closed now')

  await w.chain.travel(hourAndMore)
  await hearPolls(w)
  expect(await cardsOf(town)).toEqual([
    expect.stringMatching(/Closed\. +Aarhus is elected\./),
    expect.stringMatching(/The poll is closed\. +Aarhus is elected\./),
  ])
  expect((await cardsOf(all))[0]).toMatch(/Nothing is elected\. +Nothing has more than half\./)
  expect((await cardsOf(all))[0]).toContain('more than half of all who chose')
  const rounds = await said(w, 0, `poll ${town}`)
  expect(rounds).toMatch(/Round 1 ?: Aarhus 700 NOMIC, Bilbao 300 NOMIC, Cork 500 NOMIC/)
  expect(rounds).toMatch(/Round 2 ?: Aarhus 700 NOMIC, Cork 500 NOMIC ?\. Out: Bilbao/)
  expect((await cardsOf(month))[0]).toMatch(/Closed\. +May is elected\./)
  expect((await cardsOf(talks))[0]).toContain('200 NOMIC abstained')
  expect(await said(w, 0, `answer ${town}`)).toContain('These polls are closed.')
  await hearPolls(w)
  expect(await cardsOf(town)).toHaveLength(2)
})
