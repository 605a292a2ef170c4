import type { Address, LocalAccount, PublicClient } from 'viem'
import type { z } from 'zod'

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

type Question<T> = {
  name: string
  /** The fixed part first and the strangers' part last: what never changes can be cached by the server. */
  system: string
  user: string
  schema: z.ZodType<T>
  maxTokens: number
  /** Words for the second try after an answer of the wrong shape. */
  repair: (faults: string[], schema: Record<string, unknown>) => string
}

type Answer<T> = { value: T; tokens: number; requests: number; repaired: boolean }

/** Any OpenAI-compatible server. `ask` gives a value of the schema within the deadline or throws an `AiError`. */
export type Model = {
  readonly name: string
  readonly windowTokens: number
  ask: <T>(question: Question<T>) => Promise<Answer<T>>
}
