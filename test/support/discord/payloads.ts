import { channelTypes, isThread } from './state.ts'
import type { Json } from './json.ts'
import type { Channel, Guild, Member, Message, Role, State, User } from './state.ts'

const joined = '2026-01-01T00:00:00.000000+00:00'

const looks = { collectibles: null, display_name_styles: null }
const unmuted = { muted: false, mute_config: null }

export function userJson(user: User): Json {
  return {
    id: user.id,
    username: user.username,
    global_name: user.global_name,
    discriminator: '0',
    ...looks,
    avatar: null,
    avatar_decoration_data: null,
    clan: null,
    primary_guild: null,
    public_flags: 0,
    flags: 0,
    ...(user.bot && { bot: true }),
  }
}

export function roleJson(guild: Guild, role: Role): Json {
  return {
    id: role.id,
    name: role.id === guild.id ? '@everyone' : role.name,
    description: null,
    permissions: role.permissions.toString(),
    position: role.position,
    color: 0,
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    managed: false,
    mentionable: false,
    icon: null,
    unicode_emoji: null,
    flags: 0,
  }
}

export function memberJson(member: Member): Json {
  return {
    user: userJson(member.user),
    roles: member.roles,
    joined_at: member.joined_at,
    ...looks,
    nick: null,
    unusual_dm_activity_until: null,
    avatar: null,
    banner: null,
    communication_disabled_until: null,
    premium_since: null,
    pending: false,
    deaf: false,
    mute: false,
    flags: 0,
  }
}

export function channelJson(state: State, channel: Channel): Json {
  if (channel.type === channelTypes.dm)
    return {
      id: channel.id,
      type: 1,
      flags: 0,
      last_message_id: null,
      recipients: [userJson(state.user(channel.recipient!))],
    }
  const common = {
    id: channel.id,
    type: channel.type,
    guild_id: channel.guild,
    name: channel.name,
    parent_id: channel.parent ?? null,
    flags: 0,
    last_message_id: null,
    rate_limit_per_user: 0,
  }
  if (isThread(channel))
    return {
      ...common,
      owner_id: channel.owner,
      message_count: channel.messages.size,
      member_count: 1,
      member_ids_preview: [channel.owner],
      member: { id: channel.id, user_id: channel.owner, flags: 0, join_timestamp: joined, ...unmuted },
      total_message_sent: channel.messages.size,
      applied_tags: channel.applied,
      thread_metadata: {
        archived: channel.archived,
        locked: channel.locked,
        auto_archive_duration: 4320,
        archive_timestamp: joined,
        create_timestamp: joined,
      },
    }
  return {
    ...common,
    position: 0,
    nsfw: false,
    topic: null,
    permission_overwrites: channel.overwrites.map((one) => ({
      ...one,
      allow: one.allow.toString(),
      deny: one.deny.toString(),
    })),
    ...(channel.type === channelTypes.forum && {
      available_tags: channel.tags.map((tag) => ({ ...tag, emoji_id: null, emoji_name: null })),
      default_sort_order: null,
      default_reaction_emoji: null,
      default_forum_layout: 0,
    }),
  }
}

export function guildJson(state: State, guild: Guild): Json {
  const channels = [...state.channels.values()].filter((one) => one.guild === guild.id)
  return {
    id: guild.id,
    name: guild.name,
    owner_id: guild.owner,
    icon: null,
    splash: null,
    banner: null,
    description: null,
    features: [],
    emojis: [],
    stickers: [],
    roles: [...guild.roles.values()].map((role) => roleJson(guild, role)),
    afk_timeout: 300,
    afk_channel_id: null,
    system_channel_id: null,
    system_channel_flags: 0,
    rules_channel_id: null,
    public_updates_channel_id: null,
    safety_alerts_channel_id: null,
    preferred_locale: 'en-US',
    verification_level: 0,
    default_message_notifications: 1,
    explicit_content_filter: 0,
    mfa_level: 0,
    nsfw_level: 0,
    premium_tier: 0,
    premium_subscription_count: 0,
    premium_progress_bar_enabled: false,
    vanity_url_code: null,
    member_count: guild.members.size,
    joined_at: joined,
    large: false,
    unavailable: false,
    members: [...guild.members.values()].map(memberJson),
    channels: channels.filter((one) => !isThread(one)).map((one) => channelJson(state, one)),
    threads: channels.filter((one) => isThread(one) && !one.archived).map((one) => channelJson(state, one)),
    presences: [],
    voice_states: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  }
}

export function messageJson(message: Message): Json {
  const { ephemeralTo: _hidden, allowed: _allowed, thread: _thread, ...shown } = message
  return { ...shown, author: userJson(message.author), mentions: message.mentions.map(userJson) }
}
