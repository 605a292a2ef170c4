import { expect, test } from 'vitest'
import { supervise } from '../../../core/db/supervise.ts'
import { processesWith } from '../../support/process.ts'

// What a shell was told to ignore it cannot unlearn, nor can what it runs; only the last program hears again.
const deafAtFirst = ['-c', 'sleep 0.5; exec "$0" -e "setInterval(() => {}, 60000)"', process.execPath]

test('a child that is told to stop before it listens ends all the same', async () => {
  const child = supervise({ command: 'sh', args: deafAtFirst, signal: 'TERM' })
  await child.stop()
  expect(child.isDead()).toBe(true)
  expect(processesWith('sleep 0.5; exec')).toEqual([])
})

test('a child that ends by itself is known to be dead, with its last words', async () => {
  const child = supervise({
    command: process.execPath,
    args: ['-e', 'console.error("no room left"); process.exit(3)'],
    signal: 'TERM',
  })
  expect(await child.exited).toBe(3)
  expect(child.isDead()).toBe(true)
  await expect.poll(() => child.tail()).toContain('no room left')
})
