import { keccak256, stringToHex, type Address, type Hex } from 'viem'
import { polls } from '../../contracts/generated.ts'
import type { Trx } from '../context.ts'
import type { PartRow } from '../db/tables/governance.ts'
import type { PartEvent, Projection } from '../listen/projection.ts'
import { cleanJson } from '../view.ts'
import { pollKinds } from '../voting/paper.ts'
import { lookAtPolls } from './jobs.ts'

/** A paper with its polls. What was counted on it is asked of the contract, since it is in no single log. */
export const pollsProjection: Projection = {
  role: 'polls',
  abi: polls.abi,
  entities: 'by first topic',
  reads: ['PollOpened', 'PollWithdrawn'],
  async apply(ctx, trx, { part, entity, events }) {
    await tellPaper(trx, { part, number: Number(BigInt(entity)), events })
    await ctx.queue.send(trx, lookAtPolls, { daoId: part.dao_id }, { key: part.dao_id })
  },
}

type Opened = {
  poll: bigint
  author: Address
  opens: number
  closes: number
  isAtClose: boolean
  params: {
    kind: number
    majority: number
    minimum: bigint
    fallback_: number
    title: string
    body: string
    multihash: string
    options: readonly string[]
  }
}

const majorities = ['none', 'participating', 'active'] as const

async function tellPaper(
  trx: Trx,
  { part, number, events }: { part: PartRow; number: number; events: readonly PartEvent[] },
): Promise<void> {
  const opened = events.filter(({ name }) => name === 'PollOpened')
  const withdrawn = new Set(
    events.flatMap(({ name, args }) => (name === 'PollWithdrawn' ? [Number(args['poll'] as bigint)] : [])),
  )
  const [first] = opened
  if (first) {
    const { opens, closes, isAtClose } = first.args as Opened
    const times = { opens: String(opens), closes: String(closes), is_at_close: isAtClose }
    await trx
      .insertInto('paper')
      .values({ dao_id: part.dao_id, number, ...times })
      .onConflict((conflict) => conflict.columns(['dao_id', 'number']).doUpdateSet(times))
      .execute()
  }
  const known = opened.map((event) => Number((event.args as Opened).poll))
  await trx
    .updateTable('poll')
    .set({ orphaned_at: new Date() })
    .where('dao_id', '=', part.dao_id)
    .where('paper', '=', number)
    .where('number', 'not in', [0, ...known])
    .execute()
  const { slug } = await trx.selectFrom('dao').select('slug').where('id', '=', part.dao_id).executeTakeFirstOrThrow()
  for (const event of opened) {
    const row = rowOf(event, { slug, paper: number, withdrawn })
    await trx
      .insertInto('poll')
      .values({ ...row, dao_id: part.dao_id, is_history: event.isHistory })
      .onConflict((conflict) => conflict.columns(['dao_id', 'number']).doUpdateSet(row))
      .execute()
  }
}

function rowOf(
  { args, log }: PartEvent,
  { slug, paper, withdrawn }: { slug: string; paper: number; withdrawn: ReadonlySet<number> },
) {
  const { poll, author, params } = args as Opened
  const number = Number(poll)
  return {
    number,
    ref: `${slug}-p${number}`,
    paper,
    author: author.toLowerCase(),
    kind: pollKinds[params.kind] ?? 'single',
    majority: majorities[params.majority] ?? 'none',
    minimum: params.minimum.toString(),
    fallback: params.fallback_,
    title: storable(params.title),
    body: storable(params.body),
    body_hash: bodyHash(params.body),
    multihash: storable(params.multihash),
    options: cleanJson(params.options),
    is_withdrawn: withdrawn.has(number),
    block_number: log.blockNumber.toString(),
    tx_hash: log.tx,
    orphaned_at: null,
  }
}

const bodyHash = (body: string): Hex => keccak256(stringToHex(body))

/** The database takes no NUL. A poll that has one cannot be signed here, which is said when somebody tries. */
const storable = (text: string): string => text.replaceAll('\0', '\ufffd')
