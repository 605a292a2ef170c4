import type { Address } from 'viem'
import type { Context } from '../context.ts'
import type { Probe } from '../governance/probe.ts'
import type { Header } from '../chain/header.ts'

declare module '../context.ts' {
  interface Kinds {
    daos: readonly DaoKind[]
  }
}

/**
 * A kind of DAO whose decisions are taken in contracts of its own, and not through a governor. What those say is heard by
 * their projections (`contracts`).
 */
export type DaoKind = {
  /** As `dao.kind` has it. */
  name: string
  /** Asks a contract whether it is the heart of such a DAO; undefined when it is something else. */
  probe(ctx: Pick<Context, 'chain'>, address: Address): Promise<Probe | undefined>
  /** Has those DAOs looked at whose time has come by the chain's own clock. After each look at the chain. */
  wake?(ctx: Pick<Context, 'db' | 'chain' | 'queue'>, head: Header): Promise<void>
}
