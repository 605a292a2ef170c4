import { LogLevel, webApi, type Logger } from '@slack/bolt'
import { findWorkspace, GoneError, UserError, type Config, type Context } from '../../core/index.ts'
import type { SlackFault } from './problem.ts'

export type Team = { token: string; bot: string; botId: string; name: string; client: webApi.WebClient }
/** `scopes` is what Slack says that the token may do; undefined where it does not say. */
type Own = Team & { id: string; scopes: string[] | undefined }
export type Teams = {
  /** Who we are in a workspace, and the key to it. Throws GoneError where AutoCo is not installed. */
  of(id: string): Promise<Team>
  /** The one workspace of SLACK_BOT_TOKEN, if there is one. Throws UserError when Slack refuses the token. */
  own(): Promise<Own | undefined>
  forget(id: string): void
}

const keptMs = 60_000

/** What goes wrong is thrown, and logged by whoever catches it, where secrets are blanked. */
const silent: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
}

export const webClient = (config: Pick<Config, 'SLACK_API_URL'>, token?: string): webApi.WebClient =>
  new webApi.WebClient(token, clientOptions(config))

/** A refused call is told to core, which knows when to try again; nothing waits in here. */
export const clientOptions = (config: Pick<Config, 'SLACK_API_URL'>) => ({
  slackApiUrl: config.SLACK_API_URL,
  retryConfig: { retries: 0 },
  rejectRateLimitedCalls: true,
  // A call that hangs would hold its message for good.
  timeout: 8_000,
  logger: silent,
})

export function createTeams(
  ctx: Pick<Context, 'db' | 'config' | 'log'>,
  config: Pick<Config, 'SLACK_API_URL' | 'SLACK_BOT_TOKEN'>,
): Teams {
  const known = new Map<string, { team: Team; until: number }>()
  let single: Own | undefined
  const own = async (): Promise<Own | undefined> => {
    const token = config.SLACK_BOT_TOKEN
    if (token === undefined) return undefined
    single ??= await identify(config, token)
    return single
  }
  const find = async (id: string): Promise<Team> => {
    const found = await findWorkspace(ctx, { platform: 'slack', id })
    if (!found) {
      known.delete(id)
      throw new GoneError('channel', { reason: 'AutoCo is not installed in that workspace' })
    }
    const { token, bot, name } = found
    const team = { token, bot, botId: '', name, client: webClient(config, token) }
    known.set(id, { team, until: Date.now() + keptMs })
    return team
  }
  return {
    own,
    async of(id) {
      const mine = await own()
      if (mine && (mine.id === id || id === '')) return mine
      const kept = known.get(id)
      if (!kept) return await find(id)
      // An acknowledgement does not wait for the database: whoever is known is looked up behind it.
      if (kept.until <= Date.now()) {
        kept.until = Date.now() + keptMs
        find(id).catch((error: unknown) => ctx.log.debug({ error, workspace: id }, 'workspace not read again'))
      }
      return kept.team
    },
    forget: (id) => void known.delete(id),
  }
}

/** A wrong token stops the start with words that say where the right one is. */
async function identify(config: Pick<Config, 'SLACK_API_URL'>, token: string): Promise<Own> {
  const client = webClient(config, token)
  try {
    const { response_metadata, ...about } = await client.auth.test()
    const { team_id: id = '', user_id: bot = '', bot_id: botId = '', team = '' } = about
    return { id, token, bot, botId, name: team, client, scopes: response_metadata?.scopes }
  } catch (cause) {
    const error = (cause as SlackFault).data?.error
    throw error === undefined
      ? new UserError('Slack does not answer.', { hint: 'Check the network and SLACK_API_URL.', code: 'config', cause })
      : new UserError(`Slack refuses SLACK_BOT_TOKEN (${error}).`, {
          hint: 'Copy the Bot User OAuth Token (xoxb-…): api.slack.com/apps → your app → OAuth & Permissions.',
          code: 'config',
          cause,
        })
  }
}
