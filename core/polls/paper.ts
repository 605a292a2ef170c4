import { getAddress, hashTypedData, isAddressEqual, zeroAddress, zeroHash, type Address, type Hex } from 'viem'
import { polls as contract } from '../../contracts/generated.ts'
import type { Context } from '../context.ts'
import type { PaperRow, PollRow } from '../db/tables/polls.ts'
import { RetryableError, UserError } from '../errors.ts'
import { ask } from '../chain/ask.ts'
import type { NomicDao } from '../nomic/contracts.ts'
import type { PollKind } from '../db/tables/polls.ts'
import { paperTypedData, readMark } from '../voting/paper.ts'
import { optionsOf, paperRow, pollsOn } from './record.ts'

/** A paper as it is signed: its polls in the order of the answers. */
export type Paper = {
  row: PaperRow
  to: Address
  rows: PollRow[]
  polls: { kind: PollKind; title: string; options: string[] }[]
}

export async function readPaper(ctx: Pick<Context, 'db'>, dao: NomicDao, number: number): Promise<Paper> {
  if (!dao.polls) throw new UserError(`The polls of ${dao.name} are not known here.`, { code: 'no-polls' })
  const row = await paperRow(ctx.db, { daoId: dao.id, number })
  const rows = await pollsOn(ctx.db, { daoId: dao.id, paper: number })
  const polls = rows.map((poll) => ({ kind: poll.kind, title: poll.title, options: optionsOf(poll) }))
  return { row, to: dao.polls, rows, polls }
}

/** Whether the contract takes answers to it now, by the chain's clock, and to the same polls that are known here. */
export async function assertOpen(ctx: Pick<Context, 'chain'>, paper: Paper): Promise<{ left: number }> {
  const { client } = ctx.chain
  const [block, record] = await ask(() =>
    Promise.all([
      client.getBlock(),
      client.readContract({
        abi: contract.abi,
        address: paper.to,
        functionName: 'paperRecord',
        args: [BigInt(paper.row.number)],
      }),
    ]),
  )
  const now = Number(block.timestamp)
  if (now > record.closes) throw new UserError('These polls are closed.', { hint: '/polls', code: 'closed' })
  if (now <= record.opens) throw new UserError('These polls are not open yet.', { hint: '/polls', code: 'closed' })
  const known = paper.rows.map(({ number }) => BigInt(number))
  if (record.polls.length !== known.length || record.polls.some((poll, at) => poll !== known[at]))
    throw new RetryableError('The polls are being read.', { afterMs: 1_000 })
  return { left: record.closes - now }
}

/** What a wallet has on a paper: its seat, 0 for none, and the mark that counts for it now. */
export type Seat = { wallet: Address; seat: number; mark: bigint }

export async function seatOf(ctx: Pick<Context, 'chain'>, paper: Paper, wallet: Address): Promise<Seat> {
  const { client } = ctx.chain
  const box = { abi: contract.abi, address: paper.to } as const
  const [seat] = await ask(() => client.readContract({ ...box, functionName: 'seatOf', args: [wallet] }))
  return { wallet, seat, mark: seat === 0 ? 0n : await markOf(ctx, paper, seat) }
}

export const markOf = (
  ctx: Pick<Context, 'chain'>,
  { to, row }: Pick<Paper, 'to' | 'row'>,
  seat: number,
  at?: bigint,
): Promise<bigint> =>
  ask(() =>
    ctx.chain.client.readContract({
      abi: contract.abi,
      address: to,
      functionName: 'markOf',
      args: [BigInt(row.number), BigInt(seat)],
      ...(at === undefined ? {} : { blockNumber: at }),
    }),
  )

export async function holderOf(ctx: Pick<Context, 'chain'>, to: Address, seat: number): Promise<Address> {
  const [account] = await ask(() =>
    ctx.chain.client.readContract({ abi: contract.abi, address: to, functionName: 'seatInfo', args: [seat] }),
  )
  return account
}

/** The typed data of a mark; whoever reads it sees titles and labels. */
export function typedDataOf(
  ctx: Pick<Context, 'chain'>,
  paper: Paper,
  { seat, mark }: { seat: number; mark: bigint },
): ReturnType<typeof paperTypedData> {
  const { answers, sequence } = readMark(paper.polls, mark)
  return paperTypedData({
    domain: { name: 'Nomic Polls', version: '1', chainId: ctx.chain.id, verifyingContract: getAddress(paper.to) },
    paper: BigInt(paper.row.number),
    isAtClose: paper.row.is_at_close,
    polls: paper.polls,
    answers,
    seat,
    sequence,
    reason: zeroHash,
  })
}

export const digestOf = (...of: Parameters<typeof typedDataOf>): Hex =>
  hashTypedData(typedDataOf(...of) as Parameters<typeof hashTypedData>[0])

/** In one line: the labels, or that there is none. */
export const answerWords = (labels: readonly string[], kind: PollKind): string =>
  labels.length === 0 ? 'no answer' : labels.join(kind === 'ranked' ? ' > ' : ', ')

export const isHolder = (account: Address, voter: Address): boolean =>
  account !== zeroAddress && isAddressEqual(account, voter)
