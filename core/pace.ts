import { RetryableError } from './errors.ts'

export type Rate = {
  perSecond: number
  burst: number
  /** Never more than so many within so many milliseconds, whatever a busy process has to catch up with. */
  window?: { count: number; ms: number }
}

/** Keeps to what a platform allows in all and in each channel; what it answers counts more than what we know. */
export type Pace = {
  /** Waits for the turn of a channel, or throws RetryableError with how long that takes, so that no other one waits along. */
  turn(group: string, channel: string): Promise<void>
  /** The platform asked to wait: the channel does, and the whole group when two of its channels were asked at once. */
  hold(group: string, channel: string, ms: number): void
}

const shortMs = 300
const mostKept = 20_000

type Refused = { channel: string; until: number }

export function createPace(rates: { group: Rate; channel: (channel: string) => Rate }): Pace {
  /** When the next one could go if there were no burst: a token bucket in one number. */
  const next = new Map<string, number>()
  const refused = new Map<string, Refused>()
  const held = new Map<string, number>()
  const gone = new Map<string, number[]>()
  /** Somebody was refused while this one waited for its turn. */
  const mustWait = (key: string): void => {
    const waitMs = (held.get(key) ?? 0) - performance.now()
    if (waitMs > 0) throw new RetryableError('The platform asked to wait.', { afterMs: waitMs })
    held.delete(key)
  }
  const inWindow = async (group: string, { window }: Rate): Promise<void> => {
    if (!window) return
    const times = gone.get(group) ?? []
    gone.set(group, times)
    for (;;) {
      const now = performance.now()
      while (times[0] !== undefined && times[0] <= now - window.ms) times.shift()
      if (times.length < window.count) return void times.push(now)
      await new Promise((resolve) => setTimeout(resolve, times[0]! + window.ms - now))
    }
  }
  const turnAt = (key: string, { perSecond, burst }: Rate, now: number): number =>
    Math.max(next.get(key) ?? -Infinity, now - ((burst - 1) * 1_000) / perSecond)
  return {
    async turn(group, channel) {
      const now = performance.now()
      const rate = rates.channel(channel)
      const mine = turnAt(`${group}/${channel}`, rate, now)
      const ours = turnAt(group, rates.group, now)
      const waitMs = Math.max(mine, ours) - now
      if (waitMs > shortMs) throw new RetryableError('The platform takes one message at a time.', { afterMs: waitMs })
      next.set(`${group}/${channel}`, mine + 1_000 / rate.perSecond)
      next.set(group, ours + 1_000 / rates.group.perSecond)
      for (const known of [next, held])
        if (known.size > mostKept) for (const [key, at] of known) if (at < now - 60_000) known.delete(key)
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs))
      await inWindow(group, rates.group)
      mustWait(group)
      mustWait(`${group}/${channel}`)
    },
    hold(group, channel, ms) {
      const now = performance.now()
      const until = now + ms
      next.set(`${group}/${channel}`, until)
      held.set(`${group}/${channel}`, until)
      const before = refused.get(group)
      if (before && before.channel !== channel && before.until > now) {
        next.set(group, until)
        held.set(group, until)
      }
      refused.set(group, { channel, until })
    },
  }
}
