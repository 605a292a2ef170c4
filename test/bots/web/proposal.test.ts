import type { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createRoutes } from '../../../bots/web/index.ts'
import { sourcesOf } from '../../../core/ai/summarize.ts'
import { createApp, type Context } from '../../../core/index.ts'
import { summarizeProposal } from '../../../core/governance/summary.ts'
import { insertDao, insertProposal, rowWorld, type RowWorld } from '../../support/proposal.ts'

let all: RowWorld
let ctx: Context
let routes: Hono
let dao: { id: string; slug: string }

beforeAll(async () => {
  all = await rowWorld()
  ctx = all.ctx
  dao = await insertDao(ctx)
  routes = createRoutes(createApp(ctx, []), { config: ctx.config, playground: undefined, port: () => 4040 })
})
afterAll(() => all.stop())

async function open(ref: string): Promise<string> {
  const response = await routes.request(`https://vote.example.org/p/${ref}`, { headers: { host: 'vote.example.org' } })
  expect(response.status).toBe(200)
  return await response.text()
}

const description = `# Fund the bridge watchers

Intro of the proposal, which is long enough to be a sentence of its own.

## Motivation

The bridge has **no independent** watchers, so a [faulty withdrawal](https://forum.example.org/x) could stay unnoticed for days.

- The first team watches the bridge by day because it lives in the east.
- The second team watches the bridge by night because it lives in the west.

| who | gets |
|---|---|
| Lighthouse, the team that watches all the day long | 50,000 OP for twelve months of work |

> A quote from a delegate that says the bridge deserves more than one pair of eyes.

\`\`\`
code that nobody needs to read at all
\`\`\`

## Risks

The watchers could miss an attack, and the multisig could stop the payments too late.`

describe('the page of a proposal', () => {
  test('has a place for every source that the summary cites', async () => {
    const id = await insertProposal(ctx, dao, { number: 1, description })
    const voter = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
    await ctx.db
      .insertInto('vote')
      .values({
        proposal_id: id,
        voter,
        block_hash: '0x01',
        log_index: 0,
        block_number: '20',
        tx_hash: '0x',
        support: 1,
        weight: '5',
        reason: 'I support this because <b>independent</b> watchers make withdrawals safer.',
        orphaned_at: null,
      })
      .execute()
    await summarizeProposal(ctx, id)
    const html = await open('nomic-1')
    const cited = [...html.matchAll(/href="[^"]*\/p\/nomic-1#([^"]+)"/g)].map(([, anchor]) => anchor)
    expect(cited.length).toBeGreaterThan(3)
    expect(cited).toContain(`vote-${voter}`)
    expect(cited.filter((anchor) => !html.includes(`id="${anchor}"`))).toEqual([])
    const sources = sourcesOf({ title: 'Fund the bridge watchers', body: description, messages: [] })
    expect(sources.length).toBeGreaterThan(9)
    expect(sources.filter(({ id: anchor }) => !html.includes(`id="${anchor}"`))).toEqual([])
    expect(html).toContain('&lt;b&gt;independent&lt;/b&gt;')
  })

  test('leads each claim to the very paragraph', async () => {
    const html = await open('nomic-1')
    expect(/id="p(\d+)"[^]*?The watchers could miss an attack/.exec(html)).not.toBeNull()
    const [, anchor] =
      /#(p\d+)"[^>]*>¶\d+<\/a>\s*<\/li>/.exec(html.slice(html.indexOf('The watchers could miss'))) ?? []
    expect(html.slice(html.indexOf(`id="${anchor}"`)).slice(0, 400)).toContain('The watchers could miss an attack')
  })

  test('shows a stranger’s text without its powers', async () => {
    const hostile = '<script>alert(1)</script> [x](javascript:alert(2)) <img src=x onerror=alert(3)> \u202eevil'
    await insertProposal(ctx, dao, { number: 2, title: hostile, description: `# ${hostile}\n\n${hostile}` })
    const html = await open('nomic-2')
    expect(html).not.toMatch(/<script>alert|href="javascript|<img|\u202e/)
  })

  test('of 100 kB and of nothing are pages too', async () => {
    await insertProposal(ctx, dao, { number: 3, description: '[]('.repeat(30_000) })
    await insertProposal(ctx, dao, { number: 4, title: '', description: '' })
    expect((await open('nomic-3')).length).toBeLessThan(500_000)
    expect(await open('nomic-4')).toContain('It has no text.')
  })

  test('that nobody knows says so', async () => {
    const response = await routes.request('https://vote.example.org/p/nomic-99', {
      headers: { host: 'vote.example.org' },
    })
    expect(response.status).toBe(404)
    expect(await response.text()).toContain('I know no proposal')
  })
})
