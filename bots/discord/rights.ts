import {
  OverwriteType,
  PermissionFlagsBits,
  Routes,
  type APIGuildChannel,
  type APIGuildMember,
  type APIRole,
} from 'discord.js'
import { UserError, type Channel, type GivesRoles } from '../../core/index.ts'
import { codes, isRefused, type Api } from './api.ts'

/** What AutoCo needs in a channel, in Discord's own words, and why. */
const needed = {
  'View Channel': PermissionFlagsBits.ViewChannel,
  'Send Messages': PermissionFlagsBits.SendMessages,
  'Embed Links': PermissionFlagsBits.EmbedLinks,
  'Read Message History': PermissionFlagsBits.ReadMessageHistory,
  'Create Public Threads': PermissionFlagsBits.CreatePublicThreads,
  'Send Messages in Threads': PermissionFlagsBits.SendMessagesInThreads,
} as const

/** The invite link asks for those, and for roles. */
export const invitePermissions = Object.values(needed).reduce(
  (all, flag) => all | flag,
  PermissionFlagsBits.ManageRoles as bigint,
)

/** The names of what AutoCo lacks in a channel. */
export async function missingIn(api: Api, self: string, { id, server }: Channel): Promise<string[]> {
  if (id.startsWith('@')) return []
  try {
    const channel = await api.call<APIGuildChannel>('GET', Routes.channel(id))
    const guild = server ?? channel.guild_id
    if (guild === undefined) return []
    const [member, roles] = await Promise.all([
      api.call<APIGuildMember>('GET', Routes.guildMember(guild, self)),
      api.call<APIRole[]>('GET', Routes.guildRoles(guild)),
    ])
    const have = permissionsOf({ channel, member, roles, guild, self })
    return Object.entries(needed).flatMap(([name, flag]) => ((have & flag) === flag ? [] : [name]))
  } catch (error) {
    if (isRefused(error, codes.MissingAccess, codes.UnknownChannel)) return ['View Channel']
    throw error
  }
}

/** Discord's own order: everyone's role, the member's roles, then what the channel changes. */
function permissionsOf(of: {
  channel: APIGuildChannel
  member: APIGuildMember
  roles: APIRole[]
  guild: string
  self: string
}): bigint {
  const mine = of.roles.filter(({ id }) => id === of.guild || of.member.roles.includes(id))
  let have = mine.reduce((all, { permissions }) => all | BigInt(permissions), 0n)
  if ((have & PermissionFlagsBits.Administrator) !== 0n) return ~0n
  const overwrites = of.channel.permission_overwrites ?? []
  const change = (those: typeof overwrites): void => {
    for (const { deny } of those) have &= ~BigInt(deny)
    for (const { allow } of those) have |= BigInt(allow)
  }
  change(overwrites.filter(({ id }) => id === of.guild))
  change(overwrites.filter(({ id, type }) => type === OverwriteType.Role && of.member.roles.includes(id)))
  change(overwrites.filter(({ id, type }) => type === OverwriteType.Member && id === of.self))
  return have
}

/** Giving and taking roles. Somebody who is not in the server is no fault: nothing changes. */
export const rolesOf = (api: () => Api): GivesRoles => ({
  async setRole({ server, user, role, has }) {
    try {
      const member = await api().call<APIGuildMember>('GET', Routes.guildMember(server, user))
      if (member.roles.includes(role) === has) return false
      await api().call(has ? 'PUT' : 'DELETE', Routes.guildMemberRole(server, user, role), {
        reason: 'a rule of /role in AutoCo',
      })
      return true
    } catch (error) {
      if (isRefused(error, codes.UnknownMember, codes.UnknownUser)) return false
      if (isRefused(error, codes.UnknownRole))
        throw new UserError('The role was deleted.', { hint: '/role-off', code: 'role', cause: error })
      if (isRefused(error, codes.MissingPermissions))
        throw new UserError('AutoCo may not give this role.', {
          hint: 'Server Settings → Roles: give AutoCo “Manage Roles”, and drag its role above the one it is to give.',
          code: 'role',
          cause: error,
        })
      if (isRefused(error, codes.MissingAccess, codes.UnknownGuild))
        throw new UserError('AutoCo is not in that server any more.', { code: 'role', cause: error })
      throw error
    }
  },
  async roleName({ server, role }) {
    const roles = await api().call<APIRole[]>('GET', Routes.guildRoles(server))
    return roles.find(({ id }) => id === role)?.name
  },
})
