import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hear } from '../../../../core/chat/hear.ts'
import type { Context } from '../../../../core/context.ts'
import { createApp, type App } from '../../../../core/index.ts'
import { summarizeJob } from '../../../../core/governance/jobs/summarize.ts'
import { caller } from '../../../support/linking.ts'
import { insertDao, insertProposal, rowWorld, type RowWorld } from '../../../support/proposal.ts'

let all: RowWorld
let ctx: Context
let app: App
let id: string

beforeAll(async () => {
  all = await rowWorld()
  ctx = all.ctx
  app = createApp(ctx, [])
  id = await insertProposal(ctx, await insertDao(ctx), { number: 1 })
})
afterAll(() => all.stop())

const ask = async (line: string, channel = 'general'): Promise<string> => {
  const { view } = await app.run({ caller: caller('bob'), channel: { platform: 'paper', id: channel }, line })
  return JSON.stringify(view)
}

describe('/proposal', () => {
  test('shows how it stands and what it says, and asks for a summary where there is none', async () => {
    const answer = await ask('proposal NOMIC-1')
    expect(answer).toContain('nomic-1: Fund the bridge watchers')
    expect(answer).toContain('This proposal pays the watcher team')
    expect(answer).toContain('Its summary is being written.')
    await summarizeJob.run(ctx, { proposalId: id })
    expect(await ask('proposal nomic-1')).toContain('Extract, no AI model')
  })

  test('shows what was said in a channel to that channel only', async () => {
    const said = { platform: 'paper', author: 'Carol', authorId: 'carol', at: 1_767_300_000_000 }
    const text = 'I support nomic-1 because the canary in the coal mine sings about withdrawals.'
    await hear(ctx, { ...said, channel: 'council', id: '1', text })
    await summarizeJob.run(ctx, { proposalId: id })
    expect(await ask('proposal nomic-1', 'council')).toContain('canary')
    expect(await ask('proposal nomic-1', 'general')).not.toContain('canary')
    expect(await ask('proposal nomic-1', 'general')).toContain('Extract, no AI model')
  })

  test.each([
    ['proposal nomic-99', 'I know no proposal “nomic-99”.'],
    ['proposal what?', 'is not a proposal ref like ens-42'],
    ['proposal', '/proposal needs proposal.'],
  ])('%s says what is wrong', async (line, words) => {
    expect(await ask(line)).toContain(words)
  })
})
