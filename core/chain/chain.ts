import type { Address, LocalAccount, PublicClient } from 'viem'

/** The contracts AutoCo itself brings, by address on this chain. */
export type Addresses = {
  autoIds: Address
  multicall: Address
  autoDaoFactory?: Address
  nomic?: Address
  polls?: Address
  globalDao?: Address
  chief?: Address
  shutdown?: Address
  pause?: Address
  spellFactory?: Address
}

/** One chain: where DAOs live and where the relayer sends. */
export type Chain = {
  id: number
  name: string
  /** The RPC's address; may hold a key, so it never appears in a log or an error. */
  url: string
  client: PublicClient
  addresses: Addresses
  /** The relayer's key; it pays gas and has no other power. Undefined: AutoCo only listens here. */
  relayer: LocalAccount | undefined
  /** Blocks after which a block is final where the chain has no moving `finalized` tag. */
  finalityDepth: number
  /** `https://…/tx/` style prefix, or undefined. */
  explorerUrl: string | undefined
}
