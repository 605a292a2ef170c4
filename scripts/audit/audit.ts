import type { Address } from 'viem'
import { connect, governorAbi, readEvidence, type Evidence } from './chain.ts'
import { compareDatabase } from './database.ts'
import { recount, type Finding, type Tally } from './recompute.ts'

export type Audit = {
  equal: boolean
  tally: Tally
  contract: Tally
  votes: number
  ballots: number
  direct: number
  findings: Finding[]
}

/**
 * Recounts a proposal from RPC data and holds the result against the contract's own tally and, when a database is
 * named, against what the service keeps. `evidence` may be a saved copy of the logs, which is then what is judged.
 */
export async function audit(params: {
  rpcUrl: string
  governor: Address
  proposalId: bigint
  evidence?: Evidence | undefined
  database?: { url: string; ref: string } | undefined
}): Promise<Audit> {
  const client = connect(params.rpcUrl)
  const evidence = params.evidence ?? (await readEvidence(client, { governor: params.governor }))
  const counted = await recount(client, evidence, params.proposalId)
  const [against, inFavour, abstain] = await client.readContract({
    abi: governorAbi,
    address: params.governor,
    functionName: 'proposalVotes',
    args: [params.proposalId],
  })
  const contract = { against, inFavour, abstain }
  const findings = [...counted.findings]
  if (!sameTally(counted.tally, contract)) {
    findings.push({
      where: `contract ${params.governor}`,
      what: `proposalVotes says ${tallyWords(contract)}, the recount ${tallyWords(counted.tally)}`,
    })
  }
  if (params.database) findings.push(...(await compareDatabase(params.database.url, params.database.ref, counted)))
  return {
    equal: findings.length === 0,
    tally: counted.tally,
    contract,
    votes: counted.votes.size,
    ballots: counted.ballots,
    direct: counted.direct,
    findings,
  }
}

export const tallyWords = (tally: Tally): string =>
  `against ${tally.against}, for ${tally.inFavour}, abstain ${tally.abstain}`

const sameTally = (a: Tally, b: Tally): boolean =>
  a.against === b.against && a.inFavour === b.inFavour && a.abstain === b.abstain
