import { GoneError, RetryableError, UserError } from '../../core/index.ts'

const lost: Record<string, string> = {
  channel_not_found: 'the channel is gone, or AutoCo is not in it (/invite @AutoCo)',
  not_in_channel: 'AutoCo is not in the channel (/invite @AutoCo)',
  is_archived: 'the channel is archived',
  restricted_action: 'only some people may post there',
  restricted_action_read_only_channel: 'nobody may post there',
  user_not_found: 'the account is gone',
  user_disabled: 'the account is switched off',
  cannot_dm_bot: 'the account is a bot',
  messages_tab_disabled: 'the app takes no private messages',
}
/** About the installation and not about a channel: what is watched there stays, and a new token goes on with it. */
const shut = new Set(['token_revoked', 'token_expired', 'account_inactive', 'invalid_auth', 'not_authed'])
const lostMessage = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed', 'thread_not_found'])

export type SlackFault = {
  code?: string
  data?: { error?: string; needed?: string }
  retryAfter?: number
  statusCode?: number
}

/** What a refusal of the Web API means to core. */
export function problemOf(cause: unknown): unknown {
  const fault = cause as SlackFault
  if (fault.code === 'slack_webapi_rate_limited_error')
    return new RetryableError('Slack asks to wait.', { afterMs: (fault.retryAfter ?? 1) * 1_000, cause })
  if (fault.code === 'slack_webapi_platform_error') {
    const error = fault.data?.error ?? ''
    const reason = lost[error]
    if (reason !== undefined) return new GoneError('channel', { reason, cause })
    if (error === 'missing_scope')
      return new UserError(`AutoCo lacks the Slack scope ${fault.data?.needed ?? ''}.`, {
        hint: 'Add it at api.slack.com/apps → your app → OAuth & Permissions, and install the app again.',
        code: 'scope',
        cause,
      })
    if (shut.has(error))
      return new RetryableError(`Slack refuses the token (${error}): install AutoCo again, or set the new one.`, {
        cause,
      })
    if (lostMessage.has(error)) return new GoneError('message', { cause })
    if (error === 'internal_error' || error === 'fatal_error' || error === 'service_unavailable')
      return new RetryableError('Slack does not answer well.', { maybeDone: true, cause })
    return cause
  }
  if (fault.code === 'slack_webapi_request_error' || fault.code === 'slack_webapi_http_error')
    return new RetryableError('Slack does not answer.', { maybeDone: true, cause })
  return cause
}
