import { arg, defineCommand, type Arg } from '../../command.ts'
import type { Context } from '../../context.ts'
import { UserError } from '../../errors.ts'
import { findDao } from '../../governance/dao.ts'
import { has, privateChannel, type Channel, type GivesRoles } from '../../platform.ts'
import { roles as rolesJob } from '../../identity/role-round.ts'
import { readAtLeast, readRule, ruleKinds } from '../rule.ts'
import { writeChannelAudit } from '../../settings/audit.ts'
import { rolesView, ruleWords } from '../views/roles.ts'

/** A role as forms and people name it: its id, or a mention of it. */
const roleArg: Arg<string> = {
  ...arg.word('Which role of this server'),
  kind: 'role',
  parse: (word) => /^<@&(\d+)>$/.exec(word)?.[1] ?? word,
}

/** `/role @Delegate power:ens 1000` gives a role of the server to whoever has that much voting power. */
export const role = defineCommand({
  name: 'role',
  description: 'Give a role to who is linked, has voting power, or votes',
  args: {
    role: roleArg,
    rule: { ...arg.word('linked, power:ens or participation:ens'), parse: readRule, complete: completeRule },
    'at-least': arg.optional(arg.word('Tokens for power (1), percent for participation (50)')),
  },
  audience: 'caller',
  access: 'manager',
  async run(ctx, { caller, channel, args }) {
    const { platform, server } = placeOf(ctx, channel)
    const { kind } = args.rule
    const dao = args.rule.dao === undefined ? undefined : await findDao(ctx, args.rule.dao)
    const at_least = readAtLeast(kind, args['at-least'])
    const name = await platform.roleName({ server, role: args.role })
    if (name === undefined)
      throw new UserError('This server has no such role.', { hint: 'Choose one of its roles: /role', code: 'unknown' })
    const values = { kind, dao_id: dao?.id ?? null, at_least, created_by: privateChannel(caller).id, ended: false }
    await ctx.db.transaction().execute(async (trx) => {
      await trx
        .insertInto('role_rule')
        .values({ platform: channel.platform, server, role: args.role, ...values })
        .onConflict((conflict) =>
          conflict.columns(['platform', 'server', 'role']).doUpdateSet({ ...values, problem: null }),
        )
        .execute()
      const detail = `role ${name}: ${ruleWords({ kind, dao: dao?.slug, atLeast: at_least })}`
      await writeChannelAudit(trx, { channel, by: caller, event: 'role', detail })
      await ctx.queue.send(trx, rolesJob, {}, { key: 'roles' })
    })
    return await shownRoles(ctx, { channel, platform, server })
  },
})

export const roles = defineCommand({
  name: 'roles',
  description: 'Which roles AutoCo gives here, and to how many',
  args: {},
  audience: 'caller',
  access: 'anyone',
  byLink: () => true,
  run: async (ctx, { channel }) => await shownRoles(ctx, { channel, ...placeOf(ctx, channel) }),
})

export const roleOff = defineCommand({
  name: 'role-off',
  description: 'No longer give a role; whoever got it from AutoCo loses it',
  args: { role: roleArg },
  audience: 'caller',
  access: 'manager',
  async run(ctx, { caller, channel, args }) {
    const { platform, server } = placeOf(ctx, channel)
    await ctx.db.transaction().execute(async (trx) => {
      const row = await trx
        .updateTable('role_rule')
        .set({ ended: true })
        .where('platform', '=', channel.platform)
        .where('server', '=', server)
        .where('role', '=', args.role)
        .where('ended', '=', false)
        .returning('role')
        .executeTakeFirst()
      if (!row) throw new UserError('AutoCo does not give this role.', { hint: '/roles', code: 'none' })
      const name = await platform.roleName({ server, role: args.role })
      await writeChannelAudit(trx, { channel, by: caller, event: 'role', detail: `role ${name ?? args.role}: ended` })
      await ctx.queue.send(trx, rolesJob, {}, { key: 'roles' })
    })
    return await shownRoles(ctx, { channel, platform, server })
  },
})

function placeOf(ctx: Pick<Context, 'platform'>, channel: Channel): { platform: GivesRoles; server: string } {
  const platform = ctx.platform?.(channel.platform)
  if (!has<GivesRoles>(platform, 'setRole'))
    throw new UserError('This platform has no roles that AutoCo could give.', { code: 'no-roles' })
  if (channel.server === undefined)
    throw new UserError('Roles belong to a server, and this conversation is in none.', {
      hint: 'Ask in a channel of the server.',
      code: 'no-roles',
    })
  return { platform, server: channel.server }
}

async function shownRoles(
  ctx: Pick<Context, 'db'>,
  { channel, platform, server }: { channel: Channel; platform: GivesRoles; server: string },
) {
  const rules = await ctx.db
    .selectFrom('role_rule')
    .leftJoin('dao', 'dao.id', 'role_rule.dao_id')
    .select([
      'role_rule.role',
      'role_rule.kind',
      'role_rule.at_least as atLeast',
      'role_rule.problem',
      'dao.slug as dao',
    ])
    .select((eb) =>
      eb
        .selectFrom('role_holder')
        .select((count) => count.fn.countAll<string>().as('count'))
        .whereRef('role_holder.platform', '=', 'role_rule.platform')
        .whereRef('role_holder.server', '=', 'role_rule.server')
        .whereRef('role_holder.role', '=', 'role_rule.role')
        .where('role_holder.has', '=', true)
        .as('holders'),
    )
    .where('role_rule.platform', '=', channel.platform)
    .where('role_rule.server', '=', server)
    .where('role_rule.ended', '=', false)
    .orderBy('role_rule.created_at')
    .execute()
  return rolesView(
    await Promise.all(
      rules.map(async (rule) => ({
        ...rule,
        dao: rule.dao ?? undefined,
        holders: Number(rule.holders),
        name: await platform.roleName({ server, role: rule.role }),
      })),
    ),
  )
}

async function completeRule(ctx: Context, prefix: string) {
  const daos = await ctx.db.selectFrom('dao').select(['slug', 'name']).orderBy('slug').limit(12).execute()
  return [
    { value: 'linked', label: ruleKinds.linked },
    ...(['power', 'participation'] as const).flatMap((kind) =>
      daos.map(({ slug, name }) => ({ value: `${kind}:${slug}`, label: `${ruleKinds[kind].replace('a DAO', name)}` })),
    ),
  ].filter(({ value }) => value.startsWith(prefix.toLowerCase()))
}
