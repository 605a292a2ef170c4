import { describe, expect, test } from 'vitest'
import { accountWords, readable, signable } from '../../../core/account-name.ts'
import { parseSiwe, renderSiwe } from '../../../core/identity/siwe.ts'

const hostile: [what: string, name: string, signed: string][] = [
  ['a line break', 'alice\nURI: https://evil.example', 'aliceURI httpsevil.example'],
  ['text read from right to left', 'alice\u202egnp.exe\u202c', 'alicegnp.exe'],
  ['zero-width letters', 'al\u200bi\u200dce\ufeff', 'alice'],
  ['tags nobody sees', 'alice\u{e0041}\u{e0042}', 'alice'],
  ['a bracket that closes ours', 'alice). It gives all rights (', 'alice. It gives all rights'],
  ['letters of full width', 'ａｌｉｃｅ', 'alice'],
  ['another script', 'Алиса', ''],
  ['emoji', '👩‍👩‍👧‍👦 alice', 'alice'],
  ['half a letter and a null', 'a\ud83d\0b', 'ab'],
  ['a whole page', 'x'.repeat(10_000), 'x'.repeat(32)],
]

describe('a display name in a text to be signed', () => {
  test.each(hostile)('with %s becomes harmless', async (_what, name, signed) => {
    expect(signable(name)).toBe(signed)
    const text = await renderSiwe({
      origin: new URL('https://vote.example.org'),
      chainId: 1,
      address: '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2',
      nonce: '0123456789abcdef',
      issuedAt: 0,
      expiresAt: 600_000,
      requestId: 'abc',
      statement: `Link this wallet to ${accountWords({ platform: 'discord', user: '42', name })}. It moves no funds.`,
      resources: ['autoco:link:v1'],
    })
    const parsed = await parseSiwe(text)
    expect(parsed.uri).toBe('https://vote.example.org/')
    expect(parsed.statement).toBe(
      `Link this wallet to Discord account 42${signed ? ` (${signed})` : ''}. It moves no funds.`,
    )
  })

  test('never hides the id, whatever letters that has', () => {
    expect(accountWords({ platform: 'slack', user: 'U1\n2"', name: 'U1' })).toBe('Slack account U1_2_ (U1)')
    expect(accountWords({ platform: 'playground', user: 'alice', name: 'alice' })).toBe('Playground account alice')
  })
})

test('a name that is shown keeps its script and loses what hides or reorders', () => {
  expect(readable('  Алиса\u202e \n 👩 ')).toBe('Алиса 👩')
  expect(readable('\u200b\ud83d')).toBe('')
  expect(readable('👩'.repeat(100))).toBe('👩'.repeat(64))
})
