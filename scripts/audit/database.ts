import pg from 'pg'
import { getAddress, type Address } from 'viem'
import { tallyWords, type Finding } from './counting.ts'
import type { Recount } from './recount.ts'

type Found = { counted: Recount; head: bigint }
type VoteRow = { voter: string; support: number; weight: string; tx_hash: string; log_index: number }
type BallotRow = { id: string; voter: string; support: number; tx_hash: string | null }
type CardRow = { against: string; in_favour: string; abstain: string; tally_block: string | null }

/** Where a short ref points to, as the running service has it. */
export function resolveRef(url: string, ref: string): Promise<{ governor: Address; proposalId: bigint } | undefined> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ address: string; onchain_id: string }>(
      `select d.address, p.onchain_id from proposal p join dao d on d.id = p.dao_id
       where p.ref = $1 and p.orphaned_at is null`,
      [ref],
    )
    const [row] = rows
    return row && { governor: getAddress(row.address), proposalId: BigInt(row.onchain_id) }
  })
}

/** Compares what the service keeps and shows with the recount, row by row. */
export function compareDatabase({ url, ref }: { url: string; ref: string }, found: Found): Promise<Finding[]> {
  return withClient(url, async (client) => [
    ...(await compareVotes(client, ref, found)),
    ...(await compareBallots(client, ref, found)),
    ...(await compareCard(client, ref, found)),
  ])
}

async function compareVotes(client: pg.Client, ref: string, { counted, head }: Found): Promise<Finding[]> {
  const { rows } = await client.query<VoteRow>(
    `select v.voter, v.support, v.weight, v.tx_hash, v.log_index from vote v join proposal p on p.id = v.proposal_id
     where p.ref = $1 and v.orphaned_at is null and v.block_number <= $2 order by v.block_number, v.log_index`,
    [ref, head.toString()],
  )
  const newest = new Map(rows.map((row) => [getAddress(row.voter), row]))
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
  for (const voter of counted.votes.keys())
    if (!newest.has(voter as Address))
      findings.push({ where: `database, proposal ${ref}`, what: `the vote of ${voter} is missing` })
  return findings
}

/** What voters were told was counted must have been. */
async function compareBallots(client: pg.Client, ref: string, { counted, head }: Found): Promise<Finding[]> {
  const { rows } = await client.query<BallotRow>(
    `select b.id, b.voter, b.support, b.tx_hash from ballot b join proposal p on p.id = b.proposal_id
     where p.ref = $1 and b.state in ('counted', 'final') and b.block_number <= $2`,
    [ref, head.toString()],
  )
  return rows
    .filter((row) => !counted.logged.has(`${row.tx_hash}/${getAddress(row.voter)}/${row.support}`))
    .map((row) => ({
      where: `database, ballot ${row.id} of ${getAddress(row.voter)}`,
      what: `it is marked as counted with support ${row.support} in transaction ${row.tx_hash}, and the chain has no such vote`,
    }))
}

async function compareCard(client: pg.Client, ref: string, { counted }: Found): Promise<Finding[]> {
  const { rows } = await client.query<CardRow>(
    'select against, in_favour, abstain, tally_block from proposal where ref = $1 and orphaned_at is null',
    [ref],
  )
  const [row] = rows
  if (!row) return [{ where: `database, proposal ${ref}`, what: 'there is no such row' }]
  const shown = { against: BigInt(row.against), inFavour: BigInt(row.in_favour), abstain: BigInt(row.abstain) }
  const then = tallyAt(counted, row.tally_block)
  if (tallyWords(shown) === tallyWords(then)) return []
  return [
    {
      where: `database, tally of ${ref}`,
      what: `it shows ${tallyWords(shown)}${row.tally_block ? ` as of block ${row.tally_block}` : ''}, the recount says ${tallyWords(then)}`,
    },
  ]
}

/** The card may have been drawn before the newest votes: what it shows is held against the tally of its own block. */
function tallyAt({ steps }: Recount, block: string | null): Recount['tally'] {
  const last = steps.findLast((step) => block === null || step.block <= BigInt(block))
  return last?.tally ?? { against: 0n, inFavour: 0n, abstain: 0n }
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
