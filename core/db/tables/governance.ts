import type { ColumnType, Generated, Selectable } from 'kysely'
import type { GovernorKindName } from '../../governance/types.ts'

type Created = ColumnType<Date, Date | string | undefined, never>

export type GovernanceTables = {
  /** A DAO that is watched: one governor contract. `slug` heads the short refs (`ens-42`). */
  dao: {
    id: Generated<string>
    slug: string
    name: string
    chain_id: number
    address: string
    kind: GovernorKindName
    token: string | null
    timelock: string | null
    /** 'timestamp' or 'blocknumber' (ERC-6372). */
    clock: 'timestamp' | 'blocknumber'
    /** EIP-712 domain name and version of the contract that counts. */
    domain_name: string
    domain_version: string
    /** What the probe found: what will work and what will not, in words. */
    probe: ColumnType<unknown, string, string>
    from_block: string
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
    eta: string | null
    /** Newest tally read from the contract, weights as decimals in token base units. */
    against: Generated<string>
    in_favour: Generated<string>
    abstain: Generated<string>
    quorum: string | null
    tally_block: string | null
    /** True once the state was read at a final block. */
    final: Generated<boolean>
    block_number: string
    block_hash: string
    tx_hash: string
    /** History found while a DAO is added is known but not announced. */
    announced: Generated<boolean>
    orphaned_at: Date | null
    created_at: Created
  }
  /** A counted vote as the contract logged it; the chain is the truth, this is a cache that can be rebuilt. */
  vote: {
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

export type DaoRow = Selectable<GovernanceTables['dao']>
export type ProposalRow = Selectable<GovernanceTables['proposal']>
export type VoteRow = Selectable<GovernanceTables['vote']>
