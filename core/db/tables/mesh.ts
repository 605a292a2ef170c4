import type { ColumnType, Generated, Selectable } from 'kysely'

type Json = ColumnType<unknown, string, string>
type Created = ColumnType<Date, Date | string | undefined, never>
type When = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>

export type MeshTables = {
  /** A DAO that takes part in a Global DAO, by the number that it has there. */
  mesh_dao: {
    /** The Global DAO. */
    dao_id: string
    number: number
    /** What acts for it and is paid, in lower case: its timelock. */
    account: string
    executive: string | null
    name: string
    /** `[{ id, points }]` */
    domains: Json
  }
  /** What work is about; `id` is the bytes32 of the contract. */
  mesh_domain: { dao_id: string; id: string; name: string; parent: string | null }
  /** What challenges may pay in. */
  mesh_token: { dao_id: string; token: string; unit: string }
  challenge: {
    id: Generated<string>
    /** The Global DAO. */
    dao_id: string
    number: number
    /** `<slug>-<number>`; its tasks are `<slug>-<number>.<task>`, from 1. */
    ref: string
    /** In lower case. */
    address: string
    creator: string
    token: string
    title: string
    text: string
    /** What a solution has to do, in words. */
    requirements: Json
    goal: string
    /** `Terms` of `core/mesh/story.ts`. */
    terms: Json
    /** `ChallengeStory` of `core/mesh/story.ts`: how it stands by all that the contract logged. */
    story: Json
    tx_hash: string
    /** History is known and not announced. */
    announced: boolean
    /** A reorg took it back. */
    gone_at: When
    created_at: Created
  }
  /** Something that happened in a challenge, told in channels. */
  challenge_step: {
    challenge_id: string
    /** The same for the same step in another block, so that a reorg does not tell it twice. */
    key: string
    position: number
    /** The event and what it carries. */
    name: string
    args: Json
    /** In unix seconds, by the chain. */
    happened_at: string | null
    announced: boolean
    gone_at: When
    noticed_at: Created
  }
  /** What time alone has decided and the relayer has carried out, so that it does so once. */
  challenge_duty: { challenge_id: string; key: string; intent_id: string; created_at: Created }
  /** What somebody committed to and has not shown yet: only the commitment is on the chain. */
  sealed_work: {
    challenge_id: string
    commitment: string
    /** From 0, as the contract counts. */
    task: number
    kind: 'delivery' | 'rating'
    /** Of a rating, in lower case. */
    reviewer: string | null
    /** By its number; 0 is a sponsor. */
    dao: number
    /** What it says, with the salt, sealed by `core/seal.ts`. */
    sealed: string
    /** The private conversation that is told when it is to be shown; none where that is done in one go. */
    platform: string | null
    channel: string | null
    created_at: Created
  }
}

export type MeshDaoRow = Selectable<MeshTables['mesh_dao']>
export type MeshDomainRow = Selectable<MeshTables['mesh_domain']>
export type ChallengeRow = Selectable<MeshTables['challenge']>
export type ChallengeStepRow = Selectable<MeshTables['challenge_step']>
