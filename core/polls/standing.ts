import { getAddress, parseAbi, type Address } from 'viem'
import type { Context } from '../context.ts'
import { UserError } from '../errors.ts'
import { ask } from '../chain/ask.ts'
import type { Person } from '../command.ts'
import { readMark, type Answers } from '../voting/paper.ts'
import { seatOf, type Paper } from './paper.ts'

const votesAbi = parseAbi([
  'function getVotes(address) view returns (uint256)',
  'function getPastVotes(address, uint256) view returns (uint256)',
])

/** How one wallet stands to a paper; `why` says what keeps it from answering. */
export type Standing = {
  wallet: Address
  weight: bigint
  seat: number
  /** Its last paper, counted or on its way. */
  answers: Answers
  next: number
  why?: string
  hint?: string
}

/** A person's wallets, those that may answer first, of them the one with most votes. */
export async function standingsOf(
  ctx: Pick<Context, 'db' | 'chain'>,
  { paper, token, person }: { paper: Paper; token: Address; person: Person },
): Promise<Standing[]> {
  const all = await Promise.all(
    person.wallets.map(({ address }) => standingOf(ctx, { paper, token, wallet: getAddress(address) })),
  )
  return all.toSorted((a, b) => Number(!!a.why) - Number(!!b.why) || (a.weight < b.weight ? 1 : -1))
}

export async function standingOf(
  ctx: Pick<Context, 'db' | 'chain'>,
  { paper, token, wallet }: { paper: Paper; token: Address; wallet: Address },
): Promise<Standing> {
  const [{ seat, mark }, weight] = await Promise.all([
    seatOf(ctx, paper, wallet),
    weightOf(ctx, { paper, token, wallet }),
  ])
  const waiting = await newestOf(ctx, paper, seat)
  const counted = readMark(paper.polls, mark)
  const newest = waiting && waiting.sequence > counted.sequence ? waiting : counted
  const base = { wallet, weight, seat, answers: newest.answers, next: newest.sequence + 1 }
  if (seat === 0)
    return { ...base, why: 'It has no seat in the voice book yet, which its Auto ID gets by itself.', hint: '/id' }
  if (weight === 0n && !paper.row.is_at_close)
    return { ...base, why: 'It had no votes when the polls opened.', hint: '/power nomic' }
  if (base.next > 255) return { ...base, why: 'It has changed its mind as often as the contract can count.' }
  return base
}

/** The newest that is stored here and was not refused; what was refused has used up its number too. */
async function newestOf(
  ctx: Pick<Context, 'db'>,
  paper: Paper,
  seat: number,
): Promise<{ answers: Answers; sequence: number } | undefined> {
  const row = await ctx.db
    .selectFrom('paper_ballot')
    .select(['mark'])
    .where('dao_id', '=', paper.row.dao_id)
    .where('paper', '=', paper.row.number)
    .where('seat', '=', seat)
    .where('state', 'in', ['accepted', 'batched', 'counted', 'final'])
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && readMark(paper.polls, BigInt(row.mark))
}

/** At the opening, or as it is now where it is the close that counts. */
const weightOf = (
  ctx: Pick<Context, 'chain'>,
  { paper, token, wallet }: { paper: Paper; token: Address; wallet: Address },
): Promise<bigint> => {
  const contract = { abi: votesAbi, address: token } as const
  const { client } = ctx.chain
  return ask(() =>
    paper.row.is_at_close
      ? client.readContract({ ...contract, functionName: 'getVotes', args: [wallet] })
      : client.readContract({ ...contract, functionName: 'getPastVotes', args: [wallet, BigInt(paper.row.opens)] }),
  )
}

export function assertAble({ why, hint }: Standing): void {
  if (why) throw new UserError(why, { ...(hint ? { hint } : {}), code: 'barred' })
}
