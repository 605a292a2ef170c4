import { parseEther } from 'viem'
import { supports } from '../../core/voting/support.ts'
import { openTab } from '../replay/client.ts'
import { openHouses } from '../replay/houses.ts'
import type { VotePlan } from '../replay/plan.ts'
import { openRecords } from '../replay/records.ts'
import { waitForSeats } from '../replay/seats.ts'
import { startServer } from '../replay/server.ts'
import { openStage, proposeAll, waitForOpen } from '../replay/stage.ts'
import { linkVoters, sendBallot, signBallot } from '../replay/voter.ts'
import { inParallel } from '../replay/wait.ts'

const voters = 50
const channel = 'bench'
/** At once: one tab alone, then a crowd. */
const crowds = [1, 8]

/** How long `npm start` takes to accept a signed ballot: checked, dry-run, stored, answered. */
export async function run(): Promise<object> {
  const server = await startServer(process.env)
  const records = openRecords(server.databaseUrl, channel)
  try {
    const stage = await openStage(server)
    const tab = openTab(server.url)
    const holdings = Array.from({ length: voters }, () => parseEther('1'))
    const votes = crowds.map((crowd) => planOf(crowd))
    const houses = await openHouses(stage, {
      server,
      tab,
      channel,
      houses: [{ name: 'Bench', holdings, votes, rule: '' }],
    })
    const people = await linkVoters(server.url, { count: voters, channel, width: 8 })
    await waitForSeats(stage, houses)
    const proposals = await proposeAll(stage, houses)
    const cards = await records.cards(proposals)
    await waitForOpen(stage, proposals)
    const figures: Record<string, object> = {}
    for (const [index, crowd] of crowds.entries()) {
      const ref = cards[index]?.ref ?? ''
      const signed = await inParallel(people, 8, (voter, at) =>
        signBallot(tab, { voter, channel, ref, support: supports[at % supports.length]!.support }),
      )
      const from = performance.now()
      const times = await inParallel(signed, crowd, async (ballot) => {
        const sent = performance.now()
        await sendBallot(tab, ballot)
        return performance.now() - sent
      })
      const seconds = (performance.now() - from) / 1_000
      figures[`${crowd} at once`] = figuresOf(times, seconds)
    }
    console.table(figures)
    return figures
  } finally {
    await records.close()
    await server.stop()
  }
}

function planOf(crowd: number): VotePlan {
  const matter = {
    source: 'bench',
    house: 'Bench',
    title: `Accept ballots, ${crowd} at once`,
    body: 'The club pays for the bench.',
    said: [],
    result: undefined,
  }
  return { matter, ballots: [], expected: [0n, 0n, 0n] }
}

function figuresOf(times: readonly number[], seconds: number): Record<string, number> {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number): number => Math.round(sorted[Math.floor(sorted.length * share)] ?? 0)
  return {
    ballots: times.length,
    p50: at(0.5),
    p95: at(0.95),
    max: at(0.999),
    perSecond: Math.round(times.length / seconds),
  }
}
