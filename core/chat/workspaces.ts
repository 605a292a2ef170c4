import type { Context } from '../context.ts'
import { seal, unseal } from '../seal.ts'

export type Workspace = { platform: string; id: string }
export type Installed = Workspace & { name: string; bot: string; token: string; scopes: string }

type Stored = Pick<Context, 'db' | 'config'>

/** A workspace let AutoCo in; letting it in again replaces the key. */
export async function keepWorkspace(ctx: Stored, { token, by, ...row }: Installed & { by: string }): Promise<void> {
  const values = {
    ...row,
    sealed_token: seal(ctx.config.SECRETS_KEY, token, aboutOf(row)),
    installed_by: by,
    installed_at: new Date(),
  }
  await ctx.db
    .insertInto('workspace')
    .values(values)
    .onConflict((conflict) => conflict.columns(['platform', 'id']).doUpdateSet(values))
    .execute()
}

export async function findWorkspace(ctx: Stored, { platform, id }: Workspace): Promise<Installed | undefined> {
  const row = await ctx.db
    .selectFrom('workspace')
    .selectAll()
    .where('platform', '=', platform)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) return undefined
  const { name, bot, scopes } = row
  return { platform, id, name, bot, scopes, token: unseal(ctx.config.SECRETS_KEY, row.sealed_token, aboutOf(row)) }
}

export async function countWorkspaces(ctx: Pick<Context, 'db'>, platform: string): Promise<number> {
  const { count } = await ctx.db
    .selectFrom('workspace')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('platform', '=', platform)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** AutoCo was taken off: its key goes, and what it was to say there. Channels are `<workspace>/<channel>`. */
export async function dropWorkspace(ctx: Pick<Context, 'db' | 'log'>, { platform, id }: Workspace): Promise<void> {
  ctx.log.info({ platform, workspace: id }, 'taken off a workspace')
  await ctx.db.transaction().execute(async (trx) => {
    await trx.deleteFrom('workspace').where('platform', '=', platform).where('id', '=', id).execute()
    for (const table of ['subscription', 'digest'] as const)
      await trx
        .deleteFrom(table)
        .where('platform', '=', platform)
        .where((eb) => eb.fn('starts_with', ['channel', eb.val(`${id}/`)]), '=', true as never)
        .execute()
    await trx
      .updateTable('effect')
      .set({ state: 'gone', updated_at: new Date() })
      .where('platform', '=', platform)
      .where((eb) =>
        eb.or([
          eb(eb.fn('starts_with', ['channel', eb.val(`${id}/`)]), '=', true as never),
          eb(eb.fn('starts_with', ['channel', eb.val(`@${id}/`)]), '=', true as never),
        ]),
      )
      .execute()
  })
}

const aboutOf = ({ platform, id }: Workspace): string => `${platform}/${id}`
