import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createRoutes } from '../../../bots/web/index.ts'
import { createPlayground } from '../../../bots/web/playground.ts'
import { play, type Play } from '../../support/playground.ts'

let all: Play
beforeAll(async () => {
  all = await play()
})
afterAll(() => all.stop())

/** As `fetch` would not: with any Host header. */
function ask(
  path: string,
  { method = 'GET', headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(all.web.url + path, { method, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => (text += part))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

const json = { 'content-type': 'application/json' }
const post = (path: string, body: string, headers: Record<string, string> = json) =>
  ask(path, { method: 'POST', headers, body })
const codeOf = ({ text }: { text: string }): unknown => (JSON.parse(text) as { error: { code: string } }).error.code
const pages = ['/', '/l/x', '/b/x', '/d/x', '/r/deadbeef', '/p/none-1', '/nothing']

describe('every page', () => {
  test.each(pages)('%s carries the policy that lets no stranger’s script run', async (path) => {
    const { headers } = await ask(path)
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    )
    expect(headers).toMatchObject({
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      'cache-control': 'no-store',
    })
  })

  test.each(pages)('%s has no script or style of its own inside it, and nothing from another host', async (path) => {
    const { text } = await ask(path)
    expect(text).toMatch(/^<!doctype html>/)
    expect(text).not.toMatch(/<script(?![^>]* src="\/assets\/)/)
    expect(text).not.toMatch(/<style|\son[a-z]+=|\sstyle=|javascript:/)
    for (const [, address] of text.matchAll(/\s(?:src|href)="([^"]*)"/g)) expect(address).toMatch(/^[/#](?!\/)/)
  })

  test('has a title, a language, one heading and a way past the header for screen readers', async () => {
    for (const path of pages) {
      const { text } = await ask(path)
      expect(text).toContain('<html lang="en">')
      expect(text).toMatch(/<title>[^<]+<\/title>/)
      expect(text.match(/<h1/g)).toHaveLength(1)
      expect(text).toContain('href="#main"')
    }
  })
})

describe('the server refuses', () => {
  test.each(['evil.example.org', 'evil.example.org:4040', '127.0.0.1', 'localhost.evil.org'])(
    'the name “%s”, which is not its own',
    async (host) => {
      const answer = await ask('/api/play/people', { headers: { host } })
      expect(answer.status).toBe(421)
      expect(codeOf(answer)).toBe('host')
    },
  )

  test.each([
    { origin: 'https://evil.example.org' },
    { origin: 'null' },
    { origin: 'http://127.0.0.1:1' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ])('a page of another site: %o', async (headers) => {
    const answer = await post('/api/play/people', '{"name":"Mallory"}', { ...json, ...headers })
    expect(answer.status).toBe(403)
    expect(codeOf(answer)).toBe('origin')
  })

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', ''])(
    'a body that is “%s”, as a form of another site could send it',
    async (type) => {
      const answer = await post('/api/play/people', '{"name":"Mallory"}', { 'content-type': type })
      expect(answer.status).toBe(415)
      expect(codeOf(answer)).toBe('content-type')
    },
  )

  test.each(['{', '', '"text"', '[]', 'null', '{"name":1}', '{"name":""}'])('the body %s', async (body) => {
    const answer = await post('/api/play/people', body)
    expect(answer.status).toBe(400)
    expect(codeOf(answer)).toBe('json')
  })

  test('a body that is too large, however it is announced', async () => {
    const body = JSON.stringify({ name: 'x'.repeat(70_000) })
    const announced = await post('/api/play/people', body)
    expect(announced.status).toBe(413)
    const streamed = await post('/api/play/people', body, { ...json, 'transfer-encoding': 'chunked' })
    expect(streamed.status).toBe(413)
    expect(codeOf(streamed)).toBe('too-large')
  })

  test('an address with a null character', async () => {
    for (const path of ['/p/%00', '/api/play/messages?channel=%00', '/api/receipt/%00'])
      expect((await ask(path)).status).toBe(404)
  })

  test.each([
    '/assets/..%2fguard.js',
    '/assets/guard.js',
    '/assets/playground.ts',
    '/assets/.js',
    '/assets/%2e%2e.css',
  ])('the file %s, which is not meant for browsers', async (path) => {
    expect((await ask(path)).status).toBe(404)
  })

  test('figures for anybody but this machine', async () => {
    expect((await ask('/metrics')).status).toBe(200)
    expect((await ask('/metrics', { headers: { 'x-forwarded-for': '203.0.113.9' } })).status).toBe(403)
  })
})

test('a person who is asked for a page gets a page, a program gets JSON', async () => {
  const page = await ask('/r/deadbeef')
  expect(page.headers['content-type']).toContain('text/html')
  expect(page.status).toBe(404)
  expect(page.text).toContain('AutoCo has no ballot of this id.')
  const api = await ask('/api/receipt/deadbeef')
  expect(JSON.parse(api.text)).toEqual({
    error: { code: 'unknown', message: 'AutoCo has no ballot of this id.', hint: '/receipt' },
  })
})

test('a fault of ours is an incident with an id, and never its cause', async () => {
  await all.world.ctx.db.schema.alterTable('playground_channel').renameTo('away').execute()
  try {
    const answer = await ask('/api/play/channels')
    expect(answer.status).toBe(500)
    expect(JSON.parse(answer.text)).toEqual({
      error: {
        code: 'fault',
        message: 'That went wrong, and it is our fault.',
        hint: expect.stringMatching(/incident [a-z0-9-]+\.$/) as string,
      },
    })
    expect(answer.text).not.toMatch(/relation|playground_channel|kysely/i)
  } finally {
    await all.world.ctx.db.schema.alterTable('away').renameTo('playground_channel').execute()
  }
})

test('readiness says what is missing', async () => {
  expect(JSON.parse((await ask('/readyz')).text)).toEqual({ status: 'ready', database: true, chain: true })
  expect((await ask('/healthz', { headers: { host: '10.0.0.7' } })).status).toBe(200)
})

test('the page for those who write another client names every address', () => {
  const page = readFileSync(new URL('../../../bots/web/README.md', import.meta.url), 'utf8')
  const parts = { config: all.world.ctx.config, playground: createPlayground({ people: [] }), port: () => 4040 }
  const routes = createRoutes(all.app, parts).routes.filter(({ method }) => method !== 'ALL')
  expect(routes.length).toBeGreaterThan(25)
  const named = routes.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '<$1>')}`)
  expect(named.filter((name) => !page.includes(`\`${name}\``))).toEqual([])
})
