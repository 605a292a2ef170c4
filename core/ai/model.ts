import { z } from 'zod'
import type { OpenAI } from 'openai'
import { AiError } from './error.ts'

/** What is asked: the prompt's fixed part first, the untrusted part last, and the shape the answer must have. */
export type Question<T> = { name: string; system: string; user: string; schema: z.ZodType<T>; maxTokens: number }

export type Answer<T> = { value: T; tokens: number; attempts: number; repaired: boolean }

/** Any OpenAI-compatible server. `ask` gives a value of the schema or throws an `AiError`. */
export type Model = {
  readonly name: string
  ask: <T>(question: Question<T>, signal?: AbortSignal) => Promise<Answer<T>>
}

export type ModelOptions = {
  baseUrl: string
  apiKey?: string | undefined
  model: string
  timeoutMs?: number
  dailyTokens?: number
}

export function createModel(options: ModelOptions): Model {
  const timeoutMs = options.timeoutMs ?? 60_000
  let client: Promise<OpenAI> | undefined
  return {
    name: options.model,
    async ask(question, signal) {
      const openai = await (client ??= connect(options))
      const deadline = AbortSignal.timeout(timeoutMs)
      const completion = await openai.chat.completions.create(
        {
          model: options.model,
          messages: [
            { role: 'system', content: question.system },
            { role: 'user', content: question.user },
          ],
          max_tokens: question.maxTokens,
          response_format: {
            type: 'json_schema',
            json_schema: { name: question.name, strict: true, schema: z.toJSONSchema(question.schema) },
          },
        },
        { signal: signal ? AbortSignal.any([signal, deadline]) : deadline },
      )
      const text = completion.choices?.[0]?.message?.content
      if (!text) throw new AiError('bad-answer', 'the model answered with nothing')
      return {
        value: question.schema.parse(JSON.parse(text)),
        tokens: completion.usage?.total_tokens ?? 0,
        attempts: 1,
        repaired: false,
      }
    },
  }
}

/** Loaded only when asked: without a model the package stays on disk. */
async function connect(options: ModelOptions): Promise<OpenAI> {
  const { OpenAI } = await import('openai')
  return new OpenAI({
    baseURL: options.baseUrl,
    apiKey: options.apiKey ?? 'none',
    organization: null,
    project: null,
    maxRetries: 0,
    fetchOptions: { redirect: 'error' },
  })
}
