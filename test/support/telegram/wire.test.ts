import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { missing, recorded } from '../recorded.ts'
import { hasShared } from '../shared.ts'
import { TelegramEmulator } from './emulator.ts'

describe.skipIf(!hasShared)('beside what the real Telegram sends', () => {
  let telegram: TelegramEmulator
  beforeAll(async () => void (telegram = await TelegramEmulator.start()))
  afterAll(() => telegram.stop())

  test.each(['mention', 'followUp'])('what somebody says has the keys of a recorded one: %s', async (name) => {
    const theirs = recorded('telegram.json')[name]!
    const { text } = theirs['message'] as { text: string }
    const ann = telegram.addUser('Ann')
    telegram.say(ann, ann, text)
    const response = await fetch(`${telegram.url}/bot${telegram.token}/getUpdates`, { method: 'POST' })
    const { result } = (await response.json()) as { result: object[] }
    expect(missing(theirs, result.at(-1))).toEqual([])
    expect(telegram.violations).toEqual([])
  })
})
