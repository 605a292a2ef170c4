import type { Context, Trx } from './context.ts'
import type { AccountRow } from './db/tables/identity.ts'
import type { Channel } from './platform.ts'

declare module './context.ts' {
  interface Kinds {
    erase: readonly Eraser[]
    tidy: readonly Tidier[]
  }
}

/** Who asked to be forgotten: accounts and wallets, and the private conversations with the accounts. */
export type Leaving = {
  accounts: readonly Pick<AccountRow, 'platform' | 'workspace' | 'user_id'>[]
  conversations: readonly Channel[]
  wallets: readonly string[]
}

/** Takes a person out of one feature's tables, in the transaction in which all of them do. */
export type Eraser = (ctx: Pick<Context, 'queue'>, trx: Trx, who: Leaving) => Promise<void>

/** Lets go of what has had its use in one feature's tables; `before`: what was of use until then is of none any more. */
export type Tidier = (ctx: Pick<Context, 'db' | 'now'>, before: Date) => Promise<void>
