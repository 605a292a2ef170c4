import { describe, expect, test } from 'vitest'
import { nextAfter, readSchedule } from '../../../core/digest/schedule.ts'

describe('a schedule', () => {
  test.each([
    ['daily 9:00', '0 9 * * *'],
    ['every day at 9:00', '0 9 * * *'],
    ['9:30', '30 9 * * *'],
    ['weekdays 09:00', '0 9 * * 1-5'],
    ['mondays 9:00', '0 9 * * 1'],
    ['Monday 9', '0 9 * * 1'],
    ['mon,thu 17:30', '30 17 * * 1,4'],
    ['tuesday and friday 5pm', '0 17 * * 2,5'],
    ['weds 12am', '0 0 * * 3'],
    ['0 9 * * 1', '0 9 * * 1'],
    ['15  8 1 */3 *', '15 8 1 */3 *'],
  ])('%s is understood', (typed, cron) => {
    expect(readSchedule(typed)).toBe(cron)
  })

  test.each([
    ['sometimes', 'is not a time that I understand'],
    ['mondays', 'is not a time that I understand'],
    ['daily 25:00', 'is not a time that I understand'],
    ['m 9:00', 'is not a time that I understand'],
    ['13pm', 'is not a time that I understand'],
    ['0 25 * * 1', 'is not a cron expression'],
    ['* * * * *', 'once an hour at most'],
    ['*/10 9 * * 1', 'once an hour at most'],
    ['0 9 31 2 *', 'impossible day of month'],
  ])('%s is refused in words', (typed, words) => {
    expect(() => readSchedule(typed)).toThrow(words)
  })
})

describe('the next time', () => {
  const after = (cron: string, zone: string, from: string): string =>
    new Date(nextAfter({ cron, zone }, Date.parse(from)) ?? NaN).toISOString()

  test.each([
    // In the zone's own clock, summer and winter.
    ['0 9 * * *', 'Europe/Berlin', '2026-07-01T00:00:00Z', '2026-07-01T07:00:00.000Z'],
    ['0 9 * * *', 'Europe/Berlin', '2026-12-01T00:00:00Z', '2026-12-01T08:00:00.000Z'],
    ['0 9 * * *', 'Asia/Kolkata', '2026-07-01T00:00:00Z', '2026-07-01T03:30:00.000Z'],
    ['0 9 * * *', 'Pacific/Kiritimati', '2026-07-01T20:00:00Z', '2026-07-02T19:00:00.000Z'],
    // Strictly later.
    ['0 9 * * *', 'UTC', '2026-07-01T09:00:00Z', '2026-07-02T09:00:00.000Z'],
    ['0 9 * * 1', 'UTC', '2026-07-01T09:00:00Z', '2026-07-06T09:00:00.000Z'],
    ['0 9 29 2 *', 'UTC', '2026-07-01T09:00:00Z', '2028-02-29T09:00:00.000Z'],
    // The clocks jump from 2 to 3, and go back from 3 to 2.
    ['30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z', '2026-03-29T01:30:00.000Z'],
    ['30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z', '2026-10-25T00:30:00.000Z'],
    ['30 2 * * *', 'Europe/Berlin', '2026-10-25T00:30:00Z', '2026-10-26T01:30:00.000Z'],
    ['0 9 * * 0', 'America/New_York', '2026-03-07T23:00:00Z', '2026-03-08T13:00:00.000Z'],
    ['0 0 * * *', 'Africa/Cairo', '2026-04-23T12:00:00Z', '2026-04-23T22:00:00.000Z'],
    // A day of the month or a day of the week.
    ['0 9 1 * 1', 'UTC', '2026-06-30T10:00:00Z', '2026-07-01T09:00:00.000Z'],
    ['0 9 1 * 1', 'UTC', '2026-07-01T10:00:00Z', '2026-07-06T09:00:00.000Z'],
  ])('of %s in %s after %s', (cron, zone, from, expected) => {
    expect(after(cron, zone, from)).toBe(expected)
  })
})
