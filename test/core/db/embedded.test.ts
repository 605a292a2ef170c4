import { Keyv } from 'keyv'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createKv } from '../../../core/db/keyv.ts'
import { testDb } from '../../support/db.ts'

let db: Awaited<ReturnType<typeof testDb>>
beforeAll(async () => {
  db = await testDb()
})
afterAll(() => db.close())

test('keyv keeps namespaces apart and forgets what has expired', async () => {
  const kv = createKv(db.pool)
  expect(kv('a')).toBeInstanceOf(Keyv)
  await kv('a').set('x', { n: 1, word: 'é' })
  expect(await kv('a').get('x')).toEqual({ n: 1, word: 'é' })
  expect(await kv('b').get('x')).toBeUndefined()
  await kv('a').set('gone', 1, 1)
  await expect.poll(() => kv('a').get('gone')).toBeUndefined()
})
