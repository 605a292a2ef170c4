import { encodeAbiParameters, keccak256, stringToHex, type Hex, type PublicClient } from 'viem'
import { governorAbi, type Governor } from './chain.ts'
import { tallyOf, weigher, type Counting, type Figures, type Finding, type Tally, type Vote } from './counting.ts'
import { eventsOf, placeOf, type Event, type Evidence } from './evidence.ts'
import { applySeat } from './seats.ts'
import { titleOf } from './title.ts'
import { judgeTransaction } from './transaction.ts'

/** The tally as it stood after a block. */
export type Step = { block: bigint; tally: Tally }
export type Recount = Figures & {
  tally: Tally
  /** The block that created the proposal. */
  since: bigint
  votes: ReadonlyMap<string, Vote>
  logged: ReadonlySet<string>
  steps: Step[]
  findings: Finding[]
}

/**
 * Counts a proposal again from what the chain holds: ballots in calldata, seats and votes in logs, stakes by
 * `getPastVotes` at the snapshot. It shares no code with the relayer, so both are wrong alike only by chance.
 */
export async function recount(client: PublicClient, governor: Governor, evidence: Evidence): Promise<Recount> {
  const proposalId = BigInt(evidence.proposalId)
  const events = eventsOf(evidence.logs)
  const created = events.find((event) => event.eventName === 'ProposalCreated')
  const snapshot = created ? (created.args.voteStart as bigint) : 0n
  const counting: Counting = {
    client,
    governor,
    evidence,
    proposalId,
    snapshot,
    title: created ? titleOf(created.args.description as string).title : '',
    weigh: weigher(client, governor, snapshot),
    seats: new Map(),
    marks: new Map(),
    votes: new Map(),
    logged: new Set(),
    findings: [],
    figures: { ballots: 0, signed: 0, direct: 0, unseen: 0 },
  }
  const steps: Step[] = []
  if (!created) {
    const where = `governor ${governor.address}`
    counting.findings.push({ where, what: `the ProposalCreated log of ${proposalId} is missing` })
  } else {
    counting.findings.push(...(await judgeText(counting, created)))
    // All stakes are asked for at once; the count then finds them answered.
    const voters = events.flatMap(({ args }) => (typeof args.voter === 'string' ? [args.voter as Hex] : []))
    await Promise.all(voters.map((voter) => counting.weigh(voter)))
    await countAll(counting, events, steps)
  }
  const { votes, logged, findings, figures } = counting
  const since = BigInt(created?.log.blockNumber ?? 0)
  return { ...figures, tally: tallyOf(votes.values()), since, votes, logged, steps, findings }
}

async function countAll(counting: Counting, events: readonly Event[], steps: Step[]): Promise<void> {
  const { evidence, findings } = counting
  const byTransaction = Map.groupBy(
    events.filter((event) => event.eventName.startsWith('Vote') || event.eventName === 'BallotsCounted'),
    (event) => event.log.transactionHash,
  )
  for (const hash of Object.keys(evidence.transactions))
    if (!byTransaction.has(hash as Hex)) findings.push({ where: `transaction ${hash}`, what: 'its logs are missing' })
  for (const event of events) {
    applySeat(counting.seats, event, evidence.times)
    const hash = event.log.transactionHash
    const group = byTransaction.get(hash)
    if (!group?.includes(event)) continue
    byTransaction.delete(hash)
    await judgeTransaction(counting, hash, group)
    const block = BigInt(event.log.blockNumber)
    if (steps.at(-1)?.block === block) steps.pop()
    steps.push({ block, tally: tallyOf(counting.votes.values()) })
  }
}

/** Our own DAO binds the text: the id is made of it, and ballots name the title. */
async function judgeText({ client, governor, proposalId }: Counting, { log, args }: Event): Promise<Finding[]> {
  if (!governor.isAutoDao) return []
  const findings: Finding[] = []
  const description = args.description as string
  const id = keccak256(
    encodeAbiParameters(
      [{ type: 'address[]' }, { type: 'uint256[]' }, { type: 'bytes[]' }, { type: 'bytes32' }],
      [args.targets as Hex[], args.values as bigint[], args.calldatas as Hex[], keccak256(stringToHex(description))],
    ),
  )
  if (BigInt(id) !== proposalId)
    findings.push({ where: placeOf(log), what: 'text or calls are not those that the proposal’s id was made of' })
  const held = await client.readContract({
    abi: governorAbi,
    address: governor.address,
    functionName: 'titleHash',
    args: [proposalId],
  })
  if (held !== titleOf(description).hash)
    findings.push({ where: placeOf(log), what: 'the title is not the one that the contract puts into ballots' })
  return findings
}
