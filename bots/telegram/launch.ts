import { createHmac, timingSafeEqual } from 'node:crypto'
import { UserError, type ProvedAccount } from '../../core/index.ts'

const freshMs = 5 * 60_000
const aheadMs = 60_000

/**
 * Checks the launch data of a Mini App: Telegram signs it with a key made of the bot's token.
 * https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app
 */
export function verifyLaunch(
  token: string,
  data: string,
  now: number,
): { account: ProvedAccount; startParam: string | undefined; hash: string } {
  const fields = new URLSearchParams(data)
  const hash = fields.get('hash') ?? ''
  fields.delete('hash')
  const lines = [...fields].map(([key, value]) => `${key}=${value}`).toSorted()
  const key = createHmac('sha256', 'WebAppData').update(token).digest()
  const expected = createHmac('sha256', key).update(lines.join('\n')).digest()
  const given = Buffer.from(/^[0-9a-f]{64}$/i.test(hash) ? hash : '', 'hex')
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    throw new UserError('Telegram did not sign this.', { hint: 'Open the page from your chat again.', code: 'foreign' })
  const age = now - Number(fields.get('auth_date') ?? 0) * 1_000
  if (!(age >= -aheadMs && age <= freshMs))
    throw new UserError('This page was opened too long ago.', {
      hint: 'Open it from your chat again.',
      code: 'expired',
    })
  const user = userOf(fields.get('user') ?? '')
  return { account: user, startParam: fields.get('start_param') ?? undefined, hash }
}

function userOf(json: string): ProvedAccount {
  try {
    const { id, first_name, last_name } = JSON.parse(json) as { id: number; first_name?: string; last_name?: string }
    if (!Number.isSafeInteger(id)) throw new Error('no id')
    return { workspace: '', user: String(id), name: [first_name, last_name].filter(Boolean).join(' ') || String(id) }
  } catch (cause) {
    throw new UserError('Telegram names no account here.', { code: 'foreign', cause })
  }
}
