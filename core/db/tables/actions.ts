import type { ColumnType, Generated, Selectable } from 'kysely'

type Json = ColumnType<unknown, string, string>
type Created = ColumnType<Date, Date | string | undefined, never>

export type ActionTables = {
  /** What somebody asked for in chat and one of their wallets has to do on a page, in one or more steps. */
  action: {
    /** SHA-256 of the secret in the page's address. */
    id: string
    /** The wallet that does it. */
    wallet: string
    /** The private conversation that follows it. */
    platform: string
    workspace: string
    user_id: string
    channel: string
    title: string
    about: string
    /** `[{ label, value }]`, what it comes to in words. */
    rows: Json
    /** `[{ label, run }]`, what to do when it is done. */
    next: Json
    expires_at: ColumnType<Date, Date | string, Date | string>
    created_at: Created
  }
  action_step: {
    action_id: string
    /** From 0; a step waits for the one before it. */
    number: number
    /** `send`: the wallet sends a transaction itself. `sign`: it signs typed data, and the relayer sends. `relay`: anybody may send it, so the relayer does. */
    kind: StepKind
    label: string
    /** The wallet of this step, where it is another one than the action's. */
    signer: string | null
    to: string
    /** Calldata; of a signed step only once it is signed. What no transaction carries by itself is the signature alone. */
    data: string | null
    /** In wei. */
    value: Generated<string>
    typed_data: ColumnType<unknown, string | null, string | null>
    /** `{ abi, args }`: the call that carries the signature; null when a later step's does. */
    relay: ColumnType<unknown, string | null, string | null>
    state: ColumnType<ActionState, ActionState | undefined, ActionState>
    /** Why it is open again, or failed, in words. */
    reason: string | null
    intent_id: string | null
    tx_hash: string | null
    block_number: string | null
    /** Sent together with others of its kind, which look after it: `approvals`, `papers`. */
    batch: ColumnType<'approvals' | 'papers' | null, 'approvals' | 'papers' | null | undefined, never>
    sent_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>
  }
}

/** open → accepted (signed) → sent → done; or failed, or replaced by a newer one. What the wallet sends itself goes from open to sent. */
export type ActionState = 'open' | 'accepted' | 'sent' | 'done' | 'failed' | 'replaced'
export type StepKind = 'send' | 'sign' | 'relay'

export type ActionRow = Selectable<ActionTables['action']>
export type ActionStepRow = Selectable<ActionTables['action_step']>
