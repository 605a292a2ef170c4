import fs from 'node:fs'
import { hasShared, shared } from '../shared.ts'
import { violate, type Limits, type State, type Tier } from './state.ts'

/** Slack's own numbers; where it gives a range or says nothing, one from practice. */
export const slackLimits: Limits = {
  postsPerSecond: 1,
  postBurst: 3,
  workspacePerMinute: 600,
  tiers: { Tier1: 10, Tier2: 20, Tier3: 50, Tier4: 100 },
  text: 4_000,
  blockText: 12_000,
  sockets: 10,
  responseUrlUses: 5,
  responseUrlMs: 30 * 60_000,
  triggerMs: 3_000,
  ackMs: 3_000,
  retryAfterMs: [0, 60_000, 300_000],
}

/** For the methods that a clone without ../shared has to know. */
const knownTiers: Record<string, Tier> = {
  'apps.connections.open': 'Tier1',
  'chat.delete': 'Tier3',
  'chat.postEphemeral': 'Tier4',
  'chat.update': 'Tier3',
  'conversations.history': 'Tier3',
  'conversations.info': 'Tier3',
  'conversations.join': 'Tier3',
  'conversations.list': 'Tier2',
  'conversations.members': 'Tier4',
  'conversations.open': 'Tier3',
  'conversations.replies': 'Tier3',
  'oauth.v2.access': 'Tier4',
  'team.info': 'Tier3',
  'users.info': 'Tier4',
  'users.list': 'Tier2',
  'views.open': 'Tier4',
  'views.publish': 'Tier4',
  'views.push': 'Tier4',
  'views.update': 'Tier4',
}

const tierFile = 'specs/slack/rate-limit-tiers.subset.json'
const tiers: Record<string, string> = hasShared
  ? (JSON.parse(fs.readFileSync(shared(tierFile), 'utf8')) as Record<string, string>)
  : knownTiers

/** What may still be on its way when the 429 is answered, and how exact the app's clock has to be. */
const graceMs = 250

type Bucket = { tokens: number; at: number; refusedAt: number; until: number }

/** Token buckets: each fills at its rate and holds its burst. A call during a wait is a breach. */
export class RateLimits {
  #buckets = new Map<string, Bucket>()
  #state: State

  constructor(state: State) {
    this.#state = state
  }

  /** Seconds to wait, or 0: the call may pass. */
  take(method: string, team: string, channel: unknown): number {
    const { limits } = this.#state
    const now = performance.now()
    const rules: [key: string, perSecond: number, burst: number][] = []
    const tier = limits.tiers[tiers[method] as Tier]
    if (method === 'chat.postMessage') {
      rules.push([`${method} in ${String(channel)}`, limits.postsPerSecond, limits.postBurst])
      rules.push([`${method} in ${team}`, limits.workspacePerMinute / 60, limits.workspacePerMinute])
    } else if (tier !== undefined) rules.push([`${method} of ${team}`, tier / 60, tier])
    const buckets = rules.map(([key, perSecond, burst]) => this.#bucket(key, perSecond, burst, now))
    const early = rules.findIndex((_, index) => this.#isEarly(buckets[index]!, now))
    if (early >= 0) violate(this.#state, rules[early]![0], 'called during the wait that a 429 asked for')
    for (const [index, [, perSecond]] of rules.entries()) {
      const bucket = buckets[index]!
      if (bucket.tokens < 1) return this.#refuse(bucket, Math.ceil((1 - bucket.tokens) / perSecond), now)
    }
    for (const bucket of buckets) bucket.tokens -= 1
    return 0
  }

  /** A wait that was asked for on purpose counts as any other. */
  hold(method: string, team: string, channel: unknown, seconds: number): void {
    const key = method === 'chat.postMessage' ? `${method} in ${String(channel)}` : `${method} of ${team}`
    this.#refuse(this.#bucket(key, 1, 1, performance.now()), seconds, performance.now())
  }

  #bucket(key: string, perSecond: number, burst: number, now: number): Bucket {
    const old = this.#buckets.get(key) ?? { tokens: burst, at: now, refusedAt: 0, until: 0 }
    old.tokens = Math.min(burst, old.tokens + ((now - old.at) / 1000) * perSecond)
    old.at = now
    this.#buckets.set(key, old)
    return old
  }

  #isEarly(bucket: Bucket, now: number): boolean {
    return bucket.until > 0 && now > bucket.refusedAt + graceMs && now < bucket.until - graceMs / 5
  }

  #refuse(bucket: Bucket, seconds: number, now: number): number {
    if (now >= bucket.until) bucket.refusedAt = now
    bucket.until = Math.max(bucket.until, now + seconds * 1000)
    return seconds
  }
}
