import { GoneError } from '../../core/index.ts'
import { codes, isRefused } from './api.ts'

/** What a refusal of Discord means to core. */
export function problemOf(error: unknown): unknown {
  const lost = (reason: string) => new GoneError('channel', { reason, cause: error })
  if (isRefused(error, codes.UnknownMessage)) return new GoneError('message', { cause: error })
  if (isRefused(error, codes.UnknownChannel, codes.UnknownGuild)) return lost('the channel was deleted')
  if (isRefused(error, codes.MissingAccess))
    return lost('AutoCo may not see the channel: give it View Channel there, or invite it again')
  if (isRefused(error, codes.MissingPermissions))
    return lost('AutoCo may not write there: give it Send Messages and Create Public Threads')
  if (isRefused(error, codes.CannotSendMessagesToThisUser)) return lost('this person takes no private messages')
  return error
}
