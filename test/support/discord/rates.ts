import { randomInt } from 'node:crypto'
import type { Json } from './state.ts'

type Bucket = { limit: number; window: number; used: number; until: number }

export type Verdict = { headers: Record<string, string>; refused?: { status: number; body: Json; early: boolean } }

/** Buckets whose numbers vary from run to run, the global 50 a second, and the ban for too many refused requests. */
export class Rates {
  /** How many refused requests in ten minutes close the door. */
  invalidLimit = 10_000
  readonly #buckets = new Map<string, Bucket>()
  readonly #waiting = new Map<string, number>()
  #all: Bucket = { limit: 50, window: 1000, used: 0, until: 0 }
  #invalid: number[] = []

  take(key: string, exempt: boolean): Verdict {
    const now = Date.now()
    this.#invalid = this.#invalid.filter((at) => now - at < 600_000)
    if (this.#invalid.length >= this.invalidLimit)
      return {
        headers: {},
        refused: {
          status: 403,
          body: { message: 'You are being blocked from accessing our API temporarily', code: 0 },
          early: true,
        },
      }
    if (exempt) return { headers: {} }
    const early = now < (this.#waiting.get(key) ?? 0)
    if (!spend(this.#all, now)) return this.#refuse('', this.#all, 'global', now, early)
    const bucket = this.#buckets.get(key) ?? { limit: randomInt(5, 9), window: randomInt(800, 1500), used: 0, until: 0 }
    this.#buckets.set(key, bucket)
    if (!spend(bucket, now)) return this.#refuse(key, bucket, 'user', now, early)
    return { headers: told(key, bucket, now) }
  }

  /** The next requests of this route are told to wait. */
  hold(key: string, ms: number): Json {
    this.#waiting.set(key, Date.now() + ms)
    return { message: 'You are being rate limited.', retry_after: ms / 1000, global: false }
  }

  answered(status: number): void {
    if (status === 401 || status === 403 || status === 429) this.#invalid.push(Date.now())
  }

  #refuse(key: string, bucket: Bucket, scope: string, now: number, early: boolean): Verdict {
    const wait = (bucket.until - now) / 1000
    this.#waiting.set(key, bucket.until)
    const headers: Record<string, string> = {
      ...told(key, bucket, now),
      'retry-after': String(Math.ceil(wait)),
      'x-ratelimit-scope': scope,
    }
    if (scope === 'global') headers['x-ratelimit-global'] = 'true'
    return {
      headers,
      refused: {
        status: 429,
        body: { message: 'You are being rate limited.', retry_after: wait, global: scope === 'global' },
        early,
      },
    }
  }
}

function spend(bucket: Bucket, now: number): boolean {
  if (now >= bucket.until) Object.assign(bucket, { used: 0, until: now + bucket.window })
  bucket.used += 1
  return bucket.used <= bucket.limit
}

function told(key: string, bucket: Bucket, now: number): Record<string, string> {
  return {
    'x-ratelimit-limit': String(bucket.limit),
    'x-ratelimit-remaining': String(Math.max(0, bucket.limit - bucket.used)),
    'x-ratelimit-reset': (bucket.until / 1000).toFixed(3),
    'x-ratelimit-reset-after': ((bucket.until - now) / 1000).toFixed(3),
    'x-ratelimit-bucket':
      Buffer.from(key.replace(/\d{15,}/, ''))
        .toString('hex')
        .slice(0, 32) || 'global',
  }
}
