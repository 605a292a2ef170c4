import type { ColumnType, Generated, Insertable, Selectable } from 'kysely'

type Created = ColumnType<Date, Date | string | undefined, never>

type WalletProof = 'eoa' | 'erc1271' | 'erc6492'

export type IdentityTables = {
  /** A person is what their accounts and wallets have in common; it has no name and no data of its own. */
  person: { id: Generated<string>; created_at: Created }
  /** A chat account that belongs to a person. */
  account: {
    platform: string
    workspace: string
    user_id: string
    name: string
    person_id: string
    proof: 'code' | 'oauth'
    linked_at: Created
  }
  /** A wallet that a person proved by SIWE. `verified` says how; contract wallets are verified again from time to time. */
  wallet: {
    address: string
    person_id: string
    chain_id: number
    verified: WalletProof
    block_number: string | null
    /** What a contract wallet agreed to, so that it can be asked again: `{ hash, signature }`. A key needs no second look. */
    proof: ColumnType<unknown, string | null | undefined, string | null>
    checked_at: ColumnType<Date, Date | string | undefined, Date | string>
    linked_at: Created
  }
  /** A one-use link ticket; only hashes of the ticket, the page's cookie and the typed-back code are kept. */
  ticket: {
    hash: string
    platform: string
    workspace: string
    user_id: string
    name: string
    channel: string
    expires_at: ColumnType<Date, Date | string, Date | string>
    cookie_hash: string | null
    opened_at: ColumnType<Date | null, Date | string | null, Date | string | null>
    address: string | null
    /** The EIP-4361 text as it was shown, and the nonce in it. */
    message: string | null
    nonce: string | null
    verified: WalletProof | null
    block_number: string | null
    proof: ColumnType<unknown, string | null | undefined, string | null>
    /** The Auto ID registration that was offered beside the link. */
    registration: ColumnType<unknown, string | null | undefined, string | null>
    signed_at: ColumnType<Date | null, Date | string | null, Date | string | null>
    code_hash: string | null
    code_tries: Generated<number>
    /** A login at the platform that this page has begun: the hash of its state, and its PKCE verifier. */
    login_state: ColumnType<string | null, string | null | undefined, string | null>
    login_verifier: ColumnType<string | null, string | null | undefined, string | null>
    /** When the platform itself said that this account is at this browser. */
    proved_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>
    used_at: ColumnType<Date | null, Date | string | null, Date | string | null>
    created_at: Created
  }
  /** An Auto ID registration that a wallet signed and the relayer sends. */
  registration: {
    digest: string
    chain_id: number
    controller: string
    payload: ColumnType<unknown, string, string>
    signature: string
    state: 'accepted' | 'sent' | 'registered' | 'failed'
    auto_id: string | null
    reason: string | null
    /** The transaction it was sent in. */
    intent_id: string | null
    created_at: Created
  }
  /** Who did what to an identity; never holds a secret. */
  audit: {
    id: Generated<string>
    at: Created
    person_id: string | null
    event: string
    detail: ColumnType<unknown, string, never>
  }
}

export type AccountRow = Selectable<IdentityTables['account']>
export type WalletRow = Selectable<IdentityTables['wallet']>
export type NewWallet = Insertable<IdentityTables['wallet']>
export type TicketRow = Selectable<IdentityTables['ticket']>
export type RegistrationRow = Selectable<IdentityTables['registration']>
