import type { ColumnType, Generated, Selectable } from 'kysely'

type Json = ColumnType<unknown, string, string>
type Created = ColumnType<Date, Date | string | undefined, never>
type When = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>

export type NomicTables = {
  /** How the chief and the pause of a Nomic DAO stood when they were last asked. */
  chief: {
    dao_id: string
    /** In lower case, as all addresses of these tables; the zero address before the first lift. */
    hat: string
    hat_approvals: string
    live: boolean
    launch_threshold: string
    /** What stands on nobody. */
    launch_approvals: string
    floor: string
    /** Seconds. */
    cool_down: number
    lifted_at: string
    /** Of the pause, in seconds. */
    delay: number
    /** All NOMIC that is locked. */
    locked: string
    /** After the emergency shutdown nothing is executed any more. */
    is_shut: boolean
    block_number: string
    /** Chain time, in unix seconds. */
    checked_at: string
    /** When time alone may change something: then it is asked again. */
    due_at: string | null
  }
  spell: {
    id: Generated<string>
    dao_id: string
    /** Number within the DAO: `ref` is `<slug>-s<number>`. */
    number: number
    ref: string
    address: string
    /** `calls` and `drop` were made by the factory from a text; of a `foreign` one only its title is known. */
    kind: 'calls' | 'drop' | 'foreign'
    author: string | null
    /** What its author had locked when it was last looked at: who has nothing at stake is not announced. */
    author_locked: Generated<string>
    title: string
    text: string
    text_hash: string
    /** `[{ target, value, data }]` */
    calls: Json
    /** The plan that it drops. */
    drops: string | null
    /** Unix seconds. */
    expiration: string
    office_hours: boolean
    state: ColumnType<SpellState, SpellState | undefined, SpellState>
    stage: ColumnType<SpellStage | null, SpellStage | null | undefined, SpellStage | null>
    approvals: Generated<string>
    eta: string | null
    /** The earliest time at which it can be cast. */
    next_cast: string | null
    announced: Generated<boolean>
    /** Found while the DAO was added: known, not announced. */
    is_history: boolean
    /** Chain time; null before the first look. */
    checked_at: string | null
    block_number: string
    tx_hash: string | null
    orphaned_at: When
    created_at: Created
  }
  /** A step of a spell's life, at the time of the chain; the first time counts. */
  spell_event: { spell_id: string; event: SpellEvent; happened_at: Date; noticed_at: Created }
  /** What waits in the pause, or did. */
  plan: {
    dao_id: string
    id: string
    /** The spell that plotted it. */
    hat: string
    action: string
    call: string
    code_hash: string
    eta: string
    state: 'plotted' | 'executed' | 'dropped'
    block_number: string
    tx_hash: string
  }
  /** An approval that a wallet signed: a ballot, kept and sent as one. */
  approval: {
    /** EIP-712 digest. */
    id: string
    dao_id: string
    voter: string
    seat: number
    /** The newest one of a seat counts. */
    sequence: number
    /** Addresses in ascending order. */
    spells: Json
    signer: 'key' | 'contract'
    signature: string
    state: ColumnType<ApprovalState, ApprovalState, ApprovalState>
    reason_code: ApprovalRefusal | null
    tries: Generated<number>
    /** The page on which it was signed, whose message follows it. */
    action_id: string | null
    step: number | null
    intent_id: string | null
    weight: string | null
    block_number: string | null
    block_hash: string | null
    tx_hash: string | null
    accepted_at: Created
    final_at: When
  }
}

/** open → hat (it holds the hat) → plotted → cast; or dropped, expired, missed (nobody cast it in time), dead (the DAO is shut down). */
export type SpellState = 'open' | 'hat' | 'plotted' | 'cast' | 'dropped' | 'expired' | 'missed' | 'dead'
export type SpellStage = 'liftable' | 'castable'
export type SpellEvent = SpellStage | Exclude<SpellState, 'open'>
export type ApprovalState = 'accepted' | 'batched' | 'counted' | 'final' | 'refused' | 'superseded'
export type ApprovalRefusal = 'stale' | 'seat' | 'signature' | 'unlocked' | 'unknown'

export type ChiefRow = Selectable<NomicTables['chief']>
export type SpellRow = Selectable<NomicTables['spell']>
export type PlanRow = Selectable<NomicTables['plan']>
export type ApprovalRow = Selectable<NomicTables['approval']>
