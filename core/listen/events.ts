import { concat, decodeAbiParameters, keccak256, parseAbiParameters, slice, toEventSelector, type Hex } from 'viem'

/** A log as it is stored and applied. */
export type ChainLog = {
  blockHash: Hex
  blockNumber: bigint
  index: number
  address: string
  tx: Hex
  topics: Hex[]
  data: Hex
}

type On<Name extends string, T = object> = { name: Name; proposalId: bigint } & T
/** What a Governor says of a proposal's life. Texts are as they came, byte by byte: they need not be UTF-8. */
export type GovernorEvent =
  | On<
      'ProposalCreated',
      {
        proposer: string
        targets: readonly string[]
        values: readonly bigint[]
        calldatas: readonly Hex[]
        snapshot: bigint
        deadline: bigint
        description: Hex
      }
    >
  | On<'VoteCast', { voter: string; support: number; weight: bigint; reason: Hex }>
  | On<'Changed'>

// Strings are read as bytes: they are encoded alike, and a contract does not check what it is given.
const created = parseAbiParameters('uint256, address, address[], uint256[], bytes[], bytes[], uint256, uint256, bytes')
const vote = parseAbiParameters('uint256, uint8, uint256, bytes')
const voteWithParams = parseAbiParameters('uint256, uint8, uint256, bytes, bytes')
const first = parseAbiParameters('uint256')
const account = parseAbiParameters('address')

type Decode = (log: Pick<ChainLog, 'topics' | 'data'>) => GovernorEvent
/** How the proposal stands now is asked of the contract, so that it happened is all that is needed. */
const changed = ({ data }: Pick<ChainLog, 'data'>): GovernorEvent => ({
  name: 'Changed',
  proposalId: decodeAbiParameters(first, data)[0],
})

/** By signature; to hear of another event, add it here. */
const decoders: Record<string, Decode> = {
  'ProposalCreated(uint256,address,address[],uint256[],string[],bytes[],uint256,uint256,string)': ({ data }) => {
    const [proposalId, proposer, targets, values, signatures, calldatas, snapshot, deadline, description] =
      decodeAbiParameters(created, data)
    return {
      name: 'ProposalCreated',
      proposalId,
      proposer,
      targets,
      values,
      calldatas: calldatas.map((arguments_, at) => callOf(signatures[at], arguments_)),
      snapshot,
      deadline,
      description,
    }
  },
  'VoteCast(address,uint256,uint8,uint256,string)': ({ topics, data }) => {
    const [proposalId, support, weight, reason] = decodeAbiParameters(vote, data)
    return { name: 'VoteCast', proposalId, voter: addressIn(topics[1]), support, weight, reason }
  },
  'VoteCastWithParams(address,uint256,uint8,uint256,string,bytes)': ({ topics, data }) => {
    const [proposalId, support, weight, reason] = decodeAbiParameters(voteWithParams, data)
    return { name: 'VoteCast', proposalId, voter: addressIn(topics[1]), support, weight, reason }
  },
  'VoteReduced(address,uint256,uint8,uint256)': changed,
  'ProposalQueued(uint256,uint256)': changed,
  'ProposalExecuted(uint256)': changed,
  'ProposalCanceled(uint256)': changed,
  'ProposalExtended(uint256,uint64)': ({ topics: [, id = '0x'] }) => changed({ data: id }),
}

const byTopic = new Map(Object.entries(decoders).map(([signature, decode]) => [toEventSelector(signature), decode]))

/** What is heard of governors. */
export const topics: readonly Hex[] = [...byTopic.keys()]

/** Undefined for a log that is not what its topic says: a stranger's contract may emit anything. */
export function eventOf(log: Pick<ChainLog, 'topics' | 'data'>): GovernorEvent | undefined {
  try {
    return byTopic.get(log.topics[0] ?? '0x')?.(log)
  } catch {
    return undefined
  }
}

/** Compound's form keeps the function's signature apart from its arguments. */
const callOf = (signature: Hex = '0x', data: Hex): Hex =>
  signature === '0x' ? data : concat([slice(keccak256(signature), 0, 4), data])

const addressIn = (topic: Hex = '0x'): string => decodeAbiParameters(account, topic)[0]
