import { decodeEventLog, type Address, type Hex, type PublicClient } from 'viem'
import { ballotsOf, signerOf, titleOf, type Ballot, type Domain } from './ballots.ts'
import { governorAbi, tokenAbi, type Evidence, type RawLog } from './chain.ts'

export type Tally = { against: bigint; inFavour: bigint; abstain: bigint }
/** `where` names a block, transaction and log, or a row, so that a person can look. */
export type Finding = { where: string; what: string }
export type Recount = {
  tally: Tally
  votes: Map<Address, { support: number; weight: bigint }>
  ballots: number
  direct: number
  findings: Finding[]
}

type Decoded = { log: RawLog; eventName: string; args: Record<string, unknown> }
type Seats = Map<number, { account: Address; since: bigint }>

/**
 * Counts a proposal again from what the chain holds: ballots in calldata, seats and votes in logs, stakes by
 * `getPastVotes` at the snapshot. It shares no code with the relayer, so both are wrong alike only by chance.
 */
export async function recount(client: PublicClient, evidence: Evidence, proposalId: bigint): Promise<Recount> {
  const events = evidence.logs.flatMap(decode).sort(byPlace)
  const findings: Finding[] = []
  const created = events.find((event) => event.eventName === 'ProposalCreated' && event.args.proposalId === proposalId)
  if (!created)
    return {
      tally: { against: 0n, inFavour: 0n, abstain: 0n },
      votes: new Map(),
      ballots: 0,
      direct: 0,
      findings: [{ where: evidence.governor, what: 'no ProposalCreated log of this proposal' }],
    }
  const snapshot = created.args.voteStart as bigint
  const weigh = weigher(
    client,
    await client.readContract({ abi: governorAbi, address: evidence.governor, functionName: 'token' }),
    snapshot,
  )
  const times = await seatTimes(client, events)
  const expect = await ballotReader(client, evidence, proposalId, created.args.description as string)

  const votes: Recount['votes'] = new Map()
  const marks = new Map<number, number>()
  const seats: Seats = new Map()
  const announced = batchVoters(events, proposalId, times)
  let ballots = 0
  let direct = 0
  for (const event of events) {
    applySeat(seats, event, times)
    if (event.args.proposalId !== proposalId) continue
    const where = place(event.log)
    if (event.eventName === 'BallotsCounted') {
      const signed = await expect(event.log.transactionHash)
      for (const record of records(event.args.records as Hex)) {
        ballots += 1
        const seat = seats.get(record.seat)
        const ballot = signed?.find((entry) => entry.seat === record.seat && entry.mark === record.mark)
        if (!seat) findings.push({ where, what: `seat ${record.seat} was never taken` })
        else if (seat.since > snapshot)
          findings.push({ where, what: `seat ${record.seat} was taken after the snapshot` })
        if (signed && !ballot)
          findings.push({
            where,
            what: `the transaction carries no ballot of seat ${record.seat} with mark ${record.mark}`,
          })
        if (ballot && seat && ballot.signer !== seat.account)
          findings.push({ where, what: `the ballot of seat ${record.seat} is not signed by ${seat.account}` })
        const account = seat?.account ?? (`0x${record.seat.toString(16).padStart(40, '0')}` as Address)
        const weight = seat ? await weigh(account) : 0n
        if (weight !== record.weight)
          findings.push({
            where,
            what: `seat ${record.seat} (${account}) weighs ${weight} at the snapshot, the log says ${record.weight}`,
          })
        const before = marks.get(record.seat) ?? 0
        if (record.mark >> 4 <= before >> 4)
          findings.push({
            where,
            what: `seat ${record.seat} counted again with sequence ${record.mark >> 4} after ${before >> 4}`,
          })
        marks.set(record.seat, record.mark)
        votes.set(account, { support: (record.mark & 15) - 1, weight })
      }
    } else if (event.eventName === 'VoteCast' || event.eventName === 'VoteCastWithParams') {
      const account = event.args.voter as Address
      if (announced.get(event.log.transactionHash)?.has(account)) continue
      direct += 1
      const weight = await weigh(account)
      if (weight !== event.args.weight)
        findings.push({
          where,
          what: `${account} weighs ${weight} at the snapshot, the log says ${String(event.args.weight)}`,
        })
      const earlier = votes.has(account)
      const reduced = events.some(
        (other) =>
          other.eventName === 'VoteReduced' && other.args.voter === account && other.args.proposalId === proposalId,
      )
      if (earlier && !reduced) findings.push({ where, what: `${account} voted a second time` })
      votes.set(account, { support: Number(event.args.support), weight })
    }
  }
  return { tally: sum(votes), votes, ballots, direct, findings }
}

function sum(votes: Recount['votes']): Tally {
  const of = (support: number): bigint =>
    [...votes.values()].reduce((total, vote) => (vote.support === support ? total + vote.weight : total), 0n)
  return { against: of(0), inFavour: of(1), abstain: of(2) }
}

function decode(log: RawLog): Decoded[] {
  try {
    const { eventName, args } = decodeEventLog({
      abi: governorAbi,
      topics: log.topics as [Hex, ...Hex[]],
      data: log.data,
    })
    return [{ log, eventName, args: args as Record<string, unknown> }]
  } catch {
    return []
  }
}

const byPlace = (a: Decoded, b: Decoded): number =>
  Number(BigInt(a.log.blockNumber) - BigInt(b.log.blockNumber)) ||
  Number(BigInt(a.log.logIndex) - BigInt(b.log.logIndex))
const place = (log: RawLog): string =>
  `block ${BigInt(log.blockNumber)}, transaction ${log.transactionHash}, log ${BigInt(log.logIndex)}`

function records(packed: Hex): { seat: number; mark: number; weight: bigint }[] {
  const bytes = Buffer.from(packed.slice(2), 'hex')
  return Array.from({ length: Math.floor(bytes.length / 17) }, (_, index) => {
    const at = index * 17
    return {
      seat: bytes.readUInt32BE(at),
      mark: bytes.readUInt8(at + 4),
      weight: BigInt(`0x${bytes.subarray(at + 5, at + 17).toString('hex')}`),
    }
  })
}

function weigher(client: PublicClient, token: Address, snapshot: bigint): (account: Address) => Promise<bigint> {
  const known = new Map<Address, Promise<bigint>>()
  return (account) => {
    const found =
      known.get(account) ??
      client.readContract({ abi: tokenAbi, address: token, functionName: 'getPastVotes', args: [account, snapshot] })
    known.set(account, found)
    return found
  }
}

/** A seat's time is that of the block which took it. */
async function seatTimes(client: PublicClient, events: Decoded[]): Promise<Map<Hex, bigint>> {
  const times = new Map<Hex, bigint>()
  for (const { log, eventName } of events) {
    if (eventName !== 'SeatTaken' || times.has(log.blockHash)) continue
    times.set(log.blockHash, (await client.getBlock({ blockNumber: BigInt(log.blockNumber) })).timestamp)
  }
  return times
}

/** Seats change hands, so who sits where is followed in the order of the logs. */
function applySeat(seats: Seats, { log, eventName, args }: Decoded, times: Map<Hex, bigint>): void {
  if (eventName === 'SeatTaken')
    seats.set(Number(args.seat), { account: args.account as Address, since: times.get(log.blockHash) ?? 0n })
  if (eventName === 'SeatVacated') seats.delete(Number(args.seat))
}

type Signed = Ballot & { signer: Address | undefined }

async function ballotReader(
  client: PublicClient,
  evidence: Evidence,
  proposalId: bigint,
  description: string,
): Promise<(hash: Hex) => Promise<Signed[] | undefined>> {
  const governor = { abi: governorAbi, address: evidence.governor } as const
  const isAutoDao = await client.readContract({ ...governor, functionName: 'autoDaoVersion' }).then(
    () => true,
    () => false,
  )
  if (!isAutoDao) return async () => undefined
  const [[, name, version, chainId, verifyingContract], titleHash] = await Promise.all([
    client.readContract({ ...governor, functionName: 'eip712Domain' }),
    client.readContract({ ...governor, functionName: 'titleHash', args: [proposalId] }),
  ])
  const domain: Domain = { name, version, chainId: Number(chainId), verifyingContract }
  const title = titleOf(description, titleHash)
  return async (hash) => {
    const batch = ballotsOf((await client.getTransaction({ hash })).input)
    if (!batch || batch.proposalId !== proposalId || title === undefined) return undefined
    return Promise.all(
      batch.ballots.map(async (ballot) => ({
        ...ballot,
        signer: await signerOf(ballot, { domain, proposalId, title }),
      })),
    )
  }
}

/** A batch also announces each vote as `VoteCast`, for Governor front ends: who, by transaction. */
function batchVoters(events: Decoded[], proposalId: bigint, times: Map<Hex, bigint>): Map<Hex, Set<Address>> {
  const seats: Seats = new Map()
  const found = new Map<Hex, Set<Address>>()
  for (const event of events) {
    const { log, eventName, args } = event
    applySeat(seats, event, times)
    if (eventName !== 'BallotsCounted' || args.proposalId !== proposalId) continue
    const voters = found.get(log.transactionHash) ?? new Set()
    for (const { seat } of records(args.records as Hex)) {
      const account = seats.get(seat)?.account
      if (account) voters.add(account)
    }
    found.set(log.transactionHash, voters)
  }
  return found
}
