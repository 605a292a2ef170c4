import type { Hex } from 'viem'
import type { ChainLog } from './events.ts'

export type Header = { number: bigint; hash: Hex; parent: Hex; time: bigint; bloom: Hex }
export type Heads = { chainId: number; genesis: Hex; latest: Header; finalized: bigint | undefined }
/** A stretch of blocks with its logs. Near the head it holds every header, further back only those that matter. */
export type Stretch = { to: Header; headers: Header[]; logs: ChainLog[] }
/** A block that is known already. */
export type Known = { number: bigint; hash: Hex }
