import { expect, test } from 'vitest'
import { misspelledSettings } from '../../core/misspelled.ts'
import { settings } from '../../core/config.ts'

const faults = (environment: Record<string, string>): string[] => misspelledSettings(environment, Object.keys(settings))

test.each([
  ['AI_BASEURL', 'AI_BASE_URL'],
  ['DATABASE_URI', 'DATABASE_URL'],
  ['autoco_home', 'AUTOCO_HOME'],
  ['RELAYER_KEYFILE', 'RELAYER_KEY_FILE'],
  ['PUBLIC-URL', 'PUBLIC_URL'],
  ['DISCUSSION_HOST', 'DISCUSSION_HOSTS'],
])('%s is taken for %s', (name, meant) => {
  expect(faults({ [name]: 'x' })).toEqual([`${name} is not a setting. Did you mean ${meant}?`])
})

test('names that only AutoCo would use are faults without a likeness, too', () => {
  expect(faults({ RELAY_TURBO: 'on' })).toEqual(['RELAY_TURBO is not a setting; .env.example lists them all'])
})

test('what other programs use is none of our business', () => {
  const others = { HOME: '/', PATH: '/bin', PWD: '/', POST: '1', HOSTNAME: 'h', AI_GATEWAY_API_KEY: 'k', LOGLEVEL: '' }
  expect(faults(others)).toEqual([])
})
