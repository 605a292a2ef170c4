import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { privateChannel, type Caller } from '../../../core/index.ts'
import type { Proposal } from '../../../core/governance/proposal.ts'
import type { View } from '../../../core/view.ts'
import {
  ballotRow,
  ballotWorld,
  cast,
  openProposal,
  relayAndSettle,
  wordsOf,
  type BallotWorld,
} from '../../support/ballots.ts'
import { caller, linkWallet } from '../../support/linking.ts'

let w: BallotWorld
const onDiscord = caller('100', { platform: 'discord' })
const onTelegram = caller('200', { platform: 'telegram' })
const onSlack = caller('U3', { platform: 'slack', workspace: 'T1' })

beforeAll(async () => {
  w = await ballotWorld()
  for (const who of [onDiscord, onTelegram, onSlack]) await linkWallet(w.ctx, who, w.voters[0]!)
})
afterAll(() => w.stop())

async function ask(who: Caller, line: string): Promise<View> {
  return (await w.app.run({ caller: who, channel: { platform: who.platform, id: 'general' }, line })).view
}
const say = async (who: Caller, line: string): Promise<string> => wordsOf(await ask(who, line))

describe('one person on three platforms, who votes on one', () => {
  let proposal: Proposal
  let id: string

  beforeAll(async () => {
    proposal = await openProposal(w, 'auto')
    id = await cast(w, 0, { ref: proposal.ref, support: 1, from: onDiscord })
  })

  test('is told on the others that the vote is on its way, and signs no second one', async () => {
    for (const who of [onTelegram, onSlack]) {
      const answer = await say(who, `vote ${proposal.ref} against`)
      expect(answer).toContain('You voted For on Discord: signed.')
      expect(answer).toContain(`/receipt ${id.slice(2, 10)}`)
      expect(await say(who, `proposal ${proposal.ref}`)).toContain('You:  | For on Discord: signed | .')
    }
  })

  test('is told on all of them that it is counted, and in which block', async () => {
    await relayAndSettle(w)
    const { block_number: block } = await ballotRow(w, id)
    expect(block).not.toBeNull()
    const counted = `For on Discord: signed → sent → counted in block ${block}`
    for (const who of [onDiscord, onTelegram, onSlack]) {
      expect(await say(who, `vote ${proposal.ref} for`)).toContain(`You voted ${counted}.`)
      const shown = await ask(who, `proposal ${proposal.ref}`)
      expect(wordsOf(shown)).toContain(`You:  | ${counted} | .`)
      expect(shown.actions).toContainEqual({ label: 'Your receipt', run: `receipt ${id.slice(2, 10)}` })
      for (const line of ['receipt', 'whoami'])
        expect(await say(who, line)).toContain(
          `For on ${proposal.ref}: Signed → sent → counted in block ${block}, signed on Discord`,
        )
    }
  })

  test('hears of its progress where they signed, and nowhere else', async () => {
    const rows = await w.ctx.db
      .selectFrom('effect')
      .select(['platform', 'channel'])
      .where('key', '=', `ballot/${id}`)
      .execute()
    expect(rows).toEqual([{ platform: 'discord', channel: privateChannel(onDiscord).id }])
  })

  test('is shown to nobody else, and the public receipt names no platform', async () => {
    expect(await say(w.people[1]!, `proposal ${proposal.ref}`)).not.toContain('You:')
    expect(await say(caller('stranger'), `proposal ${proposal.ref}`)).not.toContain('You:')
    expect(await say(w.people[1]!, `receipt ${id.slice(2, 10)}`)).not.toContain('Discord')
  })
})

test('a wallet that voted by itself is known everywhere too', async () => {
  const proposal = await openProposal(w, 'oz')
  await w.ctx.db
    .insertInto('vote')
    .values({
      proposal_id: proposal.id,
      voter: w.voters[0]!.address,
      block_hash: '0xb10c',
      log_index: 0,
      block_number: '77',
      tx_hash: '0x',
      support: 0,
      weight: '1',
      reason: '',
      orphaned_at: null,
    })
    .execute()
  expect(await say(onSlack, `proposal ${proposal.ref}`)).toContain(
    'You:  | Against, by the wallet itself: counted in block 77',
  )
})
