import type { Hex } from 'viem'
import type { SeatBallot } from './calls.ts'
import { take, type Counting } from './counting.ts'
import { placeOf, type Event } from './evidence.ts'
import { countedRecords, skippedRecords, type Seat } from './seats.ts'
import { isSeatSigned } from './signatures.ts'
import { castVote, type Cast } from './votes.ts'

const lastSequence = 14

type Batch = { event: Event; casts: Cast[]; ballots: SeatBallot[]; isOpaque: boolean }

/** Holds one `BallotsCounted` log against the seats, the stakes, the calldata that was signed, and the votes it announced. */
export async function judgeBatch(counting: Counting, batch: Batch): Promise<void> {
  const { event } = batch
  for (const record of countedRecords(event.args.records as Hex)) await judgeCounted(counting, batch, record)
  for (const record of skippedRecords(event.args.skipped as Hex)) await judgeSkipped(counting, batch, record)
}

async function judgeCounted(
  counting: Counting,
  batch: Batch,
  { seat: number, mark, weight }: ReturnType<typeof countedRecords>[number],
): Promise<void> {
  const say = teller(counting, batch)
  counting.figures.ballots += 1
  const before = counting.marks.get(number) ?? 0
  counting.marks.set(number, mark)
  if (mark >> 4 <= before >> 4)
    say(`seat ${number} counted again with sequence ${mark >> 4} after sequence ${before >> 4}`)
  const seat = counting.seats.get(number)
  if (!seat) return say(`seat ${number} counted, and nobody sits there`)
  const { account, since } = seat
  if (since > counting.snapshot) say(`seat ${number} (${account}) was taken after the snapshot`)
  const stake = await counting.weigh(account)
  if (stake !== weight) say(`seat ${number} (${account}) weighs ${stake} at the snapshot, the record says ${weight}`)
  const support = (mark & 15) - 1
  const cast = take(batch.casts, (entry) => entry.voter === account)
  if (!cast) {
    say(`the VoteCast log of seat ${number} (${account}) is missing`)
    await castVote(counting, { voter: account, support, log: batch.event.log })
  } else if (cast.support !== support)
    say(`the record of seat ${number} (${account}) says support ${support}, its VoteCast log ${cast.support}`)
  await judgeSignature(counting, batch, { number, mark, seat })
}

async function judgeSignature(
  counting: Counting,
  batch: Batch,
  { number, mark, seat }: { number: number; mark: number; seat: Seat },
): Promise<void> {
  if (batch.isOpaque) {
    counting.figures.unseen += 1
    return
  }
  const say = teller(counting, batch)
  const ballot = take(batch.ballots, (entry) => entry.seat === number && entry.mark === mark)
  if (!ballot) say(`the transaction carries no ballot of seat ${number} with mark ${mark}`)
  else if (!(await isSigned(counting, batch, { ballot, seat })))
    say(`the ballot of seat ${number} is not signed by ${ballot.signer ?? seat.account}`)
}

/** A skipped ballot must have been sent, and the reason must be true as far as the audit can know. */
async function judgeSkipped(
  counting: Counting,
  batch: Batch,
  { seat: number, reason }: ReturnType<typeof skippedRecords>[number],
): Promise<void> {
  if (batch.isOpaque) return
  const say = teller(counting, batch)
  const ballot = take(batch.ballots, (entry) => entry.seat === number)
  if (!ballot) return say(`a ballot of seat ${number} is skipped that the transaction does not carry`)
  const seat = counting.seats.get(number)
  const isWrong = await (untrue[reason]?.({ counting, batch, ballot, seat }) ?? false)
  if (isWrong) say(`the ballot of seat ${number} is skipped for reason ${reason}, which is not so`)
}

type Skipped = { counting: Counting; batch: Batch; ballot: SeatBallot; seat: Seat | undefined }

/** By reason: 1 stale or malformed, 2 no seat in time, 3 signature, 4 no weight. Whether an Auto ID was live (5) is not judged. */
const untrue: Record<number, (skipped: Skipped) => boolean | Promise<boolean>> = {
  1: ({ counting, ballot, seat }) => {
    const [sequence, choice] = [ballot.mark >> 4, ballot.mark & 15]
    const isWellFormed = sequence >= 1 && sequence <= lastSequence && choice >= 1 && choice <= 3
    return isWellFormed && seat !== undefined && !counting.votes.has(seat.account)
  },
  2: ({ counting, seat }) => seat !== undefined && seat.since <= counting.snapshot,
  3: ({ counting, batch, ballot, seat }) => (seat ? isSigned(counting, batch, { ballot, seat }) : false),
  4: async ({ counting, seat }) => seat !== undefined && (await counting.weigh(seat.account)) > 0n,
}

const isSigned = (
  { client, governor, proposalId, title }: Counting,
  { event }: Batch,
  { ballot, seat: { account, autoId } }: { ballot: SeatBallot; seat: Seat },
): Promise<boolean> =>
  isSeatSigned(client, {
    governor,
    proposalId,
    title,
    ballot,
    account,
    autoId,
    block: BigInt(event.log.blockNumber),
  })

const teller =
  ({ findings }: Counting, { event }: Batch) =>
  (what: string): void => {
    findings.push({ where: placeOf(event.log), what })
  }
