import type { Context, Db, Trx } from '../context.ts'
import { UserError } from '../errors.ts'
import { tokenOf, type Token } from '../chain/token.ts'
import { taskRef, type ChallengeRecord } from './record.ts'
import type { ChallengeStory, TaskStory, Terms } from './story.ts'

/** May ask the chain, so it comes before the transaction that reads the rows. */
export async function readChallenge(ctx: Pick<Context, 'db' | 'chain' | 'kv'>, id: string): Promise<ChallengeRecord> {
  const { token } = await ctx.db.selectFrom('challenge').select('token').where('id', '=', id).executeTakeFirstOrThrow()
  return challengeRecord(ctx.db, { id, unit: await tokenOf(ctx, { chain_id: ctx.chain.id, token }) })
}

/** From rows alone. */
export async function challengeRecord(
  db: Db | Trx,
  { id, unit }: { id: string; unit: Token },
): Promise<ChallengeRecord> {
  const row = await db.selectFrom('challenge').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  const [global, daos, domains] = await Promise.all([
    db
      .selectFrom('dao')
      .select(['id', 'slug', 'name', 'address', 'chain_id'])
      .where('id', '=', row.dao_id)
      .executeTakeFirstOrThrow(),
    db.selectFrom('mesh_dao').selectAll().where('dao_id', '=', row.dao_id).orderBy('number').execute(),
    db.selectFrom('mesh_domain').selectAll().where('dao_id', '=', row.dao_id).orderBy('name').execute(),
  ])
  return {
    ...row,
    story: row.story as ChallengeStory,
    terms: row.terms as Terms,
    requirements: row.requirements as string[],
    unit,
    global,
    daos,
    domains,
  }
}

/** By its ref such as `global-3`. */
export async function findChallenge(ctx: Pick<Context, 'db' | 'chain' | 'kv'>, ref: string): Promise<ChallengeRecord> {
  const row = await ctx.db
    .selectFrom('challenge')
    .select('id')
    .where('ref', '=', ref.toLowerCase())
    .where('gone_at', 'is', null)
    .executeTakeFirst()
  if (!row) throw new UserError(`I know no challenge “${ref.slice(0, 40)}”.`, { hint: '/challenge' })
  return readChallenge(ctx, row.id)
}

export type FoundTask = { record: ChallengeRecord; task: TaskStory; number: number; ref: string }

/** By its ref such as `global-3.2`: the second task. `number` counts from 0, as the contract does. */
export async function findTask(ctx: Pick<Context, 'db' | 'chain' | 'kv'>, ref: string): Promise<FoundTask> {
  const [challenge = '', place = ''] = ref.split('.')
  const record = await findChallenge(ctx, challenge)
  const number = Number(place) - 1
  const task = record.story.tasks[number]
  if (task) return { record, task, number, ref: taskRef(record, number) }
  const count = record.story.tasks.length
  throw new UserError(
    count === 0
      ? `${record.ref} has no tasks yet: no plan was adopted.`
      : `${record.ref} has ${count} tasks, not ${place}.`,
    { hint: `/challenge ${record.ref}` },
  )
}

/** The Global DAO that is meant where none is named: the only one, or AutoCo's own. */
export async function theGlobalDao(ctx: Pick<Context, 'db' | 'chain'>): Promise<ChallengeRecord['global']> {
  const rows = await ctx.db
    .selectFrom('dao')
    .select(['id', 'slug', 'name', 'address', 'chain_id'])
    .where('kind', '=', 'global')
    .where('chain_id', '=', ctx.chain.id)
    .orderBy('id')
    .execute()
  const own = ctx.chain.addresses.globalDao?.toLowerCase()
  const found = rows.find(({ address }) => address.toLowerCase() === own) ?? rows[0]
  if (found) return found
  throw new UserError('No Global DAO is watched here yet.', { hint: '/watch <address of the Global DAO>' })
}
