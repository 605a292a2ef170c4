import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { generate } from '../../scripts/contracts.ts'

const root = path.resolve(import.meta.dirname, '..', '..')

describe('generated contracts', () => {
  // Compiling refuses a contract above the size limit of 24,576 bytes.
  test('are what the sources compile to, each within the size limit', { timeout: 300_000 }, () => {
    const texts = generate()
    expect(Object.keys(texts)).toEqual(['contracts/generated.ts', 'test/support/generated.ts'])
    for (const [file, text] of Object.entries(texts)) {
      // Not `toBe`, whose message would be half a megabyte long.
      expect(text === readFileSync(path.join(root, file), 'utf8'), `${file} is fresh`).toBe(true)
    }
  })
})
