import { describe, expect, test } from 'vitest'
import { specs } from '../../../core/settings/specs.ts'
import { zones } from '../../../core/settings/zones.ts'

const today = [
  'Asia/Kolkata',
  'Europe/Kyiv',
  'Asia/Ho_Chi_Minh',
  'Asia/Kathmandu',
  'Asia/Yangon',
  'America/Argentina/Buenos_Aires',
  'America/Nuuk',
  'Atlantic/Faroe',
  'Pacific/Kanton',
  'Europe/Berlin',
  'UTC',
]

describe('a time zone', () => {
  test.each(today)('called %s is taken under that name, and completed under it', (name) => {
    expect(specs.zone.read(name)).toBe(name)
    expect(zones()).toContain(name)
  })

  test.each([
    ['asia/kolkata', 'Asia/Kolkata'],
    ['kolkata', 'Asia/Kolkata'],
    ['new york', 'America/New_York'],
    ['utc', 'UTC'],
    ['Asia/Calcutta', 'Asia/Calcutta'],
    ['US/Pacific', 'US/Pacific'],
    ['us/pacific', 'America/Los_Angeles'],
  ])('typed as %s is %s', (typed, name) => {
    expect(specs.zone.read(typed)).toBe(name)
  })

  test.each(['whenever', '+05:30', 'Mars/Olympus', ''])('%s is refused with an example', (typed) => {
    expect(() => specs.zone.read(typed)).toThrow('is not a time zone')
  })

  test('is offered once under one name', () => {
    expect(new Set(zones()).size).toBe(zones().length)
    expect(zones()).not.toContain('Asia/Calcutta')
  })
})
