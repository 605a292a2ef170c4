import { decodeEventLog, isAddressEqual, toEventSelector, type Address, type Hex, type PublicClient } from 'viem'
import { z } from 'zod'
import { governorAbi } from './chain.ts'

const hex = z.string().regex(/^0x[0-9a-f]*$/i) as unknown as z.ZodType<Hex>
const rawLog = z.object({
  address: hex,
  topics: z.array(hex),
  data: hex,
  blockNumber: hex,
  blockHash: hex,
  transactionHash: hex,
  logIndex: hex,
})
const transaction = z.object({ from: hex, to: hex.nullable(), input: hex })
const evidence = z.object({
  chainId: z.number().int(),
  governor: hex,
  proposalId: z.string().regex(/^\d+$/),
  /** The block that was the newest when the logs were read. */
  head: z.string().regex(/^\d+$/),
  logs: z.array(rawLog),
  /** The transactions that brought votes: they carry the signatures. */
  transactions: z.record(z.string(), transaction),
  /** Time of the blocks in which seats were taken, by block hash. */
  times: z.record(z.string(), z.string().regex(/^\d+$/)),
})

/** A log and a transaction as JSON-RPC gives them, so that a saved copy and a live answer are the same thing. */
export type RawLog = z.output<typeof rawLog>
export type RawTransaction = z.output<typeof transaction>
/** Everything that the votes of one proposal rest on. */
export type Evidence = z.output<typeof evidence>

export type Event = { log: RawLog; eventName: string; args: Record<string, unknown> }

const events = governorAbi.filter((item) => item.type === 'event')
const votes = new Set(['VoteCast', 'VoteCastWithParams', 'VoteReduced', 'BallotsCounted'])

/** Logs of the governor, and the transactions behind those of this proposal. */
export async function readEvidence(
  client: PublicClient,
  params: { governor: Address; proposalId: bigint; fromBlock: bigint },
): Promise<Evidence> {
  const [chainId, head] = await Promise.all([client.getChainId(), client.getBlockNumber()])
  const logs = await readLogs(client, { ...params, toBlock: head })
  const found = logs.flatMap(decode)
  const ours = found.filter((event) => votes.has(event.eventName) && event.args.proposalId === params.proposalId)
  const hashes = [...new Set(ours.map((event) => event.log.transactionHash))]
  const seated = new Map(
    found.filter((event) => event.eventName === 'SeatTaken').map(({ log }) => [log.blockHash, log.blockNumber]),
  )
  const [transactions, times] = await Promise.all([
    Promise.all(
      hashes.map(async (hash): Promise<[string, RawTransaction]> => {
        const { from, to, input } = await client.getTransaction({ hash })
        return [hash, { from, to, input }]
      }),
    ),
    Promise.all(
      [...seated].map(async ([hash, number]): Promise<[string, string]> => {
        const { timestamp } = await client.getBlock({ blockNumber: BigInt(number) })
        return [hash, timestamp.toString()]
      }),
    ),
  ])
  return {
    chainId,
    governor: params.governor,
    proposalId: params.proposalId.toString(),
    head: head.toString(),
    logs: logs.filter((log) => decode(log).some((event) => concerns(event, params.proposalId))),
    transactions: Object.fromEntries(transactions),
    times: Object.fromEntries(times),
  }
}

/** A saved copy; a sentence when it is not one, or not of this proposal. */
export function parseEvidence(text: string, asked: { governor: Address; proposalId: bigint }): Evidence | string {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return 'The copy of the logs is not JSON.'
  }
  const parsed = evidence.safeParse(json)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    return `The copy of the logs does not fit at ${issue?.path.join('.') || 'its top'}: ${issue?.message ?? 'wrong'}.`
  }
  const { governor, proposalId, logs } = parsed.data
  const isOurs = (address: Hex): boolean => isAddressEqual(address, asked.governor)
  if (!isOurs(governor) || !logs.every((log) => isOurs(log.address)))
    return `The copy holds logs of another contract than ${asked.governor}.`
  if (BigInt(proposalId) !== asked.proposalId) return 'The copy holds the logs of another proposal.'
  return parsed.data
}

/** In the order of the chain; what is no event of a governor is left out. */
export const eventsOf = (logs: readonly RawLog[]): Event[] =>
  logs
    .flatMap(decode)
    .toSorted(
      (a, b) =>
        Number(BigInt(a.log.blockNumber) - BigInt(b.log.blockNumber)) ||
        Number(BigInt(a.log.logIndex) - BigInt(b.log.logIndex)),
    )

export const placeOf = (log: RawLog): string =>
  `block ${BigInt(log.blockNumber)}, transaction ${log.transactionHash}, log ${BigInt(log.logIndex)}`

const concerns = ({ eventName, args }: Event, proposalId: bigint): boolean =>
  eventName.startsWith('Seat') || args.proposalId === proposalId

function decode(log: RawLog): Event[] {
  try {
    const topics = log.topics as [Hex, ...Hex[]]
    const { eventName, args } = decodeEventLog({ abi: events, topics, data: log.data })
    return [{ log, eventName, args }]
  } catch {
    return []
  }
}

/** Reads in spans that shrink when the provider refuses and grow again when it does not. */
async function readLogs(
  client: PublicClient,
  range: { governor: Address; proposalId: bigint; fromBlock: bigint; toBlock: bigint },
): Promise<RawLog[]> {
  const topics = events.map((event) => toEventSelector(event))
  const logs: RawLog[] = []
  let span = 10_000n
  for (let from = range.fromBlock; from <= range.toBlock;) {
    const last = from + span - 1n
    const to = last < range.toBlock ? last : range.toBlock
    try {
      logs.push(...(await getLogs(client, { address: range.governor, topics: [topics], from, to })))
      from = to + 1n
      if (span < 10_000n) span *= 2n
    } catch (error) {
      if (span === 1n) throw error
      span /= 2n
    }
  }
  return logs
}

async function getLogs(
  client: PublicClient,
  query: { address: Address; topics: Hex[][]; from: bigint; to: bigint },
): Promise<RawLog[]> {
  const toHex = (value: bigint): Hex => `0x${value.toString(16)}`
  const { address, topics, from, to } = query
  const answer = await client.request({
    method: 'eth_getLogs',
    params: [{ address, topics, fromBlock: toHex(from), toBlock: toHex(to) }],
  })
  return z.array(rawLog).parse(answer)
}
