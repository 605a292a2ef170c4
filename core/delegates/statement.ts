import type { Context } from '../context.ts'
import { UserError } from '../errors.ts'
import { writeAudit } from '../identity/join.ts'
import type { Person } from '../command.ts'

const longest = 1_000

/** Says something to those who may delegate to a wallet, for everyone to read; no words take it back. */
export async function writeStatement(
  ctx: Pick<Context, 'db'>,
  params: { daoId: string; person: Person; address: string; words: string },
): Promise<void> {
  const text = params.words.toWellFormed().replaceAll('\0', '').trim()
  if (text.length > longest)
    throw new UserError(`The statement has ${text.length} characters; ${longest} is the most.`, { code: 'limit' })
  const { daoId: dao_id, address, person } = params
  await ctx.db.transaction().execute(async (trx) => {
    if (text === '')
      await trx.deleteFrom('delegate_statement').where('dao_id', '=', dao_id).where('address', '=', address).execute()
    else
      await trx
        .insertInto('delegate_statement')
        .values({ dao_id, address, text })
        .onConflict((conflict) => conflict.columns(['dao_id', 'address']).doUpdateSet({ text, updated_at: new Date() }))
        .execute()
    await writeAudit(trx, { personId: person.id, event: 'statement', detail: { dao: dao_id, wallet: address, text } })
  })
}

export async function statementsIn(
  ctx: Pick<Context, 'db'>,
  { daoId, accounts }: { daoId: string; accounts: readonly string[] },
): Promise<Map<string, string>> {
  const rows = await ctx.db
    .selectFrom('delegate_statement')
    .select(['address', 'text'])
    .where('dao_id', '=', daoId)
    .where('address', 'in', ['', ...accounts])
    .execute()
  return new Map(rows.map(({ address, text }) => [address, text]))
}
