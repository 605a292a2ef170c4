import { numberToHex, type Hex } from 'viem'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { RetryableError } from '../errors.ts'
import { askNode, resultOf, type NodeAnswer, type NodeCall } from './node.ts'

export type Header = { number: bigint; hash: Hex; parent: Hex; time: bigint; bloom: Hex }
export type Heads = { chainId: number; genesis: Hex; latest: Header; finalized: bigint | undefined }

export const hex = z.string().regex(/^0x[0-9a-fA-F]*$/) as unknown as z.ZodType<Hex>
export const quantity = hex.transform((value) => BigInt(value))
const headerSchema = z
  .object({ number: quantity, hash: hex, parentHash: hex, timestamp: quantity, logsBloom: hex.nullish() })
  .transform(({ number, hash, parentHash, timestamp, logsBloom }): Header => {
    return { number, hash, parent: parentHash, time: timestamp, bloom: logsBloom ?? '0x' }
  })

/** Where the chain stands, in one request. */
export async function readHeads(ctx: Pick<Context, 'chain'>): Promise<Heads> {
  const [id, genesis, latest, finalized] = await askNode(ctx.chain.url, [
    { method: 'eth_chainId', params: [] },
    headerCall(0n),
    { method: 'eth_getBlockByNumber', params: ['latest', false] },
    { method: 'eth_getBlockByNumber', params: ['finalized', false] },
  ])
  const head = headerIn(latest)
  const first = headerIn(genesis)
  if (!head || !first) throw unready('The node lacks the first or the newest block.')
  return {
    chainId: Number(quantity.parse(resultOf(id))),
    genesis: first.hash,
    latest: head,
    finalized: finalized && 'result' in finalized ? headerIn(finalized)?.number : undefined,
  }
}

export const headerCall = (number: bigint): NodeCall => ({
  method: 'eth_getBlockByNumber',
  params: [numberToHex(number), false],
})

export function headerIn(answer: NodeAnswer | undefined): Header | undefined {
  return parse(headerSchema.nullish(), resultOf(answer)) ?? undefined
}

/** What a node said, in the shape that it must have. */
export function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw unready('The node gave an answer of another shape.')
  return parsed.data
}

/** Nodes behind one address need not agree with one another; the next look will do. */
export function unready(message: string, words?: string): RetryableError {
  return new RetryableError(message, words === undefined ? {} : { cause: new Error(words.slice(0, 200)) })
}
