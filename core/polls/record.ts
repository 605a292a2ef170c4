import type { Context, Db, Trx } from '../context.ts'
import type { DaoRow } from '../db/tables/governance.ts'
import type { PaperRow, PollRow } from '../db/tables/polls.ts'
import { UserError } from '../errors.ts'
import type { Token } from '../chain/token.ts'

export const pollRefPattern = /^[a-z][a-z0-9]{1,11}-p\d{1,6}$/

/** All that a card says of a poll, as the rows had it at one moment. */
export type PollRecord = {
  poll: PollRow
  paper: PaperRow
  /** How many polls its paper has, with it. */
  together: number
  dao: Pick<DaoRow, 'id' | 'name' | 'slug'>
  token: Token
}

export const optionsOf = ({ options }: Pick<PollRow, 'options'>): string[] => options as string[]

export async function findPoll(ctx: Pick<Context, 'db'>, ref: string): Promise<PollRow> {
  const poll = await ctx.db
    .selectFrom('poll')
    .selectAll()
    .where('ref', '=', ref.toLowerCase())
    .where('orphaned_at', 'is', null)
    .executeTakeFirst()
  if (!poll)
    throw new UserError(`I know no poll called “${ref.slice(0, 60)}”.`, { hint: '/polls', code: 'unknown-poll' })
  return poll
}

/** From rows alone. */
export async function readPoll(db: Db | Trx, { poll, token }: { poll: PollRow; token: Token }): Promise<PollRecord> {
  const dao = await db
    .selectFrom('dao')
    .select(['id', 'name', 'slug'])
    .where('id', '=', poll.dao_id)
    .executeTakeFirstOrThrow()
  const paper = await paperRow(db, { daoId: poll.dao_id, number: poll.paper })
  const { length: together } = await pollsOn(db, { daoId: poll.dao_id, paper: poll.paper })
  return { poll, paper, together, dao, token }
}

export const paperRow = (db: Db | Trx, { daoId, number }: { daoId: string; number: number }): Promise<PaperRow> =>
  db.selectFrom('paper').selectAll().where('dao_id', '=', daoId).where('number', '=', number).executeTakeFirstOrThrow()

/** In the order of the answers. */
export const pollsOn = (db: Db | Trx, { daoId, paper }: { daoId: string; paper: number }): Promise<PollRow[]> =>
  db
    .selectFrom('poll')
    .selectAll()
    .where('dao_id', '=', daoId)
    .where('paper', '=', paper)
    .where('is_withdrawn', '=', false)
    .where('orphaned_at', 'is', null)
    .orderBy('number')
    .execute()

/** Papers that take answers, as of the last look, the one that closes first in front. */
export const openPapers = (db: Db | Trx, daoId: string): Promise<PaperRow[]> =>
  db
    .selectFrom('paper')
    .selectAll()
    .where('dao_id', '=', daoId)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('poll')
          .select('poll.id')
          .whereRef('poll.dao_id', '=', 'paper.dao_id')
          .whereRef('poll.paper', '=', 'paper.number')
          .where('poll.state', '=', 'open')
          .where('poll.orphaned_at', 'is', null),
      ),
    )
    .orderBy('closes')
    .execute()
