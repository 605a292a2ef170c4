import { createPublicClient, http, keccak256, parseAbi, stringToHex, type Address, type PublicClient } from 'viem'

/** What the audit knows of governors, written down anew: nothing here comes from AutoCo's own code. */
export const governorAbi = parseAbi([
  'event ProposalCreated(uint256 proposalId, address proposer, address[] targets, uint256[] values, string[] signatures, bytes[] calldatas, uint256 voteStart, uint256 voteEnd, string description)',
  'event VoteCast(address indexed voter, uint256 proposalId, uint8 support, uint256 weight, string reason)',
  'event VoteCastWithParams(address indexed voter, uint256 proposalId, uint8 support, uint256 weight, string reason, bytes params)',
  'event VoteReduced(address indexed voter, uint256 proposalId, uint8 support, uint256 weight)',
  'event BallotsCounted(uint256 indexed proposalId, bytes records, bytes skipped)',
  'event SeatTaken(uint32 indexed seat, uint256 indexed autoId, address indexed account)',
  'event SeatVacated(uint32 indexed seat, uint256 indexed autoId)',
  'function castBallots(uint256 proposalId, bytes ballots)',
  'function castBallot(uint256 proposalId, uint32 seat, uint8 mark, bytes32 reason, address signer, bytes signature)',
  'function castVote(uint256 proposalId, uint8 support) returns (uint256)',
  'function castVoteWithReason(uint256 proposalId, uint8 support, string reason) returns (uint256)',
  'function castVoteWithReasonAndParams(uint256 proposalId, uint8 support, string reason, bytes params) returns (uint256)',
  'function castVoteBySig(uint256 proposalId, uint8 support, address voter, bytes signature) returns (uint256)',
  'function castVoteWithReasonAndParamsBySig(uint256 proposalId, uint8 support, address voter, string reason, bytes params, bytes signature) returns (uint256)',
  'function proposalVotes(uint256 proposalId) view returns (uint256 againstVotes, uint256 forVotes, uint256 abstainVotes)',
  'function nonces(address owner) view returns (uint256)',
  'function nonces(address owner, uint192 key) view returns (uint256)',
  'function titleHash(uint256 proposalId) view returns (bytes32)',
  'function BALLOT_TYPEHASH() view returns (bytes32)',
  'function token() view returns (address)',
  'function autoIds() view returns (address)',
  'function autoDaoVersion() view returns (string)',
  'function eip712Domain() view returns (bytes1, string name, string version, uint256 chainId, address verifyingContract, bytes32, uint256[])',
])

export const tokenAbi = parseAbi(['function getPastVotes(address account, uint256 timepoint) view returns (uint256)'])

export const connect = (rpcUrl: string): PublicClient =>
  createPublicClient({ transport: http(rpcUrl, { batch: { batchSize: 100 } }), cacheTime: 0 })

export type Governor = {
  address: Address
  /** Only our own DAO has seats, packed ballots and nonces by proposal. */
  isAutoDao: boolean
  token: Address
  autoIds: Address | undefined
  domain: { name: string; version: string; chainId: number; verifyingContract: Address }
}

const olderBallot = keccak256(stringToHex('Ballot(uint256 proposalId,uint8 support)'))

/** Asks the contract what it is; a sentence when it is nothing that the audit can count. */
export async function readGovernor(client: PublicClient, address: Address): Promise<Governor | string> {
  const contract = { abi: governorAbi, address } as const
  if (!(await client.getCode({ address }))) return `There is no contract at ${address} on this chain.`
  const orNothing = <T>(answer: Promise<T>): Promise<T | undefined> => answer.catch(() => undefined)
  const [ballot, version, autoIds, token, domain] = await Promise.all([
    orNothing(client.readContract({ ...contract, functionName: 'BALLOT_TYPEHASH' })),
    orNothing(client.readContract({ ...contract, functionName: 'autoDaoVersion' })),
    orNothing(client.readContract({ ...contract, functionName: 'autoIds' })),
    orNothing(client.readContract({ ...contract, functionName: 'token' })),
    orNothing(client.readContract({ ...contract, functionName: 'eip712Domain' })),
  ])
  if (ballot === olderBallot)
    return `The Governor at ${address} takes signed votes of the older form (OpenZeppelin 4, Compound Bravo), which I cannot count yet.`
  if (!token || !domain) return `The contract at ${address} is no Governor that I can count (OpenZeppelin 5, AutoDao).`
  const [, name, domainVersion, chainId, verifyingContract] = domain
  return {
    address,
    isAutoDao: version !== undefined,
    token,
    autoIds,
    domain: { name, version: domainVersion, chainId: Number(chainId), verifyingContract },
  }
}
