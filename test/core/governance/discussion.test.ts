import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Context } from '../../../core/context.ts'
import { readDiscussion, topicOf } from '../../../core/governance/discussion.ts'
import { isPublicAddress } from '../../../core/governance/public-address.ts'
import { summarizeProposal } from '../../../core/governance/summary.ts'
import { proposalCard } from '../../../core/governance/views/proposal.ts'
import { readRecord, unitsOf } from '../../../core/governance/record.ts'
import { proposalById } from '../../../core/governance/proposal.ts'
import { forum, topic, type Forum, type ForumReply } from '../../support/forum.ts'
import { insertDao, insertProposal, rowWorld, type RowWorld } from '../../support/proposal.ts'

let all: RowWorld
let ctx: Context
let dao: { id: string; slug: string }
let number = 0
const forums: Forum[] = []

beforeAll(async () => {
  all = await rowWorld({ DISCUSSION_HOSTS: 'forum.example.org, gov.example.com' })
  ctx = all.ctx
  dao = await insertDao(ctx)
})
afterEach(async () => {
  await ctx.kv('discussion').clear()
  await Promise.all(forums.splice(0).map((one) => one.stop()))
})
afterAll(() => all.stop())

const text = 'This pays the watcher team for a year. Discussion: https://forum.example.org/t/fund-the-watchers/42/7.'

async function opened(script: (path: string, nth: number) => ForumReply): Promise<Forum> {
  const one = await forum(script)
  forums.push(one)
  return one
}

describe('the topic that a proposal names', () => {
  const hosts = ['forum.example.org']
  test.each([
    ['with its title', 'see https://forum.example.org/t/fund-it/42 there', '42'],
    ['without one', '[here](https://forum.example.org/t/42)', '42'],
    ['at a post', 'https://forum.example.org/t/fund-it/42/7?u=bob.', '42'],
    ['in capitals', 'https://FORUM.example.org/t/fund-it/42', '42'],
    ['after a foreign one', 'https://evil.test/t/a/1 https://forum.example.org/t/fund-it/42', '42'],
  ])('%s is found', (_, words, id) => {
    expect(topicOf(words, hosts)).toEqual({ host: 'forum.example.org', id })
  })

  test.each([
    ['of another host', 'https://evil.test/t/fund-it/42'],
    ['of a host that ends alike', 'https://forum.example.org.evil.test/t/a/42 https://evilforum.example.org/t/a/42'],
    ['with the host as a password', 'https://forum.example.org@evil.test/t/a/42 https://a:b@forum.example.org/t/a/42'],
    ['without encryption', 'http://forum.example.org/t/fund-it/42'],
    ['at another port', 'https://forum.example.org:8443/t/fund-it/42'],
    ['that is no topic', 'https://forum.example.org/u/bob https://forum.example.org/t/../admin/42x'],
    ['by number', 'https://127.0.0.1/t/a/42 https://[::1]/t/a/42 https://2130706433/t/a/42'],
  ])('%s is passed over', (_, words) => {
    expect(topicOf(words, hosts)).toBeUndefined()
  })

  test('is nothing to an operator who allows no forum', () => {
    expect(topicOf(text, [])).toBeUndefined()
  })
})

test('only addresses of the open internet are public', () => {
  const here = ['1.1.1.1', '93.184.216.34', '172.32.0.1', '192.167.255.255', '2606:4700:4700::1111', '2a00:1450::1']
  const inside = `0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.1 127.8.8.8 169.254.169.254 172.16.0.1 172.31.255.255 192.168.1.1
    192.0.0.8 198.18.0.1 224.0.0.1 240.0.0.1 255.255.255.255 :: ::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:1.1.1.1
    ::127.0.0.1 fe80::1 fe80::1%eth0 fc00::1 fd12::1 fec0::1 ff02::1 64:ff9b::7f00:1 2001::1 2001:db8::1 2002:7f00:1::
    100::1 localhost 1.1.1 0x7f.1`.split(/\s+/)
  expect(here.filter((address) => !isPublicAddress(address))).toEqual([])
  expect(inside.filter((address) => isPublicAddress(address))).toEqual([])
})

describe('a discussion', () => {
  test('is read post by post, with author, time and address', async () => {
    const { reach, requests } = await opened(() =>
      topic([
        { name: 'Alice', cooked: '<p>I support this, the watchers are needed.</p>' },
        {
          name: 'Bob',
          cooked:
            '<aside class="quote"><blockquote><p>I support this</p></blockquote></aside><p>I am against, it costs too much.</p><blockquote>said Carol</blockquote>',
        },
        { name: 'Mallory', cooked: '<p>hidden</p>', more: { hidden: true } },
        { name: 'system', cooked: '<p>closed</p>', more: { post_type: 3 } },
        { name: 'Dave', cooked: '<p>deleted</p>', more: { user_deleted: true } },
      ]),
    )
    const said = await readDiscussion(ctx, text, reach)
    expect(said.map(({ author, url }) => [author, url])).toEqual([
      ['Alice', 'https://forum.example.org/t/42/1'],
      ['Bob', 'https://forum.example.org/t/42/2'],
    ])
    expect(said[0]?.at).toBe(Date.parse('2026-01-02T03:04:05.678Z'))
    expect(said[1]?.text).toContain('I am against')
    expect(said[1]?.text).not.toMatch(/I support|Carol/)
    expect(requests).toEqual([{ path: '/t/42.json?page=1', host: 'forum.example.org' }])
  })

  test('of many pages is read to a limit', async () => {
    const { reach, requests } = await opened((path) =>
      topic([{ number: Number(path.split('=')[1]), cooked: '<p>One more word.</p>' }], 3_000),
    )
    expect(await readDiscussion(ctx, text, reach)).toHaveLength(5)
    expect(requests).toHaveLength(5)
  })

  test('is kept for a while, and what was read stays when the forum goes away', async () => {
    let isUp = true
    const { reach, requests } = await opened(() =>
      isUp ? topic([{ cooked: '<p>Still here.</p>' }]) : { status: 502, body: '{}' },
    )
    const later = { ...ctx, now: () => Date.now() + 3_600_000 }
    const first = await readDiscussion(ctx, text, reach)
    expect(await readDiscussion(ctx, text, reach)).toEqual(first)
    expect(requests).toHaveLength(1)
    isUp = false
    expect(await readDiscussion(later, text, reach)).toEqual(first)
    expect(await readDiscussion(later, text, reach)).toEqual(first)
    expect(requests).toHaveLength(2)
  })
})

describe('a forum that cannot be read', () => {
  const refused: [string, ForumReply][] = [
    ['sends elsewhere', { status: 302, headers: { location: 'http://127.0.0.1/' }, body: '' }],
    ['is gone', { status: 404, body: '{}' }],
    ['asks to log in', { status: 403, body: '{}' }],
    ['is too big', { fault: 'flood' }],
    ['drips', { fault: 'drip' }],
    ['hangs', { fault: 'hang' }],
    ['answers with a page', { headers: { 'content-type': 'text/html' }, body: '<html>' }],
    ['answers with half of an answer', { body: '{"post_stream":' }],
    ['answers with something else', { body: { hello: 'world' } }],
    ['nests beyond reason', { body: `${'['.repeat(100_000)}${']'.repeat(100_000)}` }],
  ]
  test.each(refused)('because it %s costs the card nothing', async (_, reply) => {
    const { reach, requests } = await opened(() => reply)
    const id = await insertProposal(ctx, dao, { number: (number += 1), description: text })
    const [summary] = await summarizeProposal(ctx, id, reach)
    expect(requests).toHaveLength(1)
    expect(summary).toMatchObject({ mode: 'extract', shown: expect.any(Number) })
    expect(summary?.shown).toBeGreaterThan(0)
    expect(summary?.sources.every(({ kind }) => kind === 'proposal')).toBe(true)
    const record = await readRecord(ctx.db, { id, units: await unitsOf(ctx, await proposalById(ctx, id)) })
    expect(JSON.stringify(proposalCard({ record, page: 'https://vote.example.org' }))).toContain('Extract, no AI model')
  })

  test.each([
    ['this machine', ['127.0.0.1']],
    ['the network here', ['10.0.0.7']],
    ['a cloud’s own address', ['169.254.169.254']],
    ['this machine, written as IPv6', ['::ffff:127.0.0.1']],
    ['a public address and this machine', ['1.1.1.1', '::1']],
    ['nothing', []],
  ])('because its name leads to %s is never asked', async (_, addresses) => {
    const { reach, requests } = await opened(() => topic([{ cooked: '<p>secret</p>' }]))
    const named = { ...reach, resolve: async () => addresses, mayConnect: isPublicAddress }
    expect(await readDiscussion(ctx, text, named)).toEqual([])
    expect(requests).toEqual([])
  })

  test('is asked at the address that was looked at, whatever its name leads to by then', async () => {
    const { reach, requests } = await opened(() => topic([{ cooked: '<p>Hello there.</p>' }]))
    let asked = 0
    const rebound = { ...reach, resolve: async () => ((asked += 1) === 1 ? ['127.0.0.1'] : ['10.0.0.1']) }
    expect(await readDiscussion(ctx, text, rebound)).toHaveLength(1)
    expect([asked, requests.length]).toEqual([1, 1])
  })

  test('because its name is never resolved costs a moment', async () => {
    const { reach } = await opened(() => topic([]))
    const from = Date.now()
    expect(await readDiscussion(ctx, text, { ...reach, resolve: () => new Promise(() => undefined) })).toEqual([])
    expect(Date.now() - from).toBeLessThan(3_000)
  })
})

test('posts made to hurt a parser are read in no time', async () => {
  const cooked = '<aside'.repeat(50_000) + '</aside>'.repeat(50_000) + '<p>fine</p>' + '<blockquote>'.repeat(50_000)
  const { reach } = await opened(() => topic([{ cooked }]))
  const from = performance.now()
  const [post] = await readDiscussion(ctx, text, { ...reach, timeoutMs: 5_000 })
  expect(post?.text).toContain('fine')
  expect(performance.now() - from).toBeLessThan(2_000)
})
