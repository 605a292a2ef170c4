import { describe, expect, test } from 'vitest'
import { RetryableError } from '../../core/errors.ts'
import { createPace, type Pace } from '../../core/pace.ts'

const free = () => ({ perSecond: 1_000, burst: 1_000 })

/** As the outbox does it: who has to wait long comes again later. */
async function sent(pace: Pace, channel: string): Promise<number> {
  for (;;) {
    try {
      await pace.turn('all', channel)
      return performance.now()
    } catch (error) {
      if (!(error instanceof RetryableError) || error.afterMs === undefined) throw error
      await new Promise((resolve) => setTimeout(resolve, error.afterMs))
    }
  }
}

/** Keeps the whole process busy, as a garbage collection or a large page does. */
function stall(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until);
}

const mostWithin = (times: number[], ms: number): number =>
  Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + ms).length))

describe('the pace of a platform', () => {
  test('is never passed within its window, also when a busy process has much to catch up with', async () => {
    const pace = createPace({ group: { perSecond: 50, burst: 1, window: { count: 10, ms: 200 } }, channel: free })
    const sending = Array.from({ length: 40 }, (_, at) => sent(pace, `c${at}`))
    setTimeout(() => stall(150), 50)
    setTimeout(() => stall(150), 400)
    const times = (await Promise.all(sending)).sort((a, b) => a - b)
    // A millisecond, because the clock is read after the turn was given.
    expect(mostWithin(times, 195)).toBeLessThanOrEqual(10)
  })

  test('lets nobody go who already waited for their turn when the platform asks to wait', async () => {
    const pace = createPace({ group: { perSecond: 20, burst: 1 }, channel: free })
    await pace.turn('all', 'a')
    const waiting = pace.turn('all', 'b')
    pace.hold('all', 'x', 5_000)
    pace.hold('all', 'y', 5_000)
    await expect(waiting).rejects.toMatchObject({ afterMs: expect.any(Number) as number })
  })

  test('holds one channel alone for one refusal', async () => {
    const pace = createPace({ group: free(), channel: free })
    pace.hold('all', 'slow', 5_000)
    await expect(pace.turn('all', 'slow')).rejects.toBeInstanceOf(RetryableError)
    await pace.turn('all', 'other')
  })
})
