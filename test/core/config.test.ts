import { describe, expect, test } from 'vitest'
import { environmentExample, parseConfig, settings } from '../../core/config.ts'
import { UserError } from '../../core/errors.ts'

const faultsOf = (environment: Record<string, string>): string => {
  try {
    parseConfig(environment)
  } catch (error) {
    if (error instanceof UserError) return error.message
    throw error
  }
  return ''
}

describe('no settings at all', () => {
  test('are a whole configuration', () => {
    expect(parseConfig({})).toMatchObject({ HOST: '127.0.0.1', PORT: 4040, LOG_LEVEL: 'info', AUTOCO_HOME: '.autoco' })
  })
  test('and neither are empty ones', () => {
    expect(parseConfig({ RPC_URL: '', PORT: ' ' })).toMatchObject({ PORT: 4040 })
  })
  test('cannot be changed later', () => {
    expect(Object.isFrozen(parseConfig({}))).toBe(true)
  })
})

describe('wrong settings', () => {
  const wrong: Record<string, string> = {
    DATABASE_URL: 'mysql://x',
    RPC_URL: 'ftp://x',
    CHAIN_ID: 'mainnet',
    FINALITY_DEPTH: '-1',
    EXPLORER_URL: 'nowhere',
    PUBLIC_URL: 'vote.example.org',
    PORT: '99999',
    PLAYGROUND: 'yes',
    LOG_LEVEL: 'loud',
    AI_BASE_URL: 'openai',
    AI_TIMEOUT_MS: '5',
    AI_DAILY_TOKENS: '-5',
    RELAY_DAILY_GAS: 'much',
    RELAY_VOTER_BALLOTS: '0',
    RELAY_MIN_WEIGHT: '1.5',
    RELAY_MAX_FEE_GWEI: '0',
    RELAY_FLUSH_SECONDS: '-1',
    RELAY_BATCH_SIZE: '401',
  }
  test.each(Object.entries(wrong))('%s=%s is named, with an example', (name, value) => {
    expect(faultsOf({ [name]: value })).toContain(`${name}: `)
    expect(faultsOf({ [name]: value })).toContain(`example: ${name}=`)
  })
  test('are all named in one error', () => {
    const message = faultsOf(wrong)
    for (const name of Object.keys(wrong)) expect(message).toContain(name)
  })
})

describe('settings that need each other', () => {
  test.each([
    [{ AI_API_KEY: 'x' }, 'without AI_BASE_URL'],
    [{ AI_BASE_URL: 'http://127.0.0.1:1/v1' }, 'without AI_MODEL'],
    [{ RPC_URL: 'http://127.0.0.1:1' }, 'without CONTRACTS_FILE'],
    [{ PUBLIC_URL: 'https://vote.example.org/app' }, 'without a path'],
    [{ PUBLIC_URL: 'http://vote.example.org' }, 'must be https'],
  ])('%j says %s', (environment, words) => {
    expect(faultsOf(environment)).toContain(words)
  })
  test('a key is never part of an error', () => {
    expect(faultsOf({ AI_API_KEY: 'sk-very-secret', PORT: 'x' })).not.toContain('sk-very-secret')
  })
})

describe('the example file', () => {
  test('lists every setting', () => {
    const text = environmentExample()
    for (const name of Object.keys(settings)) expect(text).toContain(`# ${name}=`)
  })
})
