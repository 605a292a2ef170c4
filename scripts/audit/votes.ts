import type { Address } from 'viem'
import type { Counting } from './counting.ts'
import { placeOf, type Event, type RawLog } from './evidence.ts'

/** A vote as a `VoteCast` log has it. */
export type Cast = { voter: Address; support: number; log: RawLog }

/** Counts a vote with the weight that the token gives, whatever the log says of it. */
export async function castVote(counting: Counting, { voter, support, log }: Cast): Promise<void> {
  const { votes, logged, findings } = counting
  const where = placeOf(log)
  if (support > 2) findings.push({ where, what: `support ${support} of ${voter} is none of against, for, abstain` })
  if (votes.has(voter)) findings.push({ where, what: `${voter} is counted a second time` })
  votes.set(voter, { support, weight: await counting.weigh(voter) })
  logged.add(`${log.transactionHash}/${voter}/${support}`)
}

export async function readCast(counting: Counting, { log, args }: Event): Promise<Cast> {
  const cast = { voter: args.voter as Address, support: Number(args.support), log }
  const weight = await counting.weigh(cast.voter)
  if (weight !== args.weight)
    counting.findings.push({
      where: placeOf(log),
      what: `${cast.voter} weighs ${weight} at the snapshot, the log says ${String(args.weight)}`,
    })
  await castVote(counting, cast)
  return cast
}

/** A change of mind takes back exactly what was given. */
export function takeBack({ votes, findings }: Counting, { log, args }: Event): void {
  const voter = args.voter as Address
  const vote = votes.get(voter)
  votes.delete(voter)
  if (vote?.support !== Number(args.support) || vote.weight !== args.weight)
    findings.push({
      where: placeOf(log),
      what: `${voter} takes back support ${String(args.support)} of ${String(args.weight)}, which was not given so`,
    })
}
