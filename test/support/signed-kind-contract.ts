import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Context } from '../../core/context.ts'
import { heal } from '../../core/relay/jobs/heal.ts'
import { isUrgent, warnOfDelay } from '../../core/relay/deadline.ts'
import { relayWaiting } from '../../core/relay/engine.ts'
import { signedIn, type SignedKind, type SignedRow } from '../../core/relay/signed.ts'
import { finalise, settleNow, withRpc, type BallotWorld } from './ballots.ts'

export type SignedWorld = {
  w: BallotWorld
  kind: SignedKind<never, never>
  daoId: string
  /** Something new to sign for; before every test. */
  fresh(): Promise<void>
  /** Signs as this voter what `fresh` made, and gives it to AutoCo in this context; answers when it is stored. */
  sign(voter: number): Promise<(ctx: Context) => Promise<unknown>>
  /** What anybody can send without AutoCo: a transaction by somebody else. */
  sendAlone(row: SignedRow): Promise<void>
  /** Seconds from the opening to the close, where the contract closes. */
  closesAfter?: number
  /** What the voter is told in private by now. */
  told(voter: number, row: SignedRow): Promise<string>
}

/** What every kind of signed message does without a line of its own. */
export function signedKindContract(name: string, setUp: () => Promise<SignedWorld>): void {
  describe(`a ${name} that a wallet signed`, () => {
    let s: SignedWorld
    beforeAll(async () => {
      s = await setUp()
    })
    afterAll(() => s.w.stop())
    beforeEach(async () => {
      await s.w.chain.rpc('evm_setAutomine', [true])
      await s.w.chain.rpc('evm_mine')
      await s.fresh()
    })

    const kind = () => s.kind as unknown as SignedKind<SignedRow, unknown>
    const newest = async (voter: number): Promise<SignedRow> =>
      (await signedIn(s.w.ctx.db)
        .selectFrom(s.kind.table)
        .selectAll()
        .where('voter', '=', s.w.voters[voter]!.address)
        .orderBy('accepted_at', 'desc')
        .limit(1)
        .executeTakeFirstOrThrow()) as SignedRow
    const accept = async (voter: number): Promise<SignedRow> => {
      await (
        await s.sign(voter)
      )(s.w.ctx)
      return await newest(voter)
    }
    const relay = async (ctx: Context = s.w.ctx): Promise<void> => relayWaiting(ctx, kind(), { daoId: s.daoId })
    /** What is etched or prepared first is there at the second look. */
    const relayAll = async (): Promise<void> => {
      for (let looks = 0; looks < 2; looks += 1) {
        await relay()
        await settleNow(s.w)
      }
    }
    const crashing = (at: string): Context => ({
      ...s.w.ctx,
      crash: (point) => {
        if (point === at) throw new Error(`crashed at ${at}`)
      },
    })
    const later = (ms: number): Context => ({ ...s.w.ctx, now: () => s.w.ctx.now() + ms })

    test('is acknowledged when it is stored, and not before', async () => {
      const give = await s.sign(1)
      const count = async () => (await signedIn(s.w.ctx.db).selectFrom(s.kind.table).select('id').execute()).length
      const before = await count()
      await expect(give(crashing(`${s.kind.name}.accept.before`))).rejects.toThrow('crashed')
      expect(await count()).toBe(before)
      await expect(give(crashing(`${s.kind.name}.accept.after`))).rejects.toThrow('crashed')
      expect(await newest(1)).toMatchObject({ state: 'accepted', intent_id: null })
    })

    test('goes out once although three relayers run at once', async () => {
      // What other tests left waiting is out of the way.
      await relayAll()
      await accept(2)
      if (s.kind.prepare) {
        // What it waits for is made first, so that the race is the message's own.
        await relay()
        await settleNow(s.w)
      }
      expect(await newest(2)).toMatchObject({ state: 'accepted', intent_id: null })
      const sent = async () =>
        (await s.w.ctx.db.selectFrom('intent').select('id').where('purpose', '=', s.kind.purpose).execute()).length
      const before = await sent()
      await Promise.all([relay(), relay(), relay()])
      expect(await sent()).toBe(before + 1)
      await settleNow(s.w)
      expect(await newest(2)).toMatchObject({ state: 'counted' })
    })

    test('whose job was lost is brought forward by the rows alone', async () => {
      await accept(1)
      await heal(later(3_600_000))
      await settleNow(s.w)
      await heal(later(3_600_000))
      await settleNow(s.w)
      expect(await newest(1)).toMatchObject({ state: 'counted' })
    })

    test('that somebody else sent is counted, and final when its block is', async () => {
      const row = await accept(3)
      await s.sendAlone(row)
      await relayAll()
      await finalise(s.w)
      expect(await newest(3)).toMatchObject({ state: 'final', intent_id: null })
      expect((await newest(3)).final_at).not.toBeNull()
    })

    test('that somebody else sent is counted also where the node keeps no past states', async () => {
      const row = await accept(1)
      await s.sendAlone(row)
      const forgetful = withRpc(s.w, (method, forward, params) => {
        const [, block = 'latest'] = (params ?? []) as [unknown?, string?]
        if (method === 'eth_call' && block.startsWith('0x')) throw new Error('missing trie node')
        return forward()
      })
      await relay(forgetful)
      await settleNow({ ...s.w, ctx: forgetful })
      expect(await newest(1)).toMatchObject({ state: 'counted' })
    })

    test('is final when the block that counted it is, and a reorg before takes it back', async () => {
      await accept(2)
      await relayAll()
      const before = await newest(2)
      expect(before.state).toBe('counted')
      await s.w.chain.rpc('evm_setAutomine', [false])
      await s.w.chain.rpc('anvil_reorg', [1, []])
      await settleNow(s.w)
      expect(await newest(2)).toMatchObject({ state: 'batched', tx_hash: null })
      await s.w.chain.rpc('evm_mine')
      await settleNow(s.w)
      expect(await newest(2)).toMatchObject({ state: 'counted', tx_hash: before.tx_hash })
      await s.w.chain.rpc('evm_setAutomine', [true])
      await finalise(s.w)
      expect(await newest(2)).toMatchObject({ state: 'final' })
    })

    test('is urgent near the close, and its voter is warned when it is stuck', async () => {
      if (s.closesAfter === undefined) {
        // Nothing closes by the clock here, so nothing is ever urgent.
        await accept(1)
        await warnOfDelay(later(3_600_000))
        expect(await s.told(1, await newest(1))).not.toContain('To be safe')
        return
      }
      await accept(1)
      await s.w.chain.rpc('evm_setAutomine', [false])
      await relay()
      const sent = await newest(1)
      expect(sent.state).toBe('batched')
      const intent = { id: sent.intent_id ?? '', purpose: s.kind.purpose }
      expect(await isUrgent(s.w.ctx, intent)).toBe(false)
      await s.w.chain.rpc('evm_increaseTime', [s.closesAfter - 300])
      await s.w.chain.rpc('anvil_dropAllTransactions')
      await s.w.chain.rpc('evm_mine')
      expect(await isUrgent(s.w.ctx, intent)).toBe(true)
      await warnOfDelay(later(300_000))
      expect(await s.told(1, sent)).toContain('To be safe')
    })
  })
}
