import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hear } from '../../../../core/chat/hear.ts'
import { createApp, type App, type View } from '../../../../core/index.ts'
import { caller } from '../../../support/linking.ts'
import { insertDao, insertProposal, rowWorld, type RowWorld } from '../../../support/proposal.ts'

let all: RowWorld
let app: App

const description = `# Fund the bridge watchers

The bridge has no independent watchers, so a faulty withdrawal could stay unnoticed for days.

A multisig of five delegates releases the payments every month.

See https://evil.test/phish for the budget.`

beforeAll(async () => {
  all = await rowWorld()
  app = createApp(all.ctx, [])
  await insertProposal(all.ctx, await insertDao(all.ctx), { number: 1, description })
  await hear(all.ctx, {
    platform: 'paper',
    channel: 'council',
    id: '1',
    author: 'Carol',
    authorId: 'carol',
    text: 'Who chooses the signers of the multisig, asks nomic-1?',
    at: 1_767_300_000_000,
    url: 'https://chat.test/1',
  })
})
afterAll(() => all.stop())

const ask = async (question: string, channel = 'general'): Promise<View> => {
  const line = `ask nomic-1 ${question}`
  return (await app.run({ caller: caller('bob'), channel: { platform: 'paper', id: channel }, line })).view
}

describe('/ask', () => {
  test('answers with passages, word for word, and where they stand', async () => {
    const view = await ask('Who releases the payments of the multisig?')
    expect(view.body.find((block) => block.type === 'text' && block.style === 'quote')).toMatchObject({
      text: ['A multisig of five delegates releases the payments every month.'],
    })
    expect(JSON.stringify(view)).toContain('{"link":"https://vote.example.org/p/nomic-1#p3","label":"¶3"}')
    expect(JSON.stringify(view)).toContain('I cannot phrase an answer without a model.')
    expect(JSON.stringify(view).match(/"quote"/g)?.length).toBeLessThanOrEqual(3)
  })

  test('finds what was said in the channel it is asked in, and in no other', async () => {
    expect(JSON.stringify(await ask('Who chooses the signers?', 'council'))).toContain('"link":"https://chat.test/1"')
    expect(JSON.stringify(await ask('Who chooses the signers?'))).not.toContain('Carol')
  })

  test('says so when it finds nothing, and hands on no foreign link', async () => {
    expect(JSON.stringify(await ask('zebra'))).toContain('Nothing in the proposal or its discussion has these words.')
    expect(JSON.stringify(await ask('budget'))).not.toContain('evil.test')
  })
})
