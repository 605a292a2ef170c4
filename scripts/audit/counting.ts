import type { Address, PublicClient } from 'viem'
import { tokenAbi, type Governor } from './chain.ts'
import type { Evidence } from './evidence.ts'
import type { Seat } from './seats.ts'

export type Tally = { against: bigint; inFavour: bigint; abstain: bigint }
export type Vote = { support: number; weight: bigint }
/** `where` names a block, transaction and log, or a row, so that a person can look. */
export type Finding = { where: string; what: string }

/** What the count knows while it goes through the logs. */
export type Counting = {
  client: PublicClient
  governor: Governor
  evidence: Evidence
  proposalId: bigint
  snapshot: bigint
  title: string
  weigh(account: Address): Promise<bigint>
  seats: Map<number, Seat>
  marks: Map<number, number>
  votes: Map<Address, Vote>
  /** Every vote that was ever logged, also those taken back: `<transaction>/<voter>/<support>`. */
  logged: Set<string>
  findings: Finding[]
  figures: Figures
}

export type Figures = {
  /** Ballots from seats, counted in batches. */
  ballots: number
  /** Votes by the governor's own signed form. */
  signed: number
  /** Votes that a wallet sent itself. */
  direct: number
  /** Of all these, votes that came through a contract which hides their signature from a reader of calldata. */
  unseen: number
}

export const tallyWords = (tally: Tally): string =>
  `against ${tally.against}, for ${tally.inFavour}, abstain ${tally.abstain}`

export const isSameTally = (a: Tally, b: Tally): boolean =>
  a.against === b.against && a.inFavour === b.inFavour && a.abstain === b.abstain

export function tallyOf(votes: Iterable<Vote>): Tally {
  const sums = [0n, 0n, 0n]
  for (const { support, weight } of votes) sums[support] = (sums[support] ?? 0n) + weight
  const [against = 0n, inFavour = 0n, abstain = 0n] = sums
  return { against, inFavour, abstain }
}

/** The stake of an account at the snapshot, by the token's word; a seat's record has 96 bits for it. */
export function weigher(client: PublicClient, governor: Governor, snapshot: bigint): Counting['weigh'] {
  const most = governor.isAutoDao ? 2n ** 96n - 1n : 2n ** 256n - 1n
  const known = new Map<Address, Promise<bigint>>()
  return async (account) => {
    const found =
      known.get(account) ??
      client.readContract({
        abi: tokenAbi,
        address: governor.token,
        functionName: 'getPastVotes',
        args: [account, snapshot],
      })
    known.set(account, found)
    const weight = await found
    return weight < most ? weight : most
  }
}

/** Takes the first that fits out of a list. */
export function take<T>(list: T[], fits: (item: T) => boolean): T | undefined {
  const index = list.findIndex(fits)
  return index < 0 ? undefined : list.splice(index, 1)[0]
}
