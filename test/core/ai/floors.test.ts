import { describe, expect, test } from 'vitest'
import { measures } from '../../../scripts/evaluate/figures.ts'
import { hasShared, shared } from '../../support/shared.ts'

describe.skipIf(!hasShared)('extracts of public texts are as good as they are held to', () => {
  test.each(Object.entries(measures))('by %s', (_, measure) => {
    const figures = measure(shared('data/ai'))
    expect(figures.length).toBeGreaterThan(0)
    expect(figures.filter(({ value, floor }) => !(value >= floor))).toEqual([])
  })
})
