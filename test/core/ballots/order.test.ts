import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { acceptBallot } from '../../../core/ballots/accept.ts'
import { ballotKind } from '../../../core/ballots/ballot-kind.ts'
import { relayWaiting } from '../../../core/relay/engine.ts'
import { UserError } from '../../../core/errors.ts'
import type { Support } from '../../../core/voting/support.ts'
import {
  ballotWorld,
  openPage,
  openProposal,
  sign,
  tallyOf,
  type BallotWorld,
  settleNow,
} from '../../support/ballots.ts'

let w: BallotWorld
beforeAll(async () => {
  w = await ballotWorld({
    changeOfMind: true,
    settings: { RELAY_VOTER_BALLOTS: '10000', RELAY_DAILY_GAS: '1000000000000' },
  })
})
afterAll(() => w.stop())

type Step =
  | { type: 'submit'; voter: number; support: Support; copies: number }
  | { type: 'again'; nth: number }
  | { type: 'relay' | 'settle' | 'both' }

const steps = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        type: fc.constant('submit' as const),
        voter: fc.integer({ min: 0, max: 2 }),
        support: fc.constantFrom<Support>(0, 1, 2),
        // None: it is signed and kept back, and may come later.
        copies: fc.integer({ min: 0, max: 3 }),
      }),
    },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('again' as const), nth: fc.nat({ max: 20 }) }) },
    {
      weight: 3,
      arbitrary: fc.record({ type: fc.constantFrom('relay' as const, 'settle' as const, 'both' as const) }),
    },
  ),
  { minLength: 3, maxLength: 14 },
)

const weights = [100n, 200n, 300n].map((tokens) => tokens * 10n ** 18n)

test(
  'in any order and with any repetition, one vote of each voter counts: the newest that was accepted',
  { timeout: 120_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (plan) => {
        const { accepted, tally, states } = await play(plan)
        const expected = { against: 0n, for: 0n, abstain: 0n }
        for (const [voter, { support }] of accepted)
          expected[(['against', 'for', 'abstain'] as const)[support]] += weights[voter] ?? 0n
        expect(tally).toEqual(expected)
        const live = states.filter(({ state }) => state === 'counted' || state === 'final')
        expect(live.map(({ id }) => id).sort()).toEqual([...accepted.values()].map(({ id }) => id).sort())
        expect(states.every(({ state }) => ['counted', 'final', 'superseded'].includes(state))).toBe(true)
      }),
      { numRuns: 20, endOnFailure: true },
    )
  },
)

type Ballot = { draft: string; address: string; signature: string; voter: number; support: Support }

async function play(plan: readonly Step[]) {
  const proposal = await openProposal(w, 'auto')
  const sent: Ballot[] = []
  const accepted = new Map<number, { id: string; support: Support }>()
  const known = new Set<string>()
  const relay = () => relayWaiting(w.ctx, ballotKind, { daoId: w.daoIds.auto })
  const submit = async (ballot: Ballot): Promise<void> => {
    try {
      const { id } = await acceptBallot(w.ctx, ballot)
      if (!known.has(id)) accepted.set(ballot.voter, { id, support: ballot.support })
      known.add(id)
    } catch (error) {
      // Refused is never counted; anything else is a fault of ours.
      if (!(error instanceof UserError)) throw error
    }
  }
  for (const step of plan) {
    if (step.type === 'submit') {
      const { voter, support } = step
      const wallet = w.voters[voter]!
      const draft = await openPage(w, w.people[voter]!, { ref: proposal.ref, support }).catch(() => undefined)
      if (!draft) continue
      const ballot = { draft, address: wallet.address, signature: await sign(w, draft, wallet), voter, support }
      sent.push(ballot)
      await Promise.all(Array.from({ length: step.copies }, () => submit(ballot)))
    } else if (step.type === 'again') {
      const ballot = sent[step.nth % Math.max(1, sent.length)]
      if (ballot) await submit(ballot)
    } else if (step.type === 'both') await Promise.all([relay(), relay(), settleNow(w)])
    else if (step.type === 'relay') await relay()
    else await settleNow(w)
  }
  await relay()
  await settleNow(w)
  const states = await w.ctx.db
    .selectFrom('ballot')
    .select(['id', 'state'])
    .where('proposal_id', '=', proposal.id)
    .execute()
  return { accepted, tally: await tallyOf(w, proposal), states }
}
