import { isAddressEqual, type Hex } from 'viem'
import { judgeBatch } from './batch.ts'
import { callsOf, type Calls } from './calls.ts'
import { take, type Counting } from './counting.ts'
import { placeOf, type Event, type RawTransaction } from './evidence.ts'
import { isVoteSigned } from './signatures.ts'
import { readCast, takeBack, type Cast } from './votes.ts'

const unknown: Calls = { ballots: [], votes: [], mayFail: true, isOpaque: true }

/** Goes through the logs of one transaction about the proposal, and holds them against what the transaction carries. */
export async function judgeTransaction(counting: Counting, hash: Hex, events: readonly Event[]): Promise<void> {
  const { evidence, proposalId, governor, findings } = counting
  const where = `transaction ${hash}`
  const tx = evidence.transactions[hash]
  if (!tx) findings.push({ where, what: 'the transaction itself is missing, so nobody can see what was signed' })
  const calls = tx ? callsOf(tx, { governor: governor.address, proposalId }) : unknown

  const casts: Cast[] = []
  for (const event of events) {
    if (event.eventName === 'VoteReduced') takeBack(counting, event)
    else if (event.eventName === 'BallotsCounted') await judgeBatch(counting, { event, casts, ...calls })
    else casts.push(await readCast(counting, event))
  }
  for (const cast of casts) await judgePlain(counting, { cast, calls, tx })

  if (calls.mayFail || calls.isOpaque) return
  for (const { seat } of calls.ballots)
    findings.push({ where, what: `it carries a ballot of seat ${seat}, and no log counts or skips it` })
  for (const { support } of calls.votes)
    findings.push({ where, what: `it carries a vote with support ${support}, and no log counts it` })
}

async function judgePlain(
  counting: Counting,
  { cast, calls, tx }: { cast: Cast; calls: Calls; tx: RawTransaction | undefined },
): Promise<void> {
  const { client, governor, proposalId, findings, figures } = counting
  const { voter, support, log } = cast
  const where = placeOf(log)
  if (calls.isOpaque || !tx) {
    figures.direct += 1
    figures.unseen += 1
    return
  }
  const sender = tx.to && isAddressEqual(tx.to, governor.address) ? tx.from : tx.to
  const vote = take(
    calls.votes,
    (entry) => entry.support === support && isAddressEqual(entry.signed?.voter ?? sender ?? '0x', voter),
  )
  if (!vote) {
    findings.push({ where, what: `the transaction carries no vote of ${voter} with support ${support}` })
    return
  }
  figures[vote.signed ? 'signed' : 'direct'] += 1
  if (!vote.signed) return
  const block = BigInt(log.blockNumber)
  if (!(await isVoteSigned(client, { governor, proposalId, support, vote: vote.signed, block })))
    findings.push({ where, what: `the vote of ${voter} is not signed by it` })
}
