import { createHash, createHmac } from 'node:crypto'

const lines = (fields: Record<string, string>): string =>
  Object.keys(fields)
    .toSorted()
    .map((key) => `${key}=${fields[key]}`)
    .join('\n')

const now = (): string => String(Math.floor(Date.now() / 1_000))

/** What Telegram puts into the address of a Mini App: https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app */
export function signInitData(token: string, fields: Record<string, string>): string {
  const all = { auth_date: now(), ...fields }
  const key = createHmac('sha256', 'WebAppData').update(token).digest()
  const hash = createHmac('sha256', key).update(lines(all)).digest('hex')
  return new URLSearchParams({ ...all, hash }).toString()
}

/** What the login widget gives to a page: https://core.telegram.org/widgets/login#checking-authorization */
export function signLogin(token: string, fields: Record<string, string>): Record<string, string> {
  const all = { auth_date: now(), ...fields }
  const key = createHash('sha256').update(token).digest()
  return { ...all, hash: createHmac('sha256', key).update(lines(all)).digest('hex') }
}
