import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { mayMessage, privateChannel, type Caller } from '../../../core/index.ts'
import { remind } from '../../../core/reminders/jobs/remind.ts'
import type { Proposal } from '../../../core/governance/proposal.ts'
import type { View } from '../../../core/view.ts'
import { ballotWorld, cast, openProposal, storeVote, wordsOf, type BallotWorld } from '../../support/ballots.ts'
import { account, caller, linkWallet } from '../../support/linking.ts'

let w: BallotWorld
let blocks = 1_000_000
/** Links a wallet that has no weight. */
const poor = caller('poor')
/** Writes to nobody in private who has not agreed. */
const shy = { name: 'shy', asksFirst: true, start: never, stop: never, send: never, edit: never }

beforeAll(async () => {
  w = await ballotWorld()
  await w.ctx.db.insertInto('chain').values({ id: w.ctx.chain.id, genesis_hash: '0x', reason: null }).execute()
  await linkWallet(w.ctx, poor, account(w.chain, 8))
  w.ctx.platform = (name) => (name === 'shy' ? (shy as never) : undefined)
})
beforeEach(async () => {
  // Each test has its own proposal, the only one that is open, and its own week.
  await w.ctx.db.updateTable('proposal').set({ state: 'executed' }).execute()
  await w.ctx.db.deleteFrom('reminder').execute()
  await w.ctx.db.deleteFrom('effect').execute()
  await w.ctx.db.deleteFrom('messaging').execute()
})
afterAll(() => w.stop())

function never(): Promise<never> {
  throw new Error('not spoken to here')
}

/** The chain as the listener knows it, when so much of the time to vote is over. */
async function at(proposal: Proposal, percent: number): Promise<void> {
  const time = Number(proposal.snapshot) + ((Number(proposal.deadline) - Number(proposal.snapshot)) * percent) / 100
  blocks += 1
  await w.ctx.db
    .insertInto('block')
    .values({
      chain_id: w.ctx.chain.id,
      hash: `0x${blocks}`,
      number: String(blocks),
      parent: '0x',
      time: String(Math.ceil(time)),
      orphaned_at: null,
    })
    .execute()
}

const shown = async (): Promise<{ platform: string; channel: string; words: string; view: View }[]> => {
  const rows = await w.ctx.db
    .selectFrom('effect')
    .select(['platform', 'channel', 'view'])
    .where('key', 'like', 'reminder/%')
    .orderBy('channel')
    .orderBy('key')
    .execute()
  return rows.map(({ view, ...row }) => ({ ...row, view: view as View, words: wordsOf(view as View) }))
}
const reminded = async (): Promise<string[]> => (await shown()).map(({ channel }) => channel)
const say = async (who: Caller, line: string): Promise<string> =>
  wordsOf((await w.app.run({ caller: who, channel: privateChannel(who), line })).view)
const others = (...gone: number[]): string[] =>
  w.people.flatMap((each, index) => (gone.includes(index) ? [] : [privateChannel(each).id]))

describe('who is reminded', () => {
  test('those with weight who have not voted, at half of the time and at nine tenths, once each', async () => {
    const proposal = await openProposal(w, 'auto')
    await at(proposal, 49)
    await remind(w.ctx)
    expect(await reminded()).toEqual([])
    await at(proposal, 51)
    await Promise.all([remind(w.ctx), remind(w.ctx)])
    await remind(w.ctx)
    expect(await reminded()).toEqual(others())
    await at(proposal, 91)
    await remind(w.ctx)
    await remind(w.ctx)
    expect(await reminded()).toHaveLength(2 * w.people.length)
  })

  test('who starts late hears of it once, not once for every mark that is past', async () => {
    const proposal = await openProposal(w, 'auto')
    await at(proposal, 95)
    await remind(w.ctx)
    await remind(w.ctx)
    expect(await reminded()).toEqual(others())
  })

  test('nobody whose ballot is stored, or whose wallet voted by itself; their earlier reminders say so', async () => {
    const proposal = await openProposal(w, 'auto')
    await at(proposal, 50)
    await cast(w, 0, { ref: proposal.ref, support: 1 })
    await remind(w.ctx)
    expect(await reminded()).toEqual(others(0))
    const block = await w.ctx.chain.client.getBlock()
    await storeVote(w, proposal, {
      voter: w.voters[1]!.address,
      support: 0,
      receipt: { blockHash: block.hash, blockNumber: block.number, transactionHash: '0xaa' } as never,
    })
    await at(proposal, 90)
    await remind(w.ctx)
    const cards = await shown()
    const ofSecond = cards.filter(({ channel }) => channel === '@voter1')
    expect(ofSecond.map(({ words }) => words)).toEqual([expect.stringContaining('You voted. Thank you')])
    expect(ofSecond[0]?.view.actions ?? []).toEqual([])
    await w.ctx.db.updateTable('proposal').set({ state: 'succeeded' }).where('id', '=', proposal.id).execute()
    await remind(w.ctx)
    const after = (await shown()).filter(({ channel }) => channel === '@voter2')
    expect(after.every(({ words }) => words.includes('This vote is over.'))).toBe(true)
  })

  test('at the times that the channels of the DAO have chosen, or never', async () => {
    const proposal = await openProposal(w, 'auto')
    const channel = { platform: 'playground', id: 'council' }
    await w.ctx.db
      .insertInto('subscription')
      .values({ dao_id: w.daoIds.auto, platform: channel.platform, channel: channel.id, created_by: 'bob' })
      .execute()
    const admin = caller('admin', { manager: true })
    await w.app.run({ caller: admin, channel, line: 'settings auto reminders off' })
    await at(proposal, 95)
    await remind(w.ctx)
    expect(await reminded()).toEqual([])
    await w.app.run({ caller: admin, channel, line: 'settings auto reminders 75' })
    await remind(w.ctx)
    expect(await reminded()).toEqual(others())
    await w.ctx.db.deleteFrom('subscription').execute()
  })
})

describe('how often', () => {
  test('three times a week at most, over all DAOs', async () => {
    const some = [await openProposal(w, 'auto'), await openProposal(w, 'oz', { travel: 0 })]
    some.push(await openProposal(w, 'auto', { travel: 0 }), await openProposal(w, 'oz'))
    await at(some[0]!, 90)
    const later = some.toSorted((a, b) => Number(b.deadline) - Number(a.deadline))[0]!
    await at(later, 80)
    await remind(w.ctx)
    const counts = Map.groupBy(await reminded(), (channel) => channel)
    expect([...counts.values()].map((each) => each.length)).toEqual(w.people.map(() => 3))
    w.wait(7 * 24 * 60 + 1)
    await remind(w.ctx)
    expect((await reminded()).length).toBe(4 * w.people.length)
  })

  test('not at night, where a person has said in which zone they live', async () => {
    const proposal = await openProposal(w, 'auto')
    const zones = [
      'Europe/London',
      'Asia/Kolkata',
      'Asia/Tokyo',
      'Pacific/Auckland',
      'Pacific/Honolulu',
      'America/Chicago',
    ]
    const hour = (zone: string): number =>
      Number(new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit' }).format(w.ctx.now()))
    const asleep = zones.find((zone) => hour(zone) >= 23 || hour(zone) < 7)!
    const awake = zones.find((zone) => hour(zone) >= 9 && hour(zone) < 21)!
    expect(await say(w.people[0]!, `reminders zone ${asleep}`)).toContain(`Nights in ${asleep} are quiet`)
    await say(w.people[1]!, `reminders zone ${awake}`)
    await at(proposal, 60)
    await remind(w.ctx)
    expect(await reminded()).toEqual(others(0))
    await say(w.people[0]!, `reminders zone ${awake}`)
    await remind(w.ctx)
    expect(await reminded()).toEqual(others())
  })
})

describe('/reminders', () => {
  test('snooze puts one vote off: the message says so, and it comes back once before the end', async () => {
    const proposal = await openProposal(w, 'auto')
    await at(proposal, 50)
    await remind(w.ctx)
    const button = (await shown())[0]?.view.actions?.find(({ label }) => label === 'Snooze')
    expect(button).toMatchObject({ run: `reminders snooze ${proposal.ref}` })
    expect(await say(w.people[0]!, `reminders snooze ${proposal.ref}`)).toContain(`${proposal.ref} is put off until`)
    expect((await shown())[0]?.words).toContain('Put off')
    await at(proposal, 90)
    await remind(w.ctx)
    const mine = async () => (await shown()).filter(({ channel }) => channel === '@voter0')
    expect(await mine()).toHaveLength(1)
    w.wait(60)
    await remind(w.ctx)
    await remind(w.ctx)
    expect((await mine()).map(({ words }) => words)).toEqual(
      expect.arrayContaining([expect.stringContaining('have not voted')]),
    )
    expect(await mine()).toHaveLength(2)
  })

  test('off ends them for this person, on brings them back on the account that asked', async () => {
    const proposal = await openProposal(w, 'auto')
    await at(proposal, 50)
    expect(await say(w.people[0]!, 'reminders off')).toContain('Off.')
    await say(w.people[1]!, 'reminders snooze')
    await remind(w.ctx)
    expect(await reminded()).toEqual(others(0, 1))
    const second = caller('voter0', { platform: 'shy' })
    await linkWallet(w.ctx, second, w.voters[0]!)
    expect(await say(second, 'reminders on')).toContain('On.')
    await remind(w.ctx)
    const mine = (await shown()).filter(({ channel }) => channel === '@voter0')
    expect(mine.map(({ platform }) => platform)).toEqual(['shy'])
  })

  test('a platform that asks first is written to only after a yes; elsewhere silence is no refusal', async () => {
    const account = { platform: 'shy', workspace: '', user: 'nobody' }
    expect(await mayMessage(w.ctx, account)).toBe(false)
    await say(caller('nobody', { platform: 'shy' }), 'reminders zone Europe/Berlin')
    expect(await mayMessage(w.ctx, account)).toBe(false)
    await say(caller('nobody', { platform: 'shy' }), 'reminders on')
    expect(await mayMessage(w.ctx, account)).toBe(true)
    expect(await mayMessage(w.ctx, { ...account, platform: 'playground' })).toBe(true)
    await say(caller('nobody'), 'reminders off')
    expect(await mayMessage(w.ctx, { ...account, platform: 'playground' })).toBe(false)
  })

  test('says what is wrong', async () => {
    expect(await say(w.people[0]!, 'reminders zone')).toContain('Which time zone?')
    expect(await say(w.people[0]!, 'reminders zone Mars')).toContain('is not a time zone')
    expect(await say(caller('stranger'), 'reminders snooze auto-1')).toContain('not linked')
    expect(await say(caller('stranger'), 'reminders')).toContain('No wallet is linked yet')
  })
})
