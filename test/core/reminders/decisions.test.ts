import { afterAll, beforeAll, expect, test } from 'vitest'
import { remind } from '../../../core/reminders/jobs/remind.ts'
import {
  answer,
  hearPolls,
  hourAndMore,
  openPolls,
  pollWorld,
  relayPapers,
  type PollWorld,
} from '../../support/polls.ts'
import { doLine, hear, makeSpell, nomicWorld, privately, relayApprovals, shownIn } from '../../support/spells.ts'

let w: PollWorld
let ref = ''
beforeAll(async () => {
  w = await pollWorld()
  const both = [
    { title: 'Where we meet', kind: 0 as const, options: ['Here', 'There'] },
    { title: 'When we meet', kind: 0 as const, options: ['Now', 'Then'] },
  ]
  ref = (await openPolls(w, both)).refs[0]!
})
afterAll(() => w.stop())

const told = (voter: number) => shownIn(w, privately(w.people[voter]!), 'decision-reminder/poll/%')

test('who has weight in a paper of polls and has not answered is reminded of it once, and told when there is nothing to remind of', async () => {
  await remind(w.ctx)
  expect(await told(1)).toEqual([])
  await answer(w, 2, { ref, answers: [[0], [0]] })
  await relayPapers(w)
  await w.chain.travel(Math.floor(hourAndMore * 0.9))
  await hearPolls(w)
  await remind(w.ctx)
  await remind(w.ctx)
  expect(await told(1)).toEqual([
    expect.stringMatching(/Where we meet \(and 1 more\).*You have weight in this vote of/),
  ])
  expect(await told(2)).toEqual([])
  await answer(w, 1, { ref, answers: [[1], [1]] })
  await remind(w.ctx)
  expect(await told(1)).toEqual([expect.stringContaining('You voted. Thank you')])
  await w.chain.travel(hourAndMore)
  await hearPolls(w)
  await remind(w.ctx)
  expect(await told(3)).toEqual([expect.stringContaining('This vote is over.')])
})

test('who has locked NOMIC and approves of something else is reminded before a spell expires', async () => {
  const nomic = await nomicWorld()
  const about = (voter: number) => shownIn(nomic, privately(nomic.people[voter]!), 'decision-reminder/spell/%')
  try {
    const { ref } = await makeSpell(nomic, 0, { title: 'Wait longer', days: 14 })
    await nomic.chain.travel(13 * 86_400)
    await hear(nomic)
    await remind(nomic.ctx)
    expect(await about(1)).toEqual([expect.stringContaining('You have weight in this vote of')])
    // Who has locked nothing has no say in it.
    expect(await about(4)).toEqual([])
    await doLine(nomic, 1, `approve ${ref}`, /^Approve of [^ ]+$/)
    await relayApprovals(nomic)
    await remind(nomic.ctx)
    expect(await about(1)).toEqual([expect.stringContaining('You voted. Thank you')])
  } finally {
    await nomic.stop()
  }
})
