import type { Address } from 'viem'
import type { Deployed } from './deploy.ts'
import type { WorldDao } from './propose.ts'

/** Where things are on the embedded chain. */
export type WorldFacts = {
  sourceHash: string
  contracts: Deployed
  auto: WorldDao
  harbor: WorldDao
  /** Accounts of anvil that vote by themselves. */
  chorus: readonly Address[]
}
