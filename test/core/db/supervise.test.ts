import { expect, test } from 'vitest'
import { supervise } from '../../../core/db/supervise.ts'

const deafAtFirst = `setTimeout(() => process.on('SIGTERM', () => process.exit(7)), 500); setInterval(() => {}, 60_000)`

test('a child that is told to stop before it listens ends all the same', async () => {
  const child = supervise({ command: process.execPath, args: ['-e', deafAtFirst], signal: 'TERM' })
  await child.stop()
  expect(await child.exited).toBe(7)
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
