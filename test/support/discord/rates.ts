import { createHash, randomInt } from 'node:crypto'
import type { Json } from './json.ts'

type Bucket = { limit: number; window: number; used: number; until: number }

type Wait = { bucket: Bucket; until: number; toldAt: number; isGlobal: boolean }
type Asked = { route: string; place: string; isExempt: boolean }

export type Verdict = { headers: Record<string, string>; refused?: { status: number; body: Json; early: boolean } }

const inFlightMs = 150

/** Buckets whose numbers vary from run to run, the global 50 a second, and the ban for too many refused requests. */
export class Rates {
  /** How many refused requests in ten minutes close the door. */
  invalidLimit = 10_000
  /** What a new bucket holds. */
  fresh = (): { limit: number; window: number } => ({ limit: randomInt(5, 9), window: randomInt(800, 1_500) })
  readonly #buckets = new Map<string, Bucket>()
  readonly #waiting = new Map<string, Wait>()
  readonly #all: Bucket = { limit: 50, window: 1000, used: 0, until: 0 }
  #invalid: number[] = []

  /** `place` is what a bucket is counted for: a channel, a server, an interaction. */
  take({ route, place, isExempt }: Asked): Verdict {
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
    const key = `${route} ${place}`
    const held = this.#waiting.get(key)
    if (held !== undefined && now < held.until) return refusal(told(route, held.bucket, now), held, now)
    const all = this.#waiting.get('')
    if (!isExempt && all !== undefined && now < all.until) return refusal(told(route, all.bucket, now), all, now)
    if (!isExempt && !spend(this.#all, now)) return this.#refuse(route, '', this.#all, now)
    // Discord tells nothing with an acknowledgement, and never slows it.
    if (route.startsWith('POST /interactions/')) return { headers: {} }
    const bucket = this.#buckets.get(key) ?? { ...this.fresh(), used: 0, until: 0 }
    this.#buckets.set(key, bucket)
    if (!spend(bucket, now)) return this.#refuse(route, key, bucket, now)
    return { headers: told(route, bucket, now) }
  }

  /** The next requests of this route are told to wait. */
  hold({ route, place }: Pick<Asked, 'route' | 'place'>, ms: number): Verdict {
    const now = Date.now()
    return this.#refuse(route, `${route} ${place}`, { limit: 1, window: ms, used: 1, until: now + ms }, now)
  }

  answered(status: number): void {
    if (status === 401 || status === 403 || status === 429) this.#invalid.push(Date.now())
  }

  #refuse(route: string, key: string, bucket: Bucket, now: number): Verdict {
    const wait = { bucket, until: bucket.until, toldAt: now, isGlobal: key === '' }
    this.#waiting.set(key, wait)
    return refusal(told(route, bucket, now), wait, now)
  }
}

function refusal(headers: Record<string, string>, wait: Wait, now: number): Verdict {
  const seconds = (wait.until - now) / 1000
  return {
    headers: {
      ...headers,
      'retry-after': String(Math.ceil(seconds)),
      'x-ratelimit-scope': wait.isGlobal ? 'global' : 'user',
      ...(wait.isGlobal && { 'x-ratelimit-global': 'true' }),
    },
    refused: {
      status: 429,
      body: { message: 'You are being rate limited.', retry_after: seconds, global: wait.isGlobal },
      // Everything waits at once: what was on its way then could not know of it. A route is asked one by one.
      early: now - wait.toldAt > (wait.isGlobal ? inFlightMs : 0),
    },
  }
}

function spend(bucket: Bucket, now: number): boolean {
  if (now >= bucket.until) Object.assign(bucket, { used: 0, until: now + bucket.window })
  bucket.used += 1
  return bucket.used <= bucket.limit
}

function told(route: string, bucket: Bucket, now: number): Record<string, string> {
  return {
    'x-ratelimit-limit': String(bucket.limit),
    'x-ratelimit-remaining': String(Math.max(0, bucket.limit - bucket.used)),
    'x-ratelimit-reset': (bucket.until / 1000).toFixed(3),
    'x-ratelimit-reset-after': ((bucket.until - now) / 1000).toFixed(3),
    'x-ratelimit-bucket': createHash('md5').update(route).digest('hex'),
  }
}
