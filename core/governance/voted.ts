import { sql } from 'kysely'
import type { Db, Trx } from '../context.ts'

/** Some wallet of theirs has voted, or signed a ballot that was not refused: counted or still on its way. */
export async function hasVoted(
  db: Db | Trx,
  { proposalId, personId }: { proposalId: string; personId: string },
): Promise<boolean> {
  const { rows } = await sql`
    select from wallet where person_id = ${personId} and (
      exists (select from vote where voter = wallet.address and proposal_id = ${proposalId} and orphaned_at is null)
      or exists (
        select from ballot where voter = wallet.address and proposal_id = ${proposalId} and state <> 'refused'
      )
    ) limit 1`.execute(db)
  return rows.length > 0
}
