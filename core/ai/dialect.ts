import type { OpenAI } from 'openai'
import { z } from 'zod'

/** What a server understands; learned from its refusals and kept, so that it is asked wrongly only once. */
export type Dialect = {
  format: 'json_schema' | 'json_object' | 'text'
  limit: 'max_tokens' | 'max_completion_tokens' | 'none'
  temperature: boolean
}

export type Message = { role: 'system' | 'user' | 'assistant'; content: string }

export type Request = OpenAI.Chat.Completions.ChatCompletionCreateParamsNonStreaming

export function requestOf(
  dialect: Dialect,
  ask: { model: string; name: string; messages: Message[]; schema: z.ZodType; maxTokens: number },
): Request {
  const schema = jsonSchema(ask.schema)
  const format: Pick<Request, 'response_format'> =
    dialect.format === 'json_schema'
      ? { response_format: { type: 'json_schema', json_schema: { name: ask.name, strict: true, schema } } }
      : dialect.format === 'json_object'
        ? { response_format: { type: 'json_object' } }
        : {}
  return {
    model: ask.model,
    messages:
      dialect.format === 'json_schema'
        ? ask.messages
        : ask.messages.map((message, i) =>
            i === 0
              ? {
                  ...message,
                  content: `${message.content}\n\nThe answer fits this JSON schema: ${JSON.stringify(schema)}`,
                }
              : message,
          ),
    ...format,
    ...(dialect.limit === 'none' ? {} : { [dialect.limit]: ask.maxTokens }),
    ...(dialect.temperature ? { temperature: 0 } : {}),
  }
}

/** The next simpler way to ask after a 400; undefined when there is none. */
export function stepDown(dialect: Dialect, message: string): Dialect | undefined {
  if (/temperature/i.test(message) && dialect.temperature) return { ...dialect, temperature: false }
  if (/max_(?:completion_)?tokens/i.test(message) && dialect.limit !== 'none')
    return { ...dialect, limit: dialect.limit === 'max_tokens' ? 'max_completion_tokens' : 'none' }
  if (dialect.format === 'json_schema') return { ...dialect, format: 'json_object' }
  if (dialect.format === 'json_object') return { ...dialect, format: 'text' }
  return undefined
}

export function jsonSchema(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema)
  return rest
}
