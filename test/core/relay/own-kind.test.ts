import { sql } from 'kysely'
import { z } from 'zod'
import { hashTypedData, type Address, type Hex } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { UserError } from '../../../core/errors.ts'
import { declareJob } from '../../../core/job.ts'
import { acceptSigned } from '../../../core/relay/accept.ts'
import { relayWaiting } from '../../../core/relay/engine.ts'
import { countedHere, signedIn, tryAgain, type SignedKind, type SignedRow } from '../../../core/relay/signed.ts'
import { finalise, settleNow, type BallotWorld, ballotWorld } from '../../support/ballots.ts'

let w: BallotWorld
beforeAll(async () => {
  w = await ballotWorld()
  await sql`
    create table wave (
      id text primary key, dao_id bigint not null, voter text not null, round integer not null, signer text not null,
      signature text not null, state text not null, reason_code text, tries smallint not null, intent_id bigint,
      block_number numeric, block_hash text, tx_hash text, accepted_at timestamptz not null, final_at timestamptz
    )`.execute(w.ctx.db)
  w.ctx.kinds = { ...w.ctx.kinds, signed: [...w.ctx.kinds.signed, wave] }
})
afterAll(() => w.stop())

type Wave = SignedRow & { dao_id: string; round: number }

/** All that it takes: one object and a table, outside the tree. */
const wave: SignedKind<Wave, { to: Address }> = {
  name: 'wave',
  plural: 'waves',
  table: 'wave',
  purpose: 'wave' as never,
  job: declareJob('relay', z.object({ daoId: z.string() })),
  jobKey: (daoId) => `wave/${daoId}`,
  daoId: sql<string>`wave.dao_id`,
  slot: { columns: ['dao_id', 'voter'], order: 'round' },
  isReplaceable: () => true,
  lots: (_ctx, { rows }) => Promise.resolve([{ on: { to: w.voters[4]!.address }, rows }]),
  sendsContractsAlone: false,
  dryRun: () => Promise.resolve(new Map()),
  encode: (_ctx, { on, rows }) => [{ to: on.to, data: '0x', ids: rows.map(({ id }) => id) }],
  reconcile: (_ctx, { rows, receipt }) =>
    Promise.resolve(
      new Map(
        rows.map((row) => [
          row.id,
          receipt ? countedHere(receipt) : tryAgain(row, { isTry: false, receipt, code: 'unknown' }),
        ]),
      ),
    ),
  undone: { state: 'batched', tx_hash: null },
  refusal: (code) => new UserError(`This wave does not count: ${code}.`, { code }),
  show: () => Promise.resolve(),
  tellsReplaced: false,
}

async function give(round: number): Promise<Hex> {
  const voter = w.voters[0]!
  const typedData = {
    domain: { name: 'Waves', chainId: w.ctx.chain.id },
    types: { Wave: [{ name: 'round', type: 'uint256' }] },
    primaryType: 'Wave',
    message: { round: BigInt(round) },
  } as const
  const digest = hashTypedData(typedData)
  await acceptSigned(
    w.ctx,
    wave,
    {
      id: digest,
      digest,
      voter: voter.address,
      daoId: w.daoIds.auto,
      on: { to: voter.address },
      columns: { dao_id: w.daoIds.auto, round },
      gas: () => 40_000n,
      lock: `wave/${voter.address}`,
    },
    await voter.signTypedData(typedData),
  )
  return digest
}

const rows = async () =>
  (
    await signedIn(w.ctx.db)
      .selectFrom('wave')
      .select(['id', 'state'])
      .orderBy('round' as never)
      .execute()
  ).map(({ id, state }) => ({ id, state }))

test('a kind of signed message that nobody knows is stored, replaced, relayed, counted and final', async () => {
  const first = await give(1)
  expect(await give(1)).toBe(first)
  const second = await give(2)
  expect(await rows()).toEqual([
    { id: first, state: 'superseded' },
    { id: second, state: 'accepted' },
  ])
  await expect(give(1)).rejects.toThrow('This wave does not count: stale.')
  await relayWaiting(w.ctx, wave, { daoId: w.daoIds.auto })
  await settleNow(w)
  expect((await rows())[1]).toEqual({ id: second, state: 'counted' })
  await finalise(w)
  expect((await rows())[1]).toEqual({ id: second, state: 'final' })
})
