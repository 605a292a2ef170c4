import type { Method } from './method.ts'

export const oauthMethods: Record<string, Method> = {
  'oauth.v2.access': {
    token: 'none',
    required: ['client_id', 'client_secret', 'code'],
    run: ({ consents, state }, args) => {
      const granted = consents.redeem(args, 'install')
      const workspace = consents.installed(granted)
      return {
        app_id: state.appId,
        authed_user: { id: granted.user },
        scope: workspace.scopes.join(','),
        token_type: 'bot',
        access_token: workspace.token,
        bot_user_id: workspace.botUser,
        team: { id: workspace.id, name: workspace.name },
        enterprise: null,
        is_enterprise_install: false,
      }
    },
  },
  'openid.connect.token': {
    token: 'none',
    required: ['client_id', 'client_secret', 'code'],
    run: ({ consents }, args) => ({ token_type: 'Bearer', ...consents.identify(consents.redeem(args, 'openid')) }),
  },
  'openid.connect.userInfo': {
    token: 'user',
    run: ({ consents, bearer }) => consents.claims(consents.who(bearer)),
  },
}
