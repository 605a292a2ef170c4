import type { Hex } from 'viem'
import type { Header } from '../chain/header.ts'
import type { ChainLog } from './events.ts'

/** A stretch of blocks with its logs. Near the head it holds every header, further back only those that matter. */
export type Stretch = { to: Header; headers: Header[]; logs: ChainLog[] }
/** A block that is known already. */
export type Known = { number: bigint; hash: Hex }
