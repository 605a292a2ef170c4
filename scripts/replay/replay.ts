import { z } from 'zod'
import { openTab, type Tab } from './client.ts'
import type { NotExpressed } from './matter.ts'
import { readBatches, readTally, waitForCount } from './outcome.ts'
import type { Plan } from './plan.ts'
import { openRecords, type Card, type Claims } from './records.ts'
import { waitForSeats } from './seats.ts'
import type { Server } from './server.ts'
import type { Sums } from './shares.ts'
import { openHouses } from './houses.ts'
import { openStage, proposeAll, waitForOpen, type Proposed, type Stage } from './stage.ts'
import { linkVoters, newPerson, sendBallot, signBallot, type Voter } from './voter.ts'
import { inParallel } from './wait.ts'

export type Row = Claims & {
  ref: string
  title: string
  source: string
  ballots: number
  counted: number
  expected: Sums
  tally: Sums
  equal: boolean
}
export type Replay = {
  rows: Row[]
  batches: number
  gas: bigint
  ballots: number
  notExpressed: NotExpressed[]
  seconds: Record<string, number>
}

const channel = 'replay'
const width = 12

/** Takes every matter through the whole path: DAO, watching, linking, proposing, talking, voting, counting. */
export async function replay(server: Server, plan: Plan, say: (words: string) => void): Promise<Replay> {
  const seconds: Record<string, number> = {}
  const step = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const from = performance.now()
    const result = await work()
    seconds[name] = Math.round((performance.now() - from) / 100) / 10
    say(`${name}: ${seconds[name]} s`)
    return result
  }
  const stage = await openStage(server)
  const tab = openTab(server.url)
  const records = openRecords(server.databaseUrl, channel)
  try {
    const houses = await step('DAOs made and watched', () =>
      openHouses(stage, { server, tab, channel, houses: plan.houses }),
    )
    const voters = await step(`${plan.voters} voters linked`, () =>
      linkVoters(server.url, { count: plan.voters, channel, width }),
    )
    await step('Auto IDs registered, seats taken', () => waitForSeats(stage, houses))
    const proposals = await step('proposals made', () => proposeAll(stage, houses))
    const cards = await step('cards shown', () => records.cards(proposals))
    await step('discussions held', () => discuss(tab, proposals, cards))
    await step('voting open', () => waitForOpen(stage, proposals))
    await step('ballots signed and accepted', () => vote(tab, { proposals, cards, voters }))
    await step('all counted', () => waitForCount(stage, proposals))
    const discussed = new Set(cards.filter((_, index) => hasTalk(proposals[index])).map(({ id }) => id))
    const claims = await step('summaries on the cards', () => records.claims(cards, discussed))
    return { ...(await judge(stage, { proposals, cards, claims })), notExpressed: plan.notExpressed, seconds }
  } finally {
    await records.close()
  }
}

const hasTalk = (proposal: Proposed | undefined): boolean => (proposal?.matter.said.length ?? 0) > 0

/** What was said on the forum is said in the thread of the card, by people of the same names. */
async function discuss(tab: Tab, proposals: readonly Proposed[], cards: readonly Card[]): Promise<void> {
  const people = new Map<string, string>()
  for (const [index, { matter }] of proposals.entries()) {
    for (const { author, text } of matter.said) {
      const person = people.get(author) ?? (await newPerson(tab, author.slice(0, 40)))
      people.set(author, person)
      const said = { person, channel, thread: cards[index]?.messageId, text: text.trim().slice(0, 4_000) }
      await tab.post('/api/play/say', said, z.object({ id: z.string() }))
    }
  }
}

async function vote(
  tab: Tab,
  { proposals, cards, voters }: { proposals: readonly Proposed[]; cards: readonly Card[]; voters: readonly Voter[] },
): Promise<void> {
  const ballots = proposals.flatMap((proposal, index) =>
    proposal.ballots.map(({ voter, support }) => ({
      ref: cards[index]?.ref ?? '',
      support,
      voter: voters[voter] as Voter,
    })),
  )
  await inParallel(ballots, width, async (ballot) => sendBallot(tab, await signBallot(tab, { ...ballot, channel })))
}

async function judge(
  stage: Stage,
  params: { proposals: readonly Proposed[]; cards: readonly Card[]; claims: readonly Claims[] },
): Promise<Omit<Replay, 'notExpressed' | 'seconds'>> {
  const { proposals, cards, claims } = params
  const { transactions, ballotsOf } = await readBatches(stage, [...new Set(proposals.map(({ dao }) => dao))])
  const rows = await inParallel(proposals, width, async (proposal, index): Promise<Row> => {
    const { matter, expected, ballots, onchainId } = proposal
    const tally = await readTally(stage, proposal)
    return {
      ref: cards[index]?.ref ?? '',
      title: matter.title,
      source: matter.source,
      ...(claims[index] ?? { shown: 0, dropped: 0, label: '' }),
      ballots: ballots.length,
      counted: ballotsOf.get(onchainId) ?? 0,
      expected,
      tally,
      equal: tally.every((sum, support) => sum === expected[support]),
    }
  })
  const spent = [...transactions.values()]
  return {
    rows,
    batches: spent.length,
    gas: spent.reduce((sum, { gas }) => sum + gas, 0n),
    ballots: spent.reduce((sum, { ballots }) => sum + ballots, 0),
  }
}
