import type { ColumnType, Generated, Selectable } from 'kysely'

/** The governor contracts AutoCo can listen to and vote through. */
export type GovernorKindName = 'autodao' | 'oz5' | 'oz4' | 'bravo'

type Created = ColumnType<Date, Date | string | undefined, never>

export type GovernanceTables = {
  /** A DAO that is watched: one governor contract, or the chief of a Nomic DAO, or a Global DAO. `slug` heads the short refs (`ens-42`). */
  dao: {
    id: Generated<string>
    slug: string
    name: string
    chain_id: number
    address: string
    /** A `GovernorKindName`, or the name of a `DaoKind`. */
    kind: string
    token: string | null
    timelock: string | null
    /** 'timestamp' or 'blocknumber' (ERC-6372). */
    clock: 'timestamp' | 'blocknumber'
    /** EIP-712 domain name and version of the contract that counts. */
    domain_name: string
    domain_version: string
    /** What the probe found: what will work and what will not, in words. */
    probe: ColumnType<unknown, string, string>
    /** The block of the contract's creation, as far as the node can tell. */
    from_block: string
    /** Proposals up to this block are history: known, not announced. */
    quiet_until: Generated<string>
    created_at: Created
  }
  /** A contract of a DAO that is no governor and is heard all the same; `core/listen/stories.ts` tells what of it. */
  part: {
    chain_id: number
    /** In lower case. */
    address: string
    dao_id: string
    role: string
    /** What it said up to this block is history. */
    quiet_until: string
    created_at: Created
  }
  /** A channel that hears of a DAO. */
  subscription: { dao_id: string; platform: string; channel: string; created_by: string; created_at: Created }
  proposal: {
    id: Generated<string>
    dao_id: string
    /** Number within the DAO: `ref` is `<slug>-<number>`. */
    number: number
    ref: string
    /** The governor's own proposal id, decimal. */
    onchain_id: string
    proposer: string
    title: string
    /** The description as the contract holds it. */
    description: string
    /** keccak256 of the description. */
    text_hash: string
    /** `[{ target, value, data, decoded? }]` */
    calls: ColumnType<unknown, string, string>
    /** In the governor's clock: unix seconds or block number. */
    snapshot: string
    deadline: string
    state: ColumnType<ProposalStateName, ProposalStateName, ProposalStateName>
    /** Where it is within its state, by chain time: the last stretch of voting, or queued and past its delay. */
    stage: ColumnType<ProposalStage | null, ProposalStage | null | undefined, ProposalStage | null>
    eta: string | null
    /** Newest tally read from the contract, weights as decimals in token base units. */
    against: Generated<string>
    in_favour: Generated<string>
    abstain: Generated<string>
    quorum: string | null
    /** The block at which the contract first said what stands here now. */
    tally_block: string | null
    /** True once voting is over and no reorg can change what stands here. */
    final: Generated<boolean>
    block_number: string
    block_hash: string
    tx_hash: string
    /** History found while a DAO is added is known but not announced. */
    announced: Generated<boolean>
    /** Something happened on chain since the contract was last asked. */
    stale: Generated<boolean>
    /** Chain time, in unix seconds, at which the contract was last asked. */
    checked_at: Generated<string>
    orphaned_at: Date | null
    created_at: Created
  }
  /** A counted vote as the contract logged it; the chain is the truth, this is a cache that can be rebuilt. */
  vote: VoteTable
  /** A view: the newest vote of each voter, so that a change of mind counts once. */
  counted_vote: VoteTable
}

type VoteTable = {
  proposal_id: string
  voter: string
  block_hash: string
  log_index: number
  block_number: string
  tx_hash: string
  /** 0 against, 1 for, 2 abstain (Governor). */
  support: number
  weight: string
  reason: string
  orphaned_at: Date | null
}

export type ProposalStateName =
  | 'pending'
  | 'active'
  | 'canceled'
  | 'defeated'
  | 'succeeded'
  | 'queued'
  | 'expired'
  | 'executed'

export type ProposalStage = 'ending' | 'ready'

export type PartRow = Selectable<GovernanceTables['part']>
export type DaoRow = Selectable<GovernanceTables['dao']>
export type ProposalRow = Selectable<GovernanceTables['proposal']>
