import { afterEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { AiFault } from '../../../core/ai/error.ts'
import { createModel, type ModelOptions } from '../../../core/ai/model.ts'
import { spendingIn } from '../../../core/ai/spending.ts'
import {
  completion,
  modelServer,
  type ModelReply,
  type ModelRequest,
  type ModelServer,
} from '../../support/model-server.ts'
import { testDb } from '../../support/db.ts'

const servers: ModelServer[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()))
})

const question = {
  name: 'claims',
  system: 'You answer.',
  user: 'What?',
  schema: z.object({ word: z.string() }),
  maxTokens: 50,
  repair: (faults: string[]) => `Again: ${faults.join()}`,
}
const good = completion({ word: 'yes' })

async function serverOf(script: (request: ModelRequest, nth: number) => ModelReply): Promise<ModelServer> {
  const server = await modelServer(script)
  servers.push(server)
  return server
}

async function modelOf(script: (request: ModelRequest, nth: number) => ModelReply, more: Partial<ModelOptions> = {}) {
  const server = await serverOf(script)
  return { server, model: createModel({ baseUrl: server.baseUrl, model: 'tiny', timeoutMs: 1_000, ...more }) }
}

const refusal = (status: number, message: string, more: object = {}): ModelReply => ({
  status,
  body: { error: { message, ...more } },
})

describe('an answer', () => {
  test.each<[string, unknown]>([
    ['as an object', { word: 'yes' }],
    ['in a fence', '```json\n{"word":"yes"}\n```'],
    ['after thoughts', '<think>hm {</think>{"word":"yes"}'],
  ])('%s is taken at the first try', async (_, content) => {
    const { model, server } = await modelOf(() => completion(content))
    expect(await model.ask(question)).toMatchObject({ value: { word: 'yes' }, repaired: false, tokens: 150 })
    expect(server.requests).toHaveLength(1)
  })

  test.each<[string, unknown]>([
    ['of prose', 'The word is yes.'],
    ['with two objects', '{"word":"yes"}{"word":"no"}'],
    ['with a trailing comma', '{"word":"yes",}'],
    ['of the wrong shape', { word: 7 }],
  ])('%s is asked for once more, with what was wrong', async (_, content) => {
    const { model, server } = await modelOf((__, nth) => (nth === 0 ? completion(content) : good))
    expect(await model.ask(question)).toMatchObject({ value: { word: 'yes' }, repaired: true })
    expect(server.requests[1]?.body.messages.at(-1)?.content).toContain('Again: ')
  })

  test('without usage counts as estimated', async () => {
    const { model } = await modelOf(() => completion({ word: 'yes' }, { usage: null }))
    expect((await model.ask(question)).tokens).toBeGreaterThan(50)
  })
})

describe('a server that', () => {
  const faults: [string, AiFault, number, ModelReply, number?][] = [
    ['stays of the wrong shape', 'bad-answer', 2, completion('no')],
    ['answers with a web page', 'bad-answer', 1, { headers: { 'content-type': 'text/html' }, body: '<html></html>' }],
    ['answers with nothing', 'bad-answer', 1, { body: '' }],
    ['gives no choices', 'bad-answer', 1, { body: { choices: [] } }],
    ['gives no choices at all', 'bad-answer', 1, { body: {} }],
    ['gives an empty text', 'bad-answer', 1, completion('')],
    ['gives a megabyte', 'bad-answer', 1, completion('x'.repeat(1_000_000))],
    ['gives more than it may', 'bad-answer', 1, completion('x'.repeat(3_000_000))],
    ['refuses', 'refused', 1, completion(null, { message: { content: null, refusal: 'I will not.' } })],
    ['was cut off', 'too-long', 1, completion('{"word":', { finish: 'length' })],
    ['filters the answer', 'filtered', 1, completion('', { finish: 'content_filter' })],
    ['filters the text', 'filtered', 1, refusal(400, 'blocked', { code: 'content_filter' })],
    ['finds the text too long', 'too-long', 1, refusal(400, 'maximum context length is 4096 tokens')],
    ['does not know the key', 'auth', 1, refusal(401, 'Incorrect API key provided: sk-secret')],
    ['does not know the model', 'unsupported', 1, refusal(404, 'no such model')],
    ['has no quota left', 'quota', 1, refusal(429, 'You exceeded your current quota', { code: 'insufficient_quota' })],
    ['is busy for ever', 'rate', 3, { ...refusal(429, 'slow down'), headers: { 'retry-after-ms': '5' } } as ModelReply],
    [
      'is busy for longer than we wait',
      'rate',
      1,
      { ...refusal(429, 'x'), headers: { 'retry-after': '60' } } as ModelReply,
    ],
    ['fails for ever', 'server', 3, { ...refusal(500, 'x'), headers: { 'retry-after-ms': '5' } } as ModelReply],
    ['hangs', 'timeout', 1, { fault: 'hang' }],
    ['drips', 'timeout', 1, { fault: 'drip' }],
    ['sends elsewhere', 'unsupported', 1, { status: 307, headers: { location: 'http://127.0.0.1:9/v1' }, body: '' }],
  ]
  test.each(faults)('%s ends as “%s” after %i requests, in our own words', async (_, code, requests, reply) => {
    const { model, server } = await modelOf(() => reply, { apiKey: 'sk-secret' })
    const from = Date.now()
    const error: unknown = await model.ask(question).catch((cause: unknown) => cause)
    expect(error).toMatchObject({ name: 'AiError', code })
    expect((error as Error).message).not.toMatch(/sk-secret|exceeded|Incorrect|html/)
    expect(server.requests).toHaveLength(requests)
    expect(Date.now() - from).toBeLessThan(2_500)
  })

  test('breaks off is asked again, and the deadline holds over all tries', async () => {
    const { model, server } = await modelOf(() => ({ fault: 'cut' }), { timeoutMs: 3_000 })
    const from = Date.now()
    await expect(model.ask(question)).rejects.toMatchObject({ name: 'AiError' })
    expect(server.requests.length).toBeLessThanOrEqual(3)
    expect(Date.now() - from).toBeLessThan(4_000)
  })

  test('is not there is one calm fault', async () => {
    const { model, server } = await modelOf(() => good)
    await server.stop()
    await expect(model.ask(question)).rejects.toMatchObject({ name: 'AiError' })
  })

  test('was busy once is asked again', async () => {
    const { model, server } = await modelOf((_, nth) =>
      nth === 0 ? ({ ...refusal(429, 'x'), headers: { 'retry-after-ms': '5' } } as ModelReply) : good,
    )
    expect(await model.ask(question)).toMatchObject({ requests: 2 })
    expect(server.requests).toHaveLength(2)
  })

  test('sends elsewhere never makes the text go there', async () => {
    const thief = await serverOf(() => good)
    const { model } = await modelOf(() => ({ status: 307, headers: { location: `${thief.baseUrl}/x` }, body: '' }))
    await expect(model.ask(question)).rejects.toMatchObject({ code: 'unsupported' })
    expect(thief.requests).toEqual([])
  })
})

describe('a simpler server', () => {
  test('is asked in ever simpler ways, and asked rightly the next time', async () => {
    const { model, server } = await modelOf(({ body }) => {
      if (body.response_format) return refusal(400, `response_format ${body.response_format.type} is not supported`)
      if (body.max_tokens) return refusal(400, 'use max_completion_tokens instead of max_tokens')
      if (body.temperature !== undefined) return refusal(400, 'temperature is not supported')
      return good
    })
    await model.ask(question)
    expect(server.requests).toHaveLength(5)
    const last = server.requests.at(-1)?.body
    expect(last?.max_completion_tokens).toBe(50)
    expect(last?.messages[0]?.content).toContain('The answer fits this JSON schema: ')
    await model.ask(question)
    expect(server.requests).toHaveLength(6)
  })
})

describe('what goes out', () => {
  test('is our question and our key only, whatever the environment holds', async () => {
    const planted = {
      OPENAI_ORG_ID: 'org-planted',
      OPENAI_PROJECT_ID: 'proj-planted',
      OPENAI_BASE_URL: 'http://127.0.0.1:9/planted',
      OPENAI_API_KEY: 'sk-planted',
      OPENAI_CUSTOM_HEADERS: 'x-planted: 1',
    }
    // eslint-disable-next-line node/no-process-env -- the SDK reads these, and that is what is tested
    Object.assign(process.env, planted)
    try {
      const { model, server } = await modelOf(() => good, { apiKey: 'sk-ours' })
      await model.ask(question)
      const [request] = server.requests
      expect(JSON.stringify(request)).not.toContain('planted')
      expect(request?.headers.authorization).toBe('Bearer sk-ours')
      expect(Object.keys(request?.headers ?? {}).filter((name) => name.startsWith('x-stainless'))).toEqual([])
      expect(request?.url).toBe('/v1/chat/completions')
    } finally {
      // eslint-disable-next-line node/no-process-env
      for (const name of Object.keys(planted)) delete process.env[name]
    }
  })

  test('needs no key', async () => {
    const { model, server } = await modelOf(() => good)
    await model.ask(question)
    expect(server.requests[0]?.headers.authorization).toBeUndefined()
  })
})

describe('the day’s tokens', () => {
  test('are never passed, however many ask at once and in how many processes', async () => {
    const database = await testDb()
    try {
      const server = await serverOf(() => completion({ word: 'yes' }, { usage: { total_tokens: 45 } }))
      const models = [0, 1, 2, 3].map(() =>
        createModel({
          baseUrl: server.baseUrl,
          model: 'tiny',
          dailyTokens: 1_000,
          spending: spendingIn(database.db, 'tiny'),
        }),
      )
      const asked = await Promise.allSettled(Array.from({ length: 60 }, (_, i) => models[i % 4]!.ask(question)))
      const { tokens } = await database.db.selectFrom('ai_spent').select('tokens').executeTakeFirstOrThrow()
      expect(Number(tokens)).toBe(server.requests.length * 45)
      expect(Number(tokens)).toBeLessThanOrEqual(1_000)
      expect(server.requests.length).toBeGreaterThan(5)
      expect(
        asked.flatMap((one) => (one.status === 'rejected' ? [(one.reason as { code: string }).code] : [])),
      ).toContain('budget')
    } finally {
      await database.close()
    }
  })
})
