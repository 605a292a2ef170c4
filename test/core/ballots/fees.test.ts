import fc from 'fast-check'
import { parseGwei } from 'viem'
import { expect, test } from 'vitest'
import { raiseFees } from '../../../core/relay/fees.ts'
import { parseConfig } from '../../../core/config.ts'

const ctx = { config: parseConfig({ RELAY_MAX_FEE_GWEI: '500' }) }
const ceiling = parseGwei('500')
const fee = fc.bigInt({ min: 1n, max: ceiling * 2n })
const fees = fc.record({ maxFee: fee, tip: fee })

test('a replacement offers at least an eighth more in both fields and keeps to the ceiling, or there is none', () => {
  fc.assert(
    fc.property(fees, fees, (last, market) => {
      const raised = raiseFees(ctx, last, market)
      if (!raised) return last.maxFee * 9n > ceiling * 8n || last.tip * 9n > ceiling * 8n || last.tip > last.maxFee
      expect(raised.maxFee * 8n).toBeGreaterThanOrEqual(last.maxFee * 9n)
      expect(raised.tip * 8n).toBeGreaterThanOrEqual(last.tip * 9n)
      expect(raised.maxFee).toBeLessThanOrEqual(ceiling)
      return raised.tip <= raised.maxFee
    }),
  )
})
