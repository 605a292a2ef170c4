import type { Context, Trx } from '../context.ts'
import type { DaoRow } from '../db/tables/governance.ts'
import { UserError } from '../errors.ts'
import type { Caller, Channel } from '../platform.ts'
import { writeChannelAudit } from './audit.ts'
import type { SettingName } from './names.ts'
import { rawSettingsOfAll } from './settings.ts'
import { specs } from './specs.ts'

type Change = {
  channel: Channel
  by: Caller
  /** All DAOs of the channel without it. */
  dao: Pick<DaoRow, 'id' | 'slug' | 'name'> | undefined
  name: SettingName
  typed: string
}

/** Sets one thing of a channel, and writes down who did. Setting it for all DAOs ends what single ones had of their own. */
export async function changeSetting(
  ctx: Pick<Context, 'db' | 'queue' | 'kinds'>,
  { channel, by, dao, name, typed }: Change,
): Promise<void> {
  const spec = specs[name]
  if (dao && spec.scope === 'channel')
    throw new UserError(`${spec.label} cannot differ from one DAO to another.`, {
      hint: `/settings all ${name} ${typed}`,
      code: 'usage',
    })
  const value = spec.read(typed)
  const place = { platform: channel.platform, channel: channel.id }
  await ctx.db.transaction().execute(async (trx) => {
    const before = (await rawSettingsOfAll({ db: trx }, { channels: [channel], daoId: dao?.id }))(channel)[name]
    const ended = await trx
      .deleteFrom('channel_setting')
      .where('platform', '=', place.platform)
      .where('channel', '=', place.channel)
      .where('name', '=', name)
      .$if(dao !== undefined, (query) => query.where('dao_id', '=', dao?.id ?? ''))
      .returning('value')
      .execute()
    await trx
      .insertInto('channel_setting')
      .values({ ...place, dao_id: dao?.id ?? null, name, value })
      .execute()
    if (before === value && ended.every((row) => row.value === value)) return
    const detail = `${name}: ${value}${dao ? ` for ${dao.name}` : ''} (was ${before})`
    await writeChannelAudit(trx, { channel, by, event: 'settings', detail })
    // The cards that are there are drawn anew.
    if (name === 'language' || name === 'zone') await redrawIn(ctx, trx, channel)
  })
}

/** The cards that a channel has are drawn anew, as after a change of its language or zone. */
async function redrawIn(
  ctx: Pick<Context, 'queue' | 'kinds'>,
  trx: Trx,
  channel: { platform: string; id: string },
): Promise<void> {
  const rows = await trx
    .selectFrom('effect')
    .select('key')
    .where('platform', '=', channel.platform)
    .where('channel', '=', channel.id)
    .where('state', '<>', 'gone')
    .execute()
  for (const kind of ctx.kinds.decisions) {
    const mine = rows.filter(({ key }) => key.startsWith(`${kind.name}/`)).map(({ key }) => key.split('/')[1] ?? '')
    if (mine.length === 0) continue
    for (const id of await kind.alive(trx, [...new Set(mine)])) await kind.redraw(ctx.queue, trx, id)
  }
}
