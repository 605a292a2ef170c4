import { createHmac } from 'node:crypto'
import type { Envelope } from './envelope.ts'
import { takeFault } from './faults.ts'
import { later, newId, violate, type Answer, type State } from './state.ts'
import type { Sockets } from './sockets.ts'

type Attempt = { kind: Answer['kind']; ms: number; status?: number; body?: unknown; reason: string }

const soonMs = 5_000

/**
 * Sends to the app over Socket Mode, or over signed HTTP where a request URL is set.
 * An event that was not acknowledged comes again; the promise then waits for the retries that are due soon.
 */
export async function deliver(state: State, sockets: Sockets, envelope: Envelope): Promise<Answer> {
  if (takeFault(state, 'duplicate')) void attempt(state, sockets, envelope, newId(state, 'E'), 0, '')
  const id = newId(state, 'E')
  const first = await attempt(state, sockets, envelope, id, 0, '')
  if (envelope.type !== 'events_api') return answer(first, 1)
  return retry(state, sockets, envelope, { id, last: first, attempts: 1 })
}

async function retry(
  state: State,
  sockets: Sockets,
  envelope: Envelope,
  so: { id: string; last: Attempt; attempts: number },
): Promise<Answer> {
  const waitMs = state.limits.retryAfterMs[so.attempts - 1]
  if (so.last.kind === 'ack' || waitMs === undefined) return answer(so.last, so.attempts)
  const next = new Promise<Answer>((resolve) => {
    later(state, waitMs, () => {
      const again = attempt(state, sockets, envelope, so.id, so.attempts, so.last.reason)
      resolve(again.then((last) => retry(state, sockets, envelope, { id: so.id, last, attempts: so.attempts + 1 })))
    })
  })
  if (waitMs > soonMs) return answer(so.last, so.attempts)
  return next
}

async function attempt(
  state: State,
  sockets: Sockets,
  envelope: Envelope,
  id: string,
  retryNum: number,
  retryReason: string,
): Promise<Attempt> {
  const sentAt = performance.now()
  const sent = state.requestUrl
    ? await post(state, envelope, retryNum, retryReason)
    : await sockets.send(envelope, id, retryNum, retryReason)
  const ms = Math.round(performance.now() - sentAt)
  if (sent.kind === 'none' && sent.reason.endsWith('timeout'))
    violate(state, envelope.name, `not acknowledged within ${state.limits.ackMs} ms`)
  if (sent.kind === 'refused') violate(state, envelope.name, `the request URL answered ${sent.status}`)
  return { ...sent, ms }
}

async function post(
  state: State,
  envelope: Envelope,
  retryNum: number,
  retryReason: string,
): Promise<Omit<Attempt, 'ms'>> {
  const { contentType, body } = encode(envelope)
  const retries = retryNum > 0 ? { 'x-slack-retry-num': String(retryNum), 'x-slack-retry-reason': retryReason } : {}
  try {
    const response = await fetch(state.requestUrl, {
      method: 'POST',
      headers: { 'content-type': contentType, 'user-agent': 'Slackbot 1.0', ...signature(state, body), ...retries },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(state.limits.ackMs),
    })
    const text = await response.text()
    if (takeFault(state, 'deaf')) return { kind: 'none', reason: 'http_lost' }
    if (response.status !== 200) return { kind: 'refused', status: response.status, reason: 'http_error' }
    return { kind: 'ack', status: 200, body: read(text), reason: '' }
  } catch (error) {
    const late = error instanceof Error && error.name === 'TimeoutError'
    return { kind: 'none', reason: late ? 'http_timeout' : 'connection_failed' }
  }
}

/** Slack's signature over the raw body, as its headers: https://docs.slack.dev/authentication/verifying-requests-from-slack */
export function signature(
  state: Pick<State, 'signingSecret'>,
  body: string,
  at = Math.floor(Date.now() / 1000),
): Record<string, string> {
  const hmac = createHmac('sha256', state.signingSecret).update(`v0:${at}:${body}`).digest('hex')
  return { 'x-slack-request-timestamp': String(at), 'x-slack-signature': `v0=${hmac}` }
}

/** Commands come as a form, interactivity as a form with JSON inside, events as JSON. */
export function encode(envelope: Pick<Envelope, 'type' | 'payload'>): { contentType: string; body: string } {
  const form = 'application/x-www-form-urlencoded'
  if (envelope.type === 'events_api') return { contentType: 'application/json', body: JSON.stringify(envelope.payload) }
  const fields =
    envelope.type === 'slash_commands'
      ? (envelope.payload as Record<string, string>)
      : { payload: JSON.stringify(envelope.payload) }
  return { contentType: form, body: new URLSearchParams(fields).toString() }
}

function read(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return { text }
  }
}

function answer(last: Attempt, attempts: number): Answer {
  const { reason: _, ...rest } = last
  return { ...rest, attempts }
}
