import { setTimeout as wait } from 'node:timers/promises'
import type { OpenAI } from 'openai'
import { readAnswer, textOf } from './answer.ts'
import { jsonSchema, requestOf, stepDown, type Dialect, type Message } from './dialect.ts'
import { AiError } from './error.ts'
import { faultOf, isWorthRetrying } from './fault.ts'
import type { Model } from '../ports.ts'
import { spendingInMemory, type Spending } from './spending.ts'
import { estimateTokens } from './tokens.ts'
import { connect } from './transport.ts'

export type ModelOptions = {
  baseUrl: string
  apiKey?: string | undefined
  model: string
  timeoutMs?: number
  dailyTokens?: number
  windowTokens?: number
  spending?: Spending
}

const retries = 2
const stepDowns = 4
const backOffMs = 500

export function createModel(options: ModelOptions): Model {
  const { timeoutMs = 60_000, dailyTokens = Infinity, windowTokens = 16_000, spending = spendingInMemory() } = options
  let client: Promise<OpenAI> | undefined
  let dialect: Dialect = { format: 'json_schema', limit: 'max_tokens', temperature: true }

  /** One answer's text, after as many requests as the policy allows: a busy or failing server twice more, a simpler way of asking as often as there is one. */
  async function complete(
    ask: Parameters<typeof requestOf>[1],
    signal: AbortSignal,
  ): Promise<{ text: string; tokens: number; requests: number }> {
    const openai = await (client ??= connect(options))
    let tokens = 0
    for (let requests = 1, retried = 0, stepped = 0; ; requests += 1) {
      const asked = dialect
      const estimate = ask.messages.reduce((sum, { content }) => sum + estimateTokens(content), 0) + ask.maxTokens
      const day = new Date().toISOString().slice(0, 10)
      if (!(await spending.reserve(day, estimate, dailyTokens)))
        throw new AiError('budget', "today's model tokens are used up")
      let used = estimate
      try {
        const completion = await openai.chat.completions.create(requestOf(asked, ask), { signal })
        used = completion.usage?.total_tokens ?? estimate
        tokens += used
        return { text: textOf(completion), tokens, requests }
      } catch (error) {
        const fault = signal.aborted ? new AiError('timeout', 'the model did not answer in time') : faultOf(error)
        const status = (error as { status?: number }).status
        // A request that was refused outright cost nothing.
        if (status !== undefined) used = 0
        const simpler =
          (status === 400 || status === 422) && fault.code === 'unsupported'
            ? stepDown(asked, (error as Error).message)
            : undefined
        if (simpler && stepped < stepDowns) {
          stepped += 1
          // Another call may have learned it meanwhile.
          if (dialect === asked) dialect = simpler
        } else if (isWorthRetrying(fault) && retried < retries && (fault.afterMs ?? 0) < timeoutMs) {
          retried += 1
          await pause(fault.afterMs ?? backOffMs * 2 ** retried, signal)
        } else throw fault
      } finally {
        if (used !== estimate) await spending.correct(day, used - estimate)
      }
    }
  }

  return {
    name: options.model,
    windowTokens,
    async ask(question) {
      const signal = AbortSignal.timeout(timeoutMs)
      const { name, schema, maxTokens } = question
      const messages: Message[] = [
        { role: 'system', content: question.system },
        { role: 'user', content: question.user },
      ]
      const first = await complete({ model: options.model, name, messages, schema, maxTokens }, signal)
      const answer = readAnswer(first.text, schema)
      if ('value' in answer)
        return { value: answer.value, tokens: first.tokens, requests: first.requests, repaired: false }
      messages.push(
        { role: 'assistant', content: first.text.slice(0, 20_000) },
        { role: 'user', content: question.repair(answer.faults, jsonSchema(schema)) },
      )
      const second = await complete({ model: options.model, name, messages, schema, maxTokens }, signal)
      const repaired = readAnswer(second.text, schema)
      if ('faults' in repaired)
        throw new AiError('bad-answer', `the model's answer has the wrong shape: ${repaired.faults[0]}`)
      return {
        value: repaired.value,
        tokens: first.tokens + second.tokens,
        requests: first.requests + second.requests,
        repaired: true,
      }
    },
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(ms, undefined, { signal })
  } catch {
    throw new AiError('timeout', 'the model did not answer in time')
  }
}
