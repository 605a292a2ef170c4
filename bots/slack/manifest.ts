import type { AnyCommand } from '../../core/index.ts'
import { events, scopes, shortcuts } from './scopes.ts'

/**
 * The app as Slack has to know it. With a public address Slack sends requests there; without one it uses Socket Mode,
 * which needs an app token with `connections:write`.
 */
export function slackManifest(params: { commands: readonly AnyCommand[]; publicUrl: string | undefined }) {
  const { commands, publicUrl } = params
  const hooks = publicUrl && `${publicUrl.replace(/\/+$/, '')}/hooks/slack/events`
  const at = hooks === undefined ? {} : { url: hooks }
  return {
    display_information: {
      name: 'AutoCo',
      description: 'Governance where you talk: read, vote and follow what your DAOs decide',
      background_color: '#1f2a44',
    },
    features: {
      bot_user: { display_name: 'AutoCo', always_online: true },
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      slash_commands: [
        {
          command: '/autoco',
          description: 'Proposals, votes, receipts, digests',
          usage_hint: commands
            .map(({ name }) => name)
            .join(' | ')
            .slice(0, 1_000),
          should_escape: true,
          ...at,
        },
      ],
      shortcuts: shortcuts.map((shortcut) => ({ ...shortcut })),
    },
    oauth_config: {
      scopes: { bot: scopes.map(({ scope }) => scope) },
      ...(publicUrl ? { redirect_urls: [`${publicUrl.replace(/\/+$/, '')}/`] } : {}),
    },
    settings: {
      event_subscriptions: { bot_events: [...events], ...(hooks === undefined ? {} : { request_url: hooks }) },
      interactivity: { is_enabled: true, ...(hooks === undefined ? {} : { request_url: hooks }) },
      org_deploy_enabled: false,
      socket_mode_enabled: hooks === undefined,
      token_rotation_enabled: false,
    },
  }
}
