import type { Context, Db, Trx } from '../context.ts'
import type { DigestRow } from '../db/tables/digest.ts'
import { UserError } from '../errors.ts'
import { privateChannel, type Caller, type Channel } from '../platform.ts'
import { writeChannelAudit } from '../settings/audit.ts'
import { nextAfter } from './schedule.ts'
import type { SectionName } from '../db/tables/digest.ts'

type Change = { channel: Channel; by: Caller }
type Wanted = {
  daos: readonly { id: string; slug: string }[] | null
  sections: readonly SectionName[]
  said: string
  cron: string
  zone: string
}

export const digestOf = (
  db: Db | Trx,
  { platform, id }: Pick<Channel, 'platform' | 'id'>,
): Promise<DigestRow | undefined> =>
  db.selectFrom('digest').selectAll().where('platform', '=', platform).where('channel', '=', id).executeTakeFirst()

/** Sets the digest of a channel up, or changes it; what the last one told stays told. */
export async function setDigest(
  ctx: Pick<Context, 'db' | 'now'>,
  { channel, by, ...wanted }: Change & Wanted,
): Promise<DigestRow> {
  const { daos, sections, said, cron, zone } = wanted
  const now = ctx.now()
  const next = nextAfter({ cron, zone }, now)
  if (next === undefined) throw new UserError(`“${said.slice(0, 60)}” never comes.`, { hint: '/digest', code: 'usage' })
  const values = {
    server: channel.server ?? null,
    daos: daos?.map(({ id }) => id) ?? null,
    sections: [...sections],
    said,
    cron,
    zone,
    created_by: privateChannel(by).id,
    next_at: new Date(next),
    skip_next: false,
  }
  return await ctx.db.transaction().execute(async (trx) => {
    const row = await trx
      .insertInto('digest')
      .values({ platform: channel.platform, channel: channel.id, last_at: new Date(now), ...values })
      .onConflict((conflict) => conflict.columns(['platform', 'channel']).doUpdateSet(values))
      .returningAll()
      .executeTakeFirstOrThrow()
    const of = daos?.map(({ slug }) => slug).join(', ') ?? 'all DAOs of the channel'
    const detail = `digest of ${of} (${sections.join(', ')}): ${said}, ${zone}`
    await writeChannelAudit(trx, { channel, by, event: 'digest', detail })
    return row
  })
}

/** Leaves the next one out; the one after that tells of both times. */
export async function snoozeDigest(ctx: Pick<Context, 'db'>, { channel, by }: Change): Promise<DigestRow> {
  return await ctx.db.transaction().execute(async (trx) => {
    const row = await trx
      .updateTable('digest')
      .set({ skip_next: true })
      .where('platform', '=', channel.platform)
      .where('channel', '=', channel.id)
      .returningAll()
      .executeTakeFirst()
    if (!row) throw noDigest()
    await writeChannelAudit(trx, { channel, by, event: 'digest', detail: 'skips the next digest' })
    return row
  })
}

export async function endDigest(ctx: Pick<Context, 'db'>, { channel, by }: Change): Promise<void> {
  await ctx.db.transaction().execute(async (trx) => {
    const row = await trx
      .deleteFrom('digest')
      .where('platform', '=', channel.platform)
      .where('channel', '=', channel.id)
      .returning('channel')
      .executeTakeFirst()
    if (!row) throw noDigest()
    await writeChannelAudit(trx, { channel, by, event: 'digest', detail: 'no more digests' })
  })
}

export const noDigest = (): UserError =>
  new UserError('This channel has no digest.', { hint: '/digest all all "mondays 9:00" Europe/Berlin', code: 'none' })
