import { revoke } from '../installing.ts'
import { flag, type Method } from './method.ts'

export const appMethods: Record<string, Method> = {
  'api.test': { token: 'none', run: () => ({}) },
  'auth.test': {
    run: ({ workspace, state }) => ({
      url: `https://${workspace.domain}.slack.com/`,
      team: workspace.name,
      user: state.people.get(workspace.botUser)?.name,
      team_id: workspace.id,
      user_id: workspace.botUser,
      bot_id: workspace.botId,
      is_enterprise_install: false,
    }),
  },
  'auth.revoke': {
    run: (to, args) => {
      if (!flag(args['test'])) revoke(to.workspace, 'token_revoked')
      return { revoked: !flag(args['test']) }
    },
  },
  'apps.connections.open': { token: 'app', run: ({ sockets }) => ({ url: sockets.invite() }) },
  'team.info': {
    scopes: ['team:read'],
    run: ({ workspace: { id, name, domain } }) => ({ team: { id, name, domain, email_domain: '', icon: {} } }),
  },
}
