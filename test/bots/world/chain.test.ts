import fs from 'node:fs'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startWorldChain } from '../../../bots/world/chain.ts'
import { temporaryFolder } from '../../support/process.ts'

type Block = { hash: string; parentHash: string }

test('is the same chain however often it is started', async () => {
  const home = temporaryFolder()
  onTestFinished(() => fs.rmSync(home, { recursive: true }))
  const genesis: string[] = []
  for (let start = 0; start < 4; start += 1) {
    const chain = await startWorldChain({ home, timestamp: 1_700_000_000 })
    try {
      if (chain.isNew) await chain.rpc('evm_mine')
      const [first, second] = await Promise.all(
        ['0x0', '0x1'].map((number) => chain.rpc<Block>('eth_getBlockByNumber', [number, false])),
      )
      expect(second?.parentHash).toBe(first?.hash)
      genesis.push(first!.hash)
      await chain.save()
    } finally {
      await chain.stop()
    }
  }
  expect(new Set(genesis).size).toBe(1)
  // Each start added a first block of its own, and the next one took one of them by chance.
  const saved = JSON.parse(fs.readFileSync(path.join(home, 'chain.json'), 'utf8')) as { blocks: unknown[] }
  expect(saved.blocks.length).toBeLessThanOrEqual(3)
})
