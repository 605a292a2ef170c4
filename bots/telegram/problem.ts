import { GrammyError, HttpError } from 'grammy'
import { GoneError, RetryableError } from '../../core/index.ts'

const lost: [RegExp, string][] = [
  [/bot was blocked by the user/, 'the bot was blocked'],
  [/user is deactivated/, 'the account is gone'],
  [/can't initiate conversation/, 'this person has not started the bot'],
  [/bot was kicked/, 'the bot was taken out of the group'],
  [/bot is not a member/, 'the bot is not in the chat'],
  [/chat not found/, 'the chat is gone'],
  [/group chat was deactivated/, 'the group was closed'],
  [
    /not enough rights|have no rights|CHAT_WRITE_FORBIDDEN|need administrator rights/,
    'the bot may not write there: give it the right to send messages',
  ],
  [/TOPIC_CLOSED|message thread not found|TOPIC_DELETED/, 'the topic is closed or gone'],
]
const lostMessage =
  /message to edit not found|message can't be edited|MESSAGE_ID_INVALID|message to be replied not found/

/** Nothing to change is what was wanted. */
export const isUnchanged = (cause: unknown): boolean =>
  cause instanceof GrammyError && cause.description.includes('message is not modified')

/** The number that a group has got when it became a supergroup. */
export const movedTo = (cause: unknown): number | undefined =>
  cause instanceof GrammyError ? cause.parameters.migrate_to_chat_id : undefined

/** What a refusal of the Bot API means to core. Telegram tells its reasons in words only. */
export function problemOf(cause: unknown): unknown {
  if (cause instanceof HttpError) return new RetryableError('Telegram does not answer.', { maybeDone: true })
  if (!(cause instanceof GrammyError)) return cause
  const { error_code: code, description, parameters } = cause
  if (code === 429)
    return new RetryableError('Telegram asks to wait.', { afterMs: (parameters.retry_after ?? 1) * 1_000, cause })
  if (code >= 500) return new RetryableError('Telegram does not answer well.', { maybeDone: true, cause })
  if (lostMessage.test(description)) return new GoneError('message', { cause })
  const reason = lost.find(([pattern]) => pattern.test(description))?.[1]
  if (reason !== undefined) return new GoneError('channel', { reason, cause })
  if (code === 403) return new GoneError('channel', { reason: 'Telegram forbids it', cause })
  return cause
}
