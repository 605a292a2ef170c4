import { arg, defineCommand } from '../../command.ts'
import type { Context } from '../../context.ts'
import type { DaoRow } from '../../db/tables/governance.ts'
import { UserError } from '../../errors.ts'
import type { Channel } from '../../platform.ts'
import { changeSetting } from '../change.ts'
import { languages } from '../../words/languages.ts'
import type { SettingName } from '../names.ts'
import { rawSettingsOfAll } from '../settings.ts'
import { settingNames, specs } from '../specs.ts'
import { zones } from '../zones.ts'
import { settingsView } from '../views/settings.ts'
import { daoArg } from '../../args.ts'

const everyDao = 'all'

/** `/settings` shows how this channel is spoken to, `/settings ens ending off` and `/settings all zone Europe/Berlin` change it. */
export const settings = defineCommand({
  name: 'settings',
  description: 'What this channel hears of, when, and in which language',
  args: {
    dao: arg.optional({
      ...daoArg('Of which DAO, like ens, or all'),
      complete: async (ctx, prefix) => [
        ...(everyDao.startsWith(prefix.toLowerCase()) ? [{ value: everyDao, label: 'All DAOs of this channel' }] : []),
        ...((await daoArg('').complete?.(ctx, prefix)) ?? []),
      ],
    }),
    what: arg.optional(
      arg.choice(
        'What to change',
        settingNames.map((value) => ({ value, label: specs[value].label })),
      ),
    ),
    value: {
      ...arg.optional(arg.text('on, off, 50 90, Europe/Berlin, de, 22:00-08:00')),
      requiredWith: 'what',
      complete: async (_ctx, prefix) => valuesLike(prefix.toLowerCase()),
    },
  },
  audience: 'caller',
  access: 'manager',
  byLink: ({ what }) => what === undefined,
  async run(ctx, { caller, channel, args }) {
    const daos = await daosHere(ctx, channel)
    const dao = args.dao === undefined || args.dao === everyDao ? undefined : daoHere(daos, args.dao)
    if (args.what !== undefined && args.value !== undefined)
      await changeSetting(ctx, { channel, by: caller, dao, name: args.what as SettingName, typed: args.value })
    const own = await Promise.all(
      daos.map(async (each) => ({
        dao: each,
        settings: (await rawSettingsOfAll(ctx, { channels: [channel], daoId: each.id }))(channel),
      })),
    )
    const whole = (await rawSettingsOfAll(ctx, { channels: [channel] }))(channel)
    return settingsView({ whole, daos: own, dao })
  },
})

function daosHere(ctx: Pick<Context, 'db'>, channel: Channel): Promise<Pick<DaoRow, 'id' | 'slug' | 'name'>[]> {
  return ctx.db
    .selectFrom('subscription')
    .innerJoin('dao', 'dao.id', 'subscription.dao_id')
    .select(['dao.id', 'dao.slug', 'dao.name'])
    .where('subscription.platform', '=', channel.platform)
    .where('subscription.channel', '=', channel.id)
    .orderBy('dao.slug')
    .execute()
}

function daoHere<D extends { slug: string }>(daos: readonly D[], slug: string): D {
  const dao = daos.find((each) => each.slug === slug)
  if (dao) return dao
  const known = [everyDao, ...daos.map((each) => each.slug)].join(', ')
  throw new UserError(`No DAO called “${slug.slice(0, 40)}” is watched in this channel.`, {
    hint: `Say one of ${known}, or watch it first: /watch <address>`,
  })
}

function valuesLike(prefix: string): { value: string; label: string }[] {
  const known = [
    { value: 'on', label: 'on' },
    { value: 'off', label: 'off' },
    { value: '50 90', label: 'Remind at 50 % and at 90 %' },
    { value: '22:00-08:00', label: 'Quiet from 22:00 to 08:00' },
    ...Object.entries(languages).map(([value, label]) => ({ value, label })),
    ...zones().map((value) => ({ value, label: value })),
  ]
  return known.filter(({ value }) => value.toLowerCase().includes(prefix))
}
