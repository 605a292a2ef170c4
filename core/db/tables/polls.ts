import type { ColumnType, Generated, Selectable } from 'kysely'

export type PollKind = 'single' | 'approval' | 'ranked'

/** What more than half is of, where it is asked for: all who chose, or those who still have an option in a run-off. */
export type Majority = 'none' | 'participating' | 'active'

export type Verdict = 'elected' | 'no votes' | 'too few votes' | 'tie' | 'no majority'

type Json = ColumnType<unknown, string, string>
type Created = ColumnType<Date, Date | string | undefined, never>
type When = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>

export type PollTables = {
  /** A ballot paper: polls with the same times, answered with one signature. */
  paper: {
    dao_id: string
    number: number
    /** Unix seconds: answers are taken after it. */
    opens: string
    /** The last second in which answers are taken. */
    closes: string
    /** The votes at the close count, instead of those at the opening. */
    is_at_close: boolean
    is_weighed: Generated<boolean>
    /** Chain time of the last look; null before the first. */
    checked_at: ColumnType<string | null, string | null | undefined, string | null>
    block_number: ColumnType<string | null, string | null | undefined, string | null>
  }
  poll: {
    id: Generated<string>
    dao_id: string
    /** The contract's number: `ref` is `<slug>-p<number>`. */
    number: number
    ref: string
    paper: number
    author: string
    kind: PollKind
    majority: Majority
    /** Votes without which nothing is elected. */
    minimum: string
    /** The option that wins when none is elected, from 1; 0 for none. */
    fallback: number
    title: string
    body: string
    /** keccak256 of the text as it is in the log. */
    body_hash: string
    multihash: string
    /** Labels as they are signed. */
    options: Json
    state: ColumnType<PollState, PollState | undefined, PollState>
    /** By option; of a ranked poll first choices. */
    votes: ColumnType<unknown, string | undefined, string>
    participating: Generated<string>
    abstained: Generated<string>
    /** Of a ranked poll, votes by option in each round. */
    rounds: ColumnType<unknown, string | null | undefined, string | null>
    /** From 1; 0 for none. */
    winner: Generated<number>
    verdict: ColumnType<Verdict | null, Verdict | null | undefined, Verdict | null>
    is_withdrawn: ColumnType<boolean, boolean | undefined, boolean>
    /** Found while the DAO was added: known, not announced. */
    is_history: boolean
    /** When it was first seen to be final. */
    closed_at: When
    block_number: string
    tx_hash: string
    orphaned_at: When
    created_at: Created
  }
  /** A page on which somebody answers the polls of a paper. */
  paper_page: {
    /** SHA-256 of the secret in the page's address. */
    id: string
    platform: string
    workspace: string
    user_id: string
    dao_id: string
    paper: number
    /** What was typed: the answer of a poll, `{ [number]: answer }`. */
    answers: Json
    expires_at: ColumnType<Date, Date | string, never>
  }
  /** A paper that a wallet signed: a ballot, kept and sent as one. */
  paper_ballot: {
    /** EIP-712 digest. */
    id: string
    dao_id: string
    paper: number
    voter: string
    seat: number
    /** The newest one of a seat counts. */
    sequence: number
    /** Sequence and answers, as the contract keeps them; hexadecimal. */
    mark: string
    signer: 'key' | 'contract'
    signature: string
    state: ColumnType<PaperBallotState, PaperBallotState, PaperBallotState>
    reason_code: PaperRefusal | null
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

/** upcoming → open → weighing (only where the votes at the close count) → closed; or withdrawn before the opening. */
export type PollState = 'upcoming' | 'open' | 'weighing' | 'closed' | 'withdrawn'
export type PaperBallotState = 'accepted' | 'batched' | 'counted' | 'final' | 'refused' | 'superseded'
export type PaperRefusal = 'stale' | 'seat' | 'signature' | 'weight' | 'live' | 'closed' | 'unknown'

export type PaperRow = Selectable<PollTables['paper']>
export type PollRow = Selectable<PollTables['poll']>
export type PaperPageRow = Selectable<PollTables['paper_page']>
export type PaperBallotRow = Selectable<PollTables['paper_ballot']>
