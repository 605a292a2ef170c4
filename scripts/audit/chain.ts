import { createPublicClient, http, parseAbi, toEventSelector, type Address, type Hex, type PublicClient } from 'viem'

/** A log as JSON-RPC gives it, so that a saved copy and a live answer are the same thing. */
export type RawLog = {
  address: Address
  topics: Hex[]
  data: Hex
  blockNumber: Hex
  blockHash: Hex
  transactionHash: Hex
  logIndex: Hex
}

/** Everything the audit reads of one governor, from RPC alone. */
export type Evidence = { chainId: number; governor: Address; logs: RawLog[] }

export const governorAbi = parseAbi([
  'event ProposalCreated(uint256 proposalId, address proposer, address[] targets, uint256[] values, string[] signatures, bytes[] calldatas, uint256 voteStart, uint256 voteEnd, string description)',
  'event VoteCast(address indexed voter, uint256 proposalId, uint8 support, uint256 weight, string reason)',
  'event VoteCastWithParams(address indexed voter, uint256 proposalId, uint8 support, uint256 weight, string reason, bytes params)',
  'event VoteReduced(address indexed voter, uint256 proposalId, uint8 support, uint256 weight)',
  'event BallotsCounted(uint256 indexed proposalId, bytes records, bytes skipped)',
  'event SeatTaken(uint32 indexed seat, uint256 indexed autoId, address indexed account)',
  'event SeatVacated(uint32 indexed seat, uint256 indexed autoId)',
  'function castBallots(uint256 proposalId, bytes ballots) returns (uint256 counted)',
  'function proposalVotes(uint256 proposalId) view returns (uint256 againstVotes, uint256 forVotes, uint256 abstainVotes)',
  'function proposalSnapshot(uint256 proposalId) view returns (uint256)',
  'function titleHash(uint256 proposalId) view returns (bytes32)',
  'function token() view returns (address)',
  'function autoDaoVersion() view returns (string)',
  'function eip712Domain() view returns (bytes1, string name, string version, uint256 chainId, address verifyingContract, bytes32, uint256[])',
])

export const tokenAbi = parseAbi(['function getPastVotes(address account, uint256 timepoint) view returns (uint256)'])

const topics = governorAbi.filter((item) => item.type === 'event').map((event) => toEventSelector(event))

export const connect = (rpcUrl: string): PublicClient =>
  createPublicClient({ transport: http(rpcUrl, { batch: true }) })

/** All logs of the governor that the audit understands, read in ranges that shrink when the provider refuses. */
export async function readEvidence(
  client: PublicClient,
  params: { governor: Address; fromBlock?: bigint },
): Promise<Evidence> {
  const [chainId, head] = await Promise.all([client.getChainId(), client.getBlockNumber()])
  const logs: RawLog[] = []
  let span = 10_000n
  for (let from = params.fromBlock ?? 0n; from <= head;) {
    const to = from + span - 1n < head ? from + span - 1n : head
    try {
      const range = { address: params.governor, topics: [topics], fromBlock: hex(from), toBlock: hex(to) } as const
      logs.push(...((await client.request({ method: 'eth_getLogs', params: [range as never] })) as unknown as RawLog[]))
      from = to + 1n
    } catch (error) {
      if (span === 1n) throw error
      span = span / 2n || 1n
    }
  }
  return { chainId, governor: params.governor, logs }
}

const hex = (value: bigint): Hex => `0x${value.toString(16)}`
