import type { Context } from '../context.ts'
import { commitLive, commitPast } from './commit.ts'
import {
  FencedError,
  finalNow,
  isWhole,
  openCursor,
  readCursor,
  watchedContracts,
  windowOf,
  type Cursor,
  type Watched,
} from './cursor.ts'
import { findFork } from './fork.ts'
import { watchedTokens } from './moves.ts'
import { askNode } from '../chain/node.ts'
import type { Heads } from '../chain/header.ts'
import type { Known, Stretch } from './block.ts'
import { headerCall, headerIn, readHeads, unready } from '../chain/header.ts'
import { readFar, readNear } from './read.ts'
import { refreshProposals } from './refresh.ts'
import { startSpan } from './span.ts'
import { checkChain, markLive, markStopped } from './status.ts'

/**
 * `read`: everything up to `head` is in the database. `lower`: the node's head is below what is known, so there is
 * nothing to do but wait. `stopped`: this is not the chain that was read, and `reason` says why. `fenced`: another
 * listener was faster.
 */
export type Poll = { status: 'read' | 'lower' | 'fenced'; head: bigint } | { status: 'stopped'; reason: string }

type Listening = Pick<Context, 'db' | 'chain' | 'queue' | 'log' | 'kinds'>

/** Headers and logs by hash, one answer each, for so many blocks at once. */
const nearBlocks = 40n
const pastMs = 3_000

/** One look at the chain: reads what is new, then some of the past of contracts that were added, then how proposals stand. */
export async function poll(ctx: Listening): Promise<Poll> {
  const heads = await readHeads(ctx)
  const wrong = await checkChain(ctx, heads)
  if (wrong) return stopped(ctx, wrong)
  try {
    let cursor = (await readCursor(ctx)) ?? (await firstCursor(ctx, heads))
    const [watched, tokens] = await Promise.all([watchedContracts(ctx), watchedTokens(ctx)])
    for (;;) {
      const next = await readOn(ctx, { heads, cursor, watched, tokens })
      if (next === 'deep') return await stopped(ctx, deepWords(cursor))
      if (next === 'lower') return { status: 'lower', head: heads.latest.number }
      if (next === 'done') break
      cursor = next
    }
    await markLive(ctx)
    cursor = await readPasts(ctx, { heads, cursor })
    await refreshProposals(ctx, { cursor, header: heads.latest })
    for (const kind of ctx.kinds.daos) await kind.wake?.(ctx, heads.latest)
    return { status: 'read', head: heads.latest.number }
  } catch (error) {
    if (error instanceof FencedError) return { status: 'fenced', head: heads.latest.number }
    throw error
  }
}

const deepWords = ({ number }: Cursor): string =>
  `The chain shares no recent block with what was read up to block ${number}: it was reset, or a reorg went deeper than the listener follows.`

async function stopped(ctx: Listening, reason: string): Promise<Poll> {
  await markStopped(ctx, reason)
  return { status: 'stopped', reason }
}

async function firstCursor(ctx: Listening, heads: Heads): Promise<Cursor> {
  const final = finalNow(ctx, heads)
  const from = heads.latest.number - windowOf(heads.latest.number, final)
  const [answer] = await askNode(ctx.chain.url, [headerCall(from > 0n ? from : 0n)])
  const start = headerIn(answer)
  if (!start) throw unready('The node does not have a block that it should have.')
  await openCursor(ctx, { start, final, span: startSpan })
  const cursor = await readCursor(ctx)
  if (!cursor) throw unready('The cursor is not there yet.')
  return cursor
}

/** The next stretch behind the cursor, or behind where a reorg left the chain that we know. */
async function readOn(
  ctx: Listening,
  params: { heads: Heads; cursor: Cursor; watched: readonly Watched[]; tokens: readonly string[] },
): Promise<Cursor | 'done' | 'lower' | 'deep'> {
  const { heads, cursor, watched, tokens } = params
  const { latest } = heads
  if (latest.number === cursor.number && latest.hash === cursor.hash) return 'done'
  const final = finalNow(ctx, heads, cursor.final)
  const stretch = latest.number > cursor.number ? await readStretch(ctx, { ...params, after: cursor }) : undefined
  if (stretch) return commitLive(ctx, { cursor, stretch, final, watched, tokens, span: stretch.span })
  const window = windowOf(latest.number > cursor.number ? latest.number : cursor.number, final)
  const fork = await findFork(ctx, { cursor, window })
  if (fork.status !== 'reorg') return fork.status
  const { ancestor } = fork
  // The head came from a node that lags behind the one that was asked for the fork.
  if (ancestor.number >= latest.number) throw unready('The node does not have a block that it has named.')
  const replaced = await readStretch(ctx, { ...params, after: ancestor })
  if (!replaced) throw unready('The chain changed while it was read.')
  const blocks = Number(cursor.number - ancestor.number)
  ctx.log.warn({ chain: ctx.chain.id, from: Number(cursor.number), blocks }, 'a reorg took blocks back')
  return commitLive(ctx, { cursor, ancestor, stretch: replaced, final, watched, tokens, span: replaced.span })
}

/** Settled blocks are read by ranges, those that a reorg may reach one by one; undefined when `after` is no longer there. */
async function readStretch(
  ctx: Listening,
  params: { heads: Heads; cursor: Cursor; watched: readonly Watched[]; tokens: readonly string[]; after: Known },
) {
  const { heads, after, cursor } = params
  const { latest } = heads
  const addresses = [...params.watched.map(({ address }) => address), ...params.tokens]
  const near = nearFrom(ctx, heads)
  if (after.number + 1n < near) return readFar(ctx, { after, to: near - 1n, span: cursor.span, addresses })
  const to = latest.number - after.number > nearBlocks ? after.number + nearBlocks : latest.number
  const stretch = await readNear(ctx, { after, to, latest, addresses })
  return stretch && { ...stretch, span: cursor.span }
}

function nearFrom(ctx: Listening, heads: Heads): bigint {
  const final = finalNow(ctx, heads)
  const from = heads.latest.number - windowOf(heads.latest.number, final)
  return (from < final ? from : final) + 1n
}

/** Reads the past of contracts that were added, for a while; the next poll goes on. */
async function readPasts(ctx: Listening, params: { heads: Heads; cursor: Cursor }): Promise<Cursor> {
  const { heads } = params
  let { cursor } = params
  const until = performance.now() + pastMs
  while (performance.now() < until) {
    const contract = (await watchedContracts(ctx)).find((each) => !isWhole(each))
    if (!contract) break
    const { address, readTo, liveFrom } = contract
    const after = { number: readTo, hash: undefined }
    const end = liveFrom - 1n
    const near = nearFrom(ctx, heads)
    const isFar = readTo + 1n < near
    const last = isFar ? near - 1n : readTo + nearBlocks
    const to = last < end ? last : end
    const stretch: (Stretch & { span?: number }) | undefined = isFar
      ? await readFar(ctx, { after, to, span: cursor.span, addresses: [address] })
      : await readNear(ctx, { after, to, latest: heads.latest, addresses: [address] })
    if (!stretch) throw unready('The chain changed while it was read.')
    const { span = cursor.span } = stretch
    cursor = await commitPast(ctx, { cursor, stretch, contract, span })
  }
  return cursor
}
