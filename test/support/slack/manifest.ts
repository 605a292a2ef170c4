/** The parts of an app manifest that decide what Slack offers and sends: https://docs.slack.dev/reference/app-manifest */
export type Manifest = {
  features: {
    slash_commands?: { command: string; description?: string; usage_hint?: string; should_escape?: boolean }[]
    shortcuts?: { name: string; type: 'global' | 'message'; callback_id: string; description?: string }[]
    app_home?: { home_tab_enabled?: boolean; messages_tab_enabled?: boolean }
  }
  oauth_config: { scopes: { bot: string[] }; redirect_urls?: string[] }
  settings: { event_subscriptions?: { bot_events?: string[] }; interactivity?: { is_enabled: boolean } }
}

/** What an app asks for that talks in channels, threads and private: a test of the real manifest passes that one. */
export const plainManifest: Manifest = {
  features: {
    slash_commands: [{ command: '/autoco' }],
    shortcuts: [],
    app_home: { home_tab_enabled: true, messages_tab_enabled: true },
  },
  oauth_config: {
    scopes: {
      bot: [
        'app_mentions:read',
        'channels:history',
        'channels:join',
        'channels:read',
        'chat:write',
        'commands',
        'groups:history',
        'groups:read',
        'im:history',
        'im:read',
        'im:write',
        'users:read',
      ],
    },
    redirect_urls: [],
  },
  settings: {
    event_subscriptions: {
      bot_events: [
        'app_home_opened',
        'app_mention',
        'app_uninstalled',
        'channel_archive',
        'channel_deleted',
        'channel_left',
        'channel_unarchive',
        'group_archive',
        'group_deleted',
        'group_left',
        'group_unarchive',
        'member_joined_channel',
        'message.channels',
        'message.groups',
        'message.im',
        'tokens_revoked',
      ],
    },
    interactivity: { is_enabled: true },
  },
}
