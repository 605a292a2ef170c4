import type { Address } from 'viem'
import { z } from 'zod'
import { autoIds } from '../../contracts/generated.ts'
import type { Context } from '../context.ts'
import { RetryableError } from '../errors.ts'

export type AutoIdKind = 'person' | 'organisation' | 'agent'
export type AutoId = { id: bigint; kind: AutoIdKind }

/** By the registry's numbers. */
export const kindNames: Record<number, AutoIdKind> = { 1: 'person', 2: 'organisation', 3: 'agent' }
const cacheMs = 30_000
const cached = z.object({ id: z.coerce.bigint(), kind: z.enum(['person', 'organisation', 'agent']) })

/** The live Auto ID that an address controls, by the registry's word; only a found one is remembered, and not for long. */
export async function autoIdOf(ctx: Pick<Context, 'chain' | 'kv'>, address: string): Promise<AutoId | undefined> {
  const cache = ctx.kv('auto-id')
  const key = `${ctx.chain.id}/${ctx.chain.addresses.autoIds}/${address}`
  const known = cached.safeParse(await cache.get(key))
  if (known.success) return known.data
  const found = await readAutoId(ctx, address)
  if (found) await cache.set(key, { id: found.id.toString(), kind: found.kind }, cacheMs)
  return found
}

/** The same without a memory. */
export async function readAutoId(ctx: Pick<Context, 'chain'>, address: string): Promise<AutoId | undefined> {
  const registry = { abi: autoIds.abi, address: ctx.chain.addresses.autoIds } as const
  try {
    const id = await ctx.chain.client.readContract({ ...registry, functionName: 'idOf', args: [address as Address] })
    if (id === 0n) return undefined
    const kind = kindNames[await ctx.chain.client.readContract({ ...registry, functionName: 'kindOf', args: [id] })]
    return kind && { id, kind }
  } catch (cause) {
    throw new RetryableError('The registry of Auto IDs does not answer.', { cause })
  }
}
