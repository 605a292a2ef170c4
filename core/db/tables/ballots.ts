import type { ColumnType, Generated, Selectable } from 'kysely'

/** Why a contract would not count a ballot; `core/ballots/refusal.ts` has the words. */
export type RefusalCode =
  | 'closed'
  | 'voted'
  | 'stale'
  | 'no-seat'
  | 'signature'
  | 'no-weight'
  | 'auto-id'
  | 'late'
  | 'contract-wallet'
  | 'unknown'

type Created = ColumnType<Date, Date | string | undefined, never>
type When = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>

export type BallotTables = {
  /** What was put before a person to sign: the typed data is made here, so client and server cannot disagree. */
  draft: {
    /** Random 128-bit id in the page's address; it carries no authority, the signature does. Kept as a hash. */
    hash: string
    proposal_id: string
    support: number
    reason: string
    platform: string
    workspace: string
    user_id: string
    channel: string
    /** By wallet, how it would vote as it was last shown: `{ form, seat, nonce }`. */
    offers: ColumnType<unknown, string | undefined, string>
    expires_at: ColumnType<Date, Date | string, Date | string>
    /** The ballot that came of it. */
    ballot_id: string | null
    created_at: Created
  }
  ballot: {
    /** By what was signed, 0x-hex (`ballotId`): the same ballot twice is the same row. */
    id: string
    proposal_id: string
    voter: string
    support: number
    reason: string
    /** How it is cast: by seat through `castBallots`, or by the governor's `castVoteBySig`. */
    form: 'seat' | 'sig'
    /** A key signed it, or a contract answers for it (ERC-1271). */
    signer: 'key' | 'contract'
    seat: number | null
    /** Sequence (seat form) or nonce (sig form), decimal. */
    nonce: string
    typed_data: ColumnType<unknown, string, string>
    signature: string
    weight: string
    state: ColumnType<BallotState, BallotState, BallotState>
    /** Why it was refused: a `RefusalCode`; `core/ballots/refusal.ts` has the words. */
    reason_code: RefusalCode | null
    /** Transactions that were mined and did not count it although the contract had said yes. */
    tries: Generated<number>
    intent_id: string | null
    /** What counted it; after a reorg the block stays here until it is counted again. */
    block_number: string | null
    block_hash: string | null
    tx_hash: string | null
    /** In the governor's clock. */
    deadline: string
    /** The chat message that shows its progress. */
    platform: string | null
    channel: string | null
    accepted_at: Created
    final_at: When
  }
  /** One transaction the relayer means to make; its nonce never changes owner. */
  intent: {
    id: Generated<string>
    /** `<chain id>:<relayer address>` */
    lane: string
    nonce: number
    purpose: 'ballots' | 'enrol' | 'register' | 'delegate' | 'action' | 'challenge' | 'approvals' | 'papers' | 'noop'
    dao_id: string | null
    to: string
    data: string
    gas: string
    state: ColumnType<
      'open' | 'mined' | 'final' | 'elsewhere',
      'open' | 'mined' | 'final' | 'elsewhere',
      'open' | 'mined' | 'final' | 'elsewhere'
    >
    block_number: string | null
    block_hash: string | null
    gas_used: string | null
    created_at: Created
  }
  /** Signed bytes, stored before they are sent; the same bytes may be sent again at any time. */
  attempt: {
    hash: string
    intent_id: string
    raw: string
    max_fee: string
    tip: string
    first_sent_at: When
    created_at: Created
  }
  /** Gas spent and ballots taken, per DAO or voter and day: refused before accepting, never after. */
  budget: { scope: string; day: string; used: string }
  /** A gasless delegation that a holder signed (ERC20Votes `delegateBySig`). */
  delegation: {
    id: string
    token: string
    delegator: string
    delegatee: string
    nonce: string
    expiry: string
    signature: string
    state: 'accepted' | 'sent' | 'done' | 'failed'
    intent_id: string | null
    created_at: Created
  }
}

/** accepted → batched → counted → final; or refused, superseded (a newer ballot), voted_elsewhere (the wallet itself). */
export type BallotState = 'accepted' | 'batched' | 'counted' | 'final' | 'refused' | 'superseded' | 'voted_elsewhere'

export type BallotRow = Selectable<BallotTables['ballot']>
export type DraftRow = Selectable<BallotTables['draft']>
export type IntentRow = Selectable<BallotTables['intent']>
export type AttemptRow = Selectable<BallotTables['attempt']>
