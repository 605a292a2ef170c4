import type { Abi, Hex } from 'viem'
import type { Context, Trx } from '../context.ts'
import type { PartRow } from '../db/tables/governance.ts'
import type { ChainLog } from './events.ts'

/** An event of a contract that is watched; `name` and `args` as its ABI says. */
export type PartEvent = { name: string; args: Record<string, unknown>; log: ChainLog; isHistory: boolean }

/**
 * How what one kind of contract logs becomes rows. A projection is of entities, such as the polls of a contract: the first
 * indexed argument of an event names the entity, or the contract itself is the only one.
 *
 * Whenever something happened to an entity, or was taken back by a reorg, it is projected anew from everything that stands
 * about it: so doing it twice changes nothing, and nothing has to be undone.
 */
export type Projection = {
  /** What a contract is in its DAO (`part.role`); no two projections share it. */
  role: string
  abi: Abi
  entities: 'by first topic' | 'one'
  /** Names of the events that `apply` wants to see; all of them when left out. The others only say that something happened. */
  reads?: readonly string[]
  /** In the transaction of the logs. `events` are all that stand of this entity, in the order of the chain; none when a reorg took it. */
  apply(
    ctx: Pick<Context, 'chain' | 'queue'>,
    trx: Trx,
    params: { part: PartRow; entity: Hex; events: PartEvent[] },
  ): Promise<void>
}

declare module '../context.ts' {
  interface Kinds {
    /** Every kind of contract that is heard, beside governors and tokens. */
    contracts: readonly Projection[]
  }
}
