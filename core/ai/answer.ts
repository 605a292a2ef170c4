import type { OpenAI } from 'openai'
import type { z } from 'zod'
import { AiError } from './error.ts'

const longest = 200_000

/** The text of a completion; a server may answer 200 and still have said nothing. */
export function textOf(completion: OpenAI.Chat.Completions.ChatCompletion): string {
  const choice = (completion.choices as OpenAI.Chat.Completions.ChatCompletion.Choice[] | undefined)?.[0]
  if (!choice) throw new AiError('bad-answer', 'the model gave no answer')
  if (choice.finish_reason === 'content_filter') throw new AiError('filtered', 'the model server filtered the answer')
  const message = choice.message as typeof choice.message | undefined
  if (message?.refusal) throw new AiError('refused', 'the model refused')
  if (choice.finish_reason === 'length') throw new AiError('too-long', 'the answer was cut off')
  const text = message?.content
  if (typeof text !== 'string' || !text.trim()) throw new AiError('bad-answer', 'the model gave an empty answer')
  if (text.length > longest) throw new AiError('bad-answer', 'the model gave an endless answer')
  return text
}

/** A value of the schema, or what is wrong with the answer. Accepts one object, alone or in one Markdown fence. */
export function readAnswer<T>(text: string, schema: z.ZodType<T>): { value: T } | { faults: string[] } {
  let json: unknown
  try {
    json = JSON.parse(unfence(text))
  } catch {
    return { faults: ['not one JSON object'] }
  }
  const parsed = schema.safeParse(json)
  if (parsed.success) return { value: parsed.data }
  return {
    faults: parsed.error.issues.slice(0, 8).map(({ path, message }) => `${path.join('.') || 'answer'}: ${message}`),
  }
}

function unfence(text: string): string {
  const bare = text.replace(/^\s*<think>[\s\S]*?<\/think>/, '').trim()
  return /^```(?:json)?\s*\n([\s\S]*?)\n?```$/i.exec(bare)?.[1] ?? bare
}
