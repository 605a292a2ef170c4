import pg from 'pg'
import { getAddress, type Address } from 'viem'
import type { Finding, Recount } from './recompute.ts'

type Row = { voter: string; support: number; weight: string; tx_hash: string; log_index: number }
type Card = { against: string; in_favour: string; abstain: string }

/** Where a short ref points to, as the running service has it. */
export async function resolveRef(
  databaseUrl: string,
  ref: string,
): Promise<{ governor: Address; proposalId: bigint } | undefined> {
  return withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ address: string; onchain_id: string }>(
      'select d.address, p.onchain_id from proposal p join dao d on d.id = p.dao_id where p.ref = $1',
      [ref],
    )
    const [row] = rows
    return row && { governor: getAddress(row.address), proposalId: BigInt(row.onchain_id) }
  })
}

/** Compares what the service keeps and shows with the recount, row by row. */
export async function compareDatabase(databaseUrl: string, ref: string, counted: Recount): Promise<Finding[]> {
  return withClient(databaseUrl, async (client) => {
    const votes = await client.query<Row>(
      `select v.voter, v.support, v.weight, v.tx_hash, v.log_index from vote v join proposal p on p.id = v.proposal_id
       where p.ref = $1 and v.orphaned_at is null order by v.block_number, v.log_index`,
      [ref],
    )
    const cards = await client.query<Card>('select against, in_favour, abstain from proposal where ref = $1', [ref])
    const newest = new Map(votes.rows.map((row) => [getAddress(row.voter), row]))
    const findings: Finding[] = []
    for (const [voter, row] of newest) {
      const where = `database, vote of ${voter} (transaction ${row.tx_hash}, log ${row.log_index})`
      const vote = counted.votes.get(voter)
      if (!vote) findings.push({ where, what: 'the chain has no such vote' })
      else if (vote.support !== row.support)
        findings.push({ where, what: `support is ${row.support}, the chain says ${vote.support}` })
      else if (vote.weight !== BigInt(row.weight))
        findings.push({ where, what: `weight is ${row.weight}, the chain says ${vote.weight}` })
    }
    for (const voter of counted.votes.keys()) {
      if (!newest.has(voter))
        findings.push({ where: `database, proposal ${ref}`, what: `the vote of ${voter} is missing` })
    }
    const [card] = cards.rows
    const { against, inFavour, abstain } = counted.tally
    if (
      card &&
      (BigInt(card.against) !== against || BigInt(card.in_favour) !== inFavour || BigInt(card.abstain) !== abstain)
    ) {
      findings.push({
        where: `database, tally of ${ref}`,
        what: `shows against ${card.against}, for ${card.in_favour}, abstain ${card.abstain}`,
      })
    }
    return findings
  })
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
