import type { Context, Trx } from '../context.ts'
import type { DaoRow } from '../db/tables/governance.ts'
import { UserError } from '../errors.ts'
import { announce } from '../governance/announce.ts'
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
  ctx: Pick<Context, 'db' | 'queue'>,
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
    if (name === 'language' || name === 'zone') await redraw(ctx, trx, channel)
  })
}

/** The cards that are there are drawn anew. */
async function redraw(ctx: Pick<Context, 'queue'>, trx: Trx, channel: Channel): Promise<void> {
  const cards = await trx
    .selectFrom('effect')
    .innerJoin('proposal', (join) =>
      join.on((eb) =>
        eb(eb.fn('split_part', ['effect.key', eb.val('/'), eb.lit(2)]), '=', eb.cast('proposal.id', 'text')),
      ),
    )
    .select('proposal.id')
    .where('effect.platform', '=', channel.platform)
    .where('effect.channel', '=', channel.id)
    .where('effect.key', 'like', 'proposal/%')
    .where('effect.state', '<>', 'gone')
    .where('proposal.final', '=', false)
    .execute()
  for (const { id } of cards) await ctx.queue.send(trx, announce, { proposalId: id }, { key: id })
}
