import type { Address } from 'viem'
import type { Context } from '../context.ts'
import { probeGlobal } from '../mesh/probe.ts'
import { probeNomic } from '../nomic/probe.ts'
import type { Probe } from './probe.ts'

/** Asks a contract whether it is the heart of a DAO without a governor; undefined when it is something else. */
type Layer = (ctx: Pick<Context, 'chain'>, address: Address) => Promise<Probe | undefined>

/** One entry a kind of DAO that is no governor. */
const layers: readonly Layer[] = [probeNomic, probeGlobal]

export async function probeLayers(ctx: Pick<Context, 'chain'>, address: Address): Promise<Probe | undefined> {
  for (const layer of layers) {
    const found = await layer(ctx, address)
    if (found) return found
  }
  return undefined
}
