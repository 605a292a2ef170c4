import { parseEther } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findReceipt } from '../../../core/ballots/receipt.ts'
import {
  ballotRow,
  ballotWorld,
  cardText,
  cast,
  finalise,
  openProposal,
  relayAndSettle,
  tallyOf,
  type BallotWorld,
} from '../../support/ballots.ts'

let w: BallotWorld
beforeAll(async () => {
  w = await ballotWorld()
})
afterAll(() => w.stop())

describe.each(['auto', 'oz'] as const)('a vote in the %s DAO', (which) => {
  test('goes from the signature to finality, and its message says how far it is', async () => {
    const proposal = await openProposal(w, which)
    const id = await cast(w, 1, { ref: proposal.ref, support: 1 })
    expect(await cardText(w, id)).toContain('Signed. | It is stored')

    await relayAndSettle(w)
    const counted = await ballotRow(w, id)
    expect(counted).toMatchObject({ state: 'counted', final_at: null })
    expect(await cardText(w, id)).toContain(`Signed → sent → counted in block ${counted.block_number}.`)
    expect(await tallyOf(w, proposal)).toEqual({ against: 0n, for: parseEther('200'), abstain: 0n })

    await finalise(w)
    expect(await ballotRow(w, id)).toMatchObject({ state: 'final', block_number: counted.block_number })
    expect(await cardText(w, id)).toContain('→ final.')
    expect(await findReceipt(w.ctx, { id: id.slice(2, 10) })).toMatchObject({
      id,
      state: 'final',
      power: expect.stringContaining('200 '),
    })
  })

  test('may carry a reason, and goes out with others in one transaction', async () => {
    const proposal = await openProposal(w, which)
    const ids = [
      await cast(w, 0, { ref: proposal.ref, support: 0, reason: 'Too dear — «nein» 🙅' }),
      await cast(w, 1, { ref: proposal.ref, support: 1 }),
      await cast(w, 2, { ref: proposal.ref, support: 2, reason: 'No view' }),
    ]
    await relayAndSettle(w)
    const rows = await Promise.all(ids.map((id) => ballotRow(w, id)))
    expect(rows.map((row) => row.state)).toEqual(['counted', 'counted', 'counted'])
    expect(new Set(rows.map((row) => row.tx_hash)).size).toBe(1)
    expect(await tallyOf(w, proposal)).toEqual({
      against: parseEther('100'),
      for: parseEther('200'),
      abstain: parseEther('300'),
    })
  })
})
