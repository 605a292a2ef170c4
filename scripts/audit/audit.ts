import type { PublicClient } from 'viem'
import { contractTally, findParting } from './contract.ts'
import type { Governor } from './chain.ts'
import { isSameTally, type Figures, type Finding, type Tally } from './counting.ts'
import { compareDatabase } from './database.ts'
import type { Evidence } from './evidence.ts'
import { recount } from './recount.ts'

export type Audit = Figures & {
  equal: boolean
  tally: Tally
  contract: Tally
  votes: number
  findings: Finding[]
}

/**
 * Recounts a proposal from RPC data and holds the result against the contract's own tally and, when a database is
 * named, against what the service keeps. `evidence` may be a saved copy of the logs, which is then what is judged.
 */
export async function audit(
  client: PublicClient,
  params: { governor: Governor; evidence: Evidence; database?: { url: string; ref: string } | undefined },
): Promise<Audit> {
  const { governor, evidence, database } = params
  const asked = { governor, proposalId: BigInt(evidence.proposalId) }
  const head = BigInt(evidence.head)
  const [counted, contract] = await Promise.all([
    recount(client, governor, evidence),
    contractTally(client, { ...asked, block: head }),
  ])
  const { tally, since, votes, steps, ballots, signed, direct, unseen } = counted
  const findings = [...counted.findings]
  if (!isSameTally(tally, contract))
    findings.push(await findParting(client, { ...asked, since, steps, head, contract }))
  if (database) findings.push(...(await compareDatabase(database, { counted, head })))
  return {
    equal: findings.length === 0,
    tally,
    contract,
    votes: votes.size,
    ballots,
    signed,
    direct,
    unseen,
    findings,
  }
}
