import { numberToHex, type Hex } from 'viem'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { RetryableError } from '../errors.ts'
import type { Stretch } from './block.ts'
import { mayHold } from './bloom.ts'
import { topics as governorTopics, type ChainLog } from './events.ts'
import { moveTopic } from './moves.ts'
import { headerCall, headerIn, hex, parse, quantity, unready, type Header } from '../chain/header.ts'
import { askNode, resultOf, type NodeCall } from '../chain/node.ts'
import { narrower } from './span.ts'
import { projectedTopics } from './project.ts'

const logSchema = z
  .object({
    address: hex,
    topics: z.array(hex),
    data: hex,
    blockNumber: quantity,
    blockHash: hex,
    transactionHash: hex,
    logIndex: quantity,
    removed: z.boolean().optional(),
  })
  .transform((log) => ({ ...log, address: log.address.toLowerCase() }))
type RawLog = z.output<typeof logSchema>

const attempts = 3
/** What nodes are asked for: of governors, of their tokens, and of contracts of other kinds of DAOs. */
const topicsOf = (ctx: Reading): readonly Hex[] => [...governorTopics, moveTopic, ...projectedTopics(ctx)]

type Reading = Pick<Context, 'chain' | 'kinds'>

/**
 * The blocks behind `after` up to `to`, each header, and the logs of each block by its hash; fewer of them when the logs of
 * a later one are in doubt. Undefined when the first of them is no child of `after`: then there was a reorg.
 */
export async function readNear(
  ctx: Reading,
  params: {
    after: { number: bigint; hash: Hex | undefined }
    to: bigint
    latest: Header
    addresses: readonly string[]
  },
): Promise<Stretch | undefined> {
  const { after, latest, addresses } = params
  const headers: Header[] = []
  const numbers = Array.from({ length: Number(params.to - after.number) }, (_, at) => after.number + BigInt(at) + 1n)
  const missing = numbers.filter((number) => number !== latest.number)
  const answers = await askNode(ctx.chain.url, missing.map(headerCall))
  const found = [...answers.map(headerIn), ...(missing.length < numbers.length ? [latest] : [])]
  for (const [at, number] of numbers.entries()) {
    const header = found[at]
    if (header?.number !== number) throw unready('The node does not have a block that it has named.')
    const parent = headers.at(-1)?.hash ?? after.hash
    if (parent !== undefined && header.parent !== parent) {
      if (headers.length === 0) return undefined
      throw unready('The chain changed while it was read.')
    }
    headers.push(header)
  }
  const { sure, logs } = await logsOf(ctx, headers, addresses)
  return { to: sure.at(-1)!, headers: sure, logs }
}

/**
 * The same for blocks that are settled: all logs by one question over many blocks, and only the headers that matter.
 * What the node refuses is asked again for fewer blocks; `span` in the answer is what it took.
 */
export async function readFar(
  ctx: Reading,
  params: { after: { number: bigint; hash: Hex | undefined }; to: bigint; span: number; addresses: readonly string[] },
): Promise<(Stretch & { span: number }) | undefined> {
  const { after, addresses } = params
  let { span } = params
  for (;;) {
    const from = after.number + 1n
    const last = from + BigInt(span) - 1n
    const to = addresses.length > 0 && last < params.to ? last : params.to
    const [before, end, found] = await askNode(ctx.chain.url, [
      headerCall(after.number),
      headerCall(to),
      ...(addresses.length > 0
        ? [logsCall(ctx, { addresses, fromBlock: numberToHex(from), toBlock: numberToHex(to) })]
        : []),
    ])
    if (found && 'fault' in found) {
      if (to === from) throw unready('The node refuses even one block.', found.fault.message)
      span = narrower(Number(to - from) + 1, found.fault.message)
      continue
    }
    const header = headerIn(end)
    if (header?.number !== to) throw unready('The node does not have a block that it has named.')
    if (after.hash !== undefined && headerIn(before)?.hash !== after.hash) return undefined
    const raw = found ? parse(z.array(logSchema), resultOf(found)) : []
    const headers = await headersOf(ctx, raw, header)
    const byHash = new Map(headers.map((each) => [each.hash, each]))
    return { to: header, headers, logs: checked(raw, (log) => byHash.get(log.blockHash), addresses), span }
  }
}

async function headersOf(ctx: Pick<Context, 'chain'>, raw: readonly RawLog[], to: Header): Promise<Header[]> {
  const numbers = [...new Set(raw.map((log) => log.blockNumber))].filter((number) => number !== to.number)
  const answers = await askNode(ctx.chain.url, numbers.map(headerCall))
  return [
    ...answers.map((answer) => {
      const header = headerIn(answer)
      if (!header) throw unready('The node does not have a block whose logs it has.')
      return header
    }),
    to,
  ]
}

/** The logs of the first blocks, as far as they are beyond doubt. */
async function logsOf(
  ctx: Reading,
  headers: Header[],
  addresses: readonly string[],
): Promise<{ sure: Header[]; logs: ChainLog[] }> {
  if (addresses.length === 0) return { sure: headers, logs: [] }
  const answers = await askNode(
    ctx.chain.url,
    headers.map(({ hash }) => logsCall(ctx, { addresses, blockHash: hash })),
  )
  const logs: ChainLog[] = []
  for (const [at, header] of headers.entries()) {
    try {
      const raw = parse(z.array(logSchema), resultOf(answers[at]))
      const isDoubtful = raw.length === 0 && mayHold(header.bloom, addresses, topicsOf(ctx))
      logs.push(...checked(isDoubtful ? await askAgain(ctx, header, addresses) : raw, () => header, addresses))
    } catch (error) {
      if (at === 0 || !(error instanceof RetryableError)) throw error
      return { sure: headers.slice(0, at), logs }
    }
  }
  return { sure: headers, logs }
}

/**
 * The bloom says that there may be logs and the node gave none: it may not have the block yet. Receipts decide, because a
 * node that lacks the block has none; where they are not served the question is put a few times more.
 */
async function askAgain(ctx: Reading, header: Header, addresses: readonly string[]): Promise<RawLog[]> {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const [canonical, receipts, again] = await askNode(ctx.chain.url, [
      headerCall(header.number),
      { method: 'eth_getBlockReceipts', params: [header.hash] },
      logsCall(ctx, { addresses, blockHash: header.hash }),
    ])
    if (headerIn(canonical)?.hash !== header.hash) throw unready('The chain changed while it was read.')
    if (receipts && 'result' in receipts) {
      if (receipts.result === null) continue
      const all = parse(z.array(z.object({ logs: z.array(logSchema) })), receipts.result).flatMap(({ logs }) => logs)
      return all.filter((log) => addresses.includes(log.address) && topicsOf(ctx).includes(log.topics[0] ?? '0x'))
    }
    const raw = parse(z.array(logSchema), resultOf(again))
    if (raw.length > 0 || attempt === attempts) return raw
  }
  throw unready('The node does not have a block that it has named.')
}

const logsCall = (
  ctx: Reading,
  { addresses, ...where }: { addresses: readonly string[] } & Record<string, unknown>,
): NodeCall => ({
  method: 'eth_getLogs',
  params: [{ ...where, address: [...addresses], topics: [[...topicsOf(ctx)]] }],
})

/** A log counts only when its block is one whose header is at hand, and when no two logs claim the same place. */
function checked(
  raw: readonly RawLog[],
  headerFor: (log: RawLog) => Header | undefined,
  addresses: readonly string[],
): ChainLog[] {
  const watched = new Set(addresses)
  const places = new Set<string>()
  const logs = raw.map((log): ChainLog => {
    const header = headerFor(log)
    const place = `${log.blockHash}/${log.logIndex}`
    if (header?.hash !== log.blockHash || header.number !== log.blockNumber || log.removed || places.has(place))
      throw unready('The logs do not fit the blocks.')
    places.add(place)
    return {
      blockHash: log.blockHash,
      blockNumber: log.blockNumber,
      index: Number(log.logIndex),
      address: log.address,
      tx: log.transactionHash,
      topics: log.topics,
      data: log.data,
    }
  })
  return logs
    .filter((log) => watched.has(log.address))
    .sort((a, b) => Number(a.blockNumber - b.blockNumber) || a.index - b.index)
}
