import { parseEther } from 'viem'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { acceptSigned } from '../../../core/actions/accept.ts'
import { actionAsked } from '../../../core/actions/page.ts'
import type { Context } from '../../../core/context.ts'
import { approvalsJob } from '../../../core/nomic/jobs/approvals.ts'
import { settleNow } from '../../support/ballots.ts'
import {
  approvalsOf,
  doLine,
  makeSpell,
  nomicWorld,
  pageIn,
  plain,
  privately,
  relayApprovals,
  say,
  shownIn,
  type NomicWorld,
} from '../../support/spells.ts'

let w: NomicWorld
beforeAll(async () => {
  w = await nomicWorld()
})
afterAll(() => w.stop())

let spell: Awaited<ReturnType<typeof makeSpell>>
let spells = 0
beforeEach(async () => {
  await w.chain.rpc('evm_setAutomine', [true])
  await w.chain.rpc('evm_mine')
  spells += 1
  spell = await makeSpell(w, 0, { title: `Number ${spells}` })
})

/** What the page asks this voter to sign. */
async function asked(voter: number, name = spell.ref): Promise<{ secret: string; number: number; typedData: never }> {
  const view = await say(w, voter, `approve ${name}`)
  const secret = pageIn(view, name === 'none' ? /no spell$/ : /^Approve of [^ ]+$/)
  const { number, typedData } = (await actionAsked(w.ctx, { secret })) as { number: number; typedData: never }
  return { secret, number, typedData }
}

async function signed(voter: number, by = voter): Promise<Parameters<typeof acceptSigned>[1]> {
  const { secret, number, typedData } = await asked(voter)
  return { secret, number, signature: await w.voters[by]!.signTypedData(typedData) }
}

const rowsOf = (voter: number) =>
  w.ctx.db
    .selectFrom('approval')
    .selectAll()
    .where('voter', '=', w.voters[voter]!.address)
    .orderBy('sequence', 'desc')
    .execute()
const newest = async (voter: number) => (await rowsOf(voter))[0]!
const toldTo = async (voter: number): Promise<string> =>
  (await shownIn(w, privately(w.people[voter]!), 'action/%')).at(-1) ?? ''
const crashing = (at: string): Context => ({
  ...w.ctx,
  crash: (name) => {
    if (name === at) throw new Error(`crashed at ${at}`)
  },
})

describe('a signed approval', () => {
  test('that is sent twice is one row and counts once', async () => {
    const approval = await signed(1)
    const before = (await rowsOf(1)).length
    await acceptSigned(w.ctx, approval)
    await expect(acceptSigned(w.ctx, approval)).rejects.toThrow('on its way to the chain already')
    expect(await rowsOf(1)).toHaveLength(before + 1)
    await relayApprovals(w)
    expect(await approvalsOf(w, spell.address)).toBe(parseEther('200'))
  })

  test('of another wallet, or of another list, is refused and nothing is stored', async () => {
    const before = (await rowsOf(2)).length
    await expect(signed(2, 3).then((approval) => acceptSigned(w.ctx, approval))).rejects.toThrow(/wallet|sign/i)
    const other = await asked(2, 'none')
    const mine = await asked(2)
    const signature = await w.voters[2]!.signTypedData(other.typedData)
    await expect(acceptSigned(w.ctx, { ...mine, signature })).rejects.toThrow(/wallet|sign/i)
    expect(await rowsOf(2)).toHaveLength(before)
  })

  test('is there after a crash behind its storing, and was not there before', async () => {
    const approval = await signed(3)
    const before = (await rowsOf(3)).length
    await expect(acceptSigned(crashing('approval.accept.before'), approval)).rejects.toThrow('crashed')
    expect(await rowsOf(3)).toHaveLength(before)
    await expect(acceptSigned(crashing('approval.accept.after'), approval)).rejects.toThrow('crashed')
    expect(await newest(3)).toMatchObject({ state: 'accepted' })
    await relayApprovals(w)
    expect(await newest(3)).toMatchObject({ state: 'counted', weight: parseEther('400').toString() })
  })

  test.each(['relay.claim', 'relay.nonce', 'relay.sign', 'relay.store', 'relay.send.before', 'relay.send.after'])(
    'is counted once although the relayer crashed at %s',
    async (at) => {
      await acceptSigned(w.ctx, await signed(1))
      // The list gets its number first, so that the crash is the approval's own.
      await approvalsJob.run(w.ctx, { daoId: w.daoId })
      await settleNow(w)
      await expect(approvalsJob.run(crashing(at), { daoId: w.daoId })).rejects.toThrow('crashed')
      await settleNow(w)
      await relayApprovals(w)
      await settleNow(w)
      expect(await newest(1)).toMatchObject({ state: 'counted' })
      expect(await approvalsOf(w, spell.address)).toBe(parseEther('200'))
    },
  )

  test('goes out once although two relayers run at once', async () => {
    for (const voter of [1, 2, 3]) await acceptSigned(w.ctx, await signed(voter))
    await approvalsJob.run(w.ctx, { daoId: w.daoId })
    await settleNow(w)
    const run = () => approvalsJob.run(w.ctx, { daoId: w.daoId })
    await Promise.all([run(), run(), run()])
    await settleNow(w)
    const rows = await Promise.all([1, 2, 3].map(newest))
    expect(rows.map(({ state }) => state)).toEqual(['counted', 'counted', 'counted'])
    expect(new Set(rows.map(({ intent_id }) => intent_id)).size).toBe(1)
    expect(await approvalsOf(w, spell.address)).toBe(parseEther('900'))
  })

  test('that a reorg took back is told, and the same bytes count again', async () => {
    await acceptSigned(w.ctx, await signed(2))
    await relayApprovals(w)
    const before = await newest(2)
    expect(before.state).toBe('counted')
    await w.chain.rpc('evm_setAutomine', [false])
    await w.chain.rpc('anvil_reorg', [1, []])
    expect(await approvalsOf(w, spell.address)).toBe(0n)
    await settleNow(w)
    expect(await newest(2)).toMatchObject({ state: 'batched', tx_hash: null })
    expect(await toldTo(2)).toContain('signed → sent')
    await w.chain.rpc('evm_mine')
    await settleNow(w)
    expect(await newest(2)).toMatchObject({ state: 'counted', tx_hash: before.tx_hash })
    expect(await approvalsOf(w, spell.address)).toBe(parseEther('300'))
  })

  test('of weight that was freed meanwhile is refused in words', async () => {
    await acceptSigned(w.ctx, await signed(0))
    await doLine(w, 0, 'free all')
    await relayApprovals(w)
    expect(await newest(0)).toMatchObject({ state: 'refused', reason_code: 'unlocked' })
    expect(await toldTo(0)).toContain('nothing locked any more')
    expect(plain(await say(w, 0, 'approve none'))).toContain('none of your wallets has locked NOMIC')
  })
})
