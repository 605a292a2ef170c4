import { expect, test, vi } from 'vitest'
import { fail } from '../../../bots/start/fail.ts'

test('a fault at the start is shown without the key of an RPC or the password of a database', () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {})
  const cause = new Error('connect postgres://autoco:password@db.example.org/autoco failed')
  expect(fail(new Error('URL: https://rpc.example.org/v2/the-key', { cause }))).toBe(1)
  const words = said.mock.calls.flat().join('\n')
  said.mockRestore()
  expect(words).toContain('https://rpc.example.org/…')
  expect(words).toContain('postgres://db.example.org/…')
  expect(words).not.toMatch(/the-key|password/)
})
