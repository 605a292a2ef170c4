import { z } from 'zod'
import { extractDiscussion } from '../../core/ai/extract/discussion.ts'
import { rankPassages } from '../../core/ai/extract/question.ts'
import { readPassages, type Passage } from '../../core/ai/sources.ts'
import { firstWords, rouge1 } from './rouge.ts'

const span = z.array(z.tuple([z.coerce.number(), z.coerce.number()]))
const meeting = z.object({
  topic_list: z.array(z.object({ topic: z.string(), relevant_text_span: span })),
  general_query_list: z.array(z.object({ query: z.string(), answer: z.string() })),
  specific_query_list: z.array(z.object({ query: z.string(), answer: z.string(), relevant_text_span: span })),
  meeting_transcripts: z.array(z.object({ speaker: z.string(), content: z.string() })),
})

const budget = 110
const context = 1_500

/** QMSum, whole meetings: overlap with the written summary above that of the first words, topics touched, passages found. */
export function evaluateMeetings(lines: string): { r1: number; lead: number; topics: number; questions: number } {
  const r1: number[] = []
  const lead: number[] = []
  const topics: number[] = []
  const questions: number[] = []
  for (const line of lines.trim().split('\n')) {
    const { topic_list, general_query_list, specific_query_list, meeting_transcripts } = meeting.parse(JSON.parse(line))
    const turns = meeting_transcripts.map(({ speaker, content }, at) => ({ author: speaker, at, text: tidy(content) }))
    const messages = readPassages({ title: '', body: '', messages: turns })
    const whole = general_query_list.find(({ query }) =>
      /summari[sz]e the (?:whole )?meeting|main discussion points|whole meeting/i.test(query),
    )
    if (whole) {
      const shown = extractDiscussion(messages, budget)
      r1.push(rouge1(shown.map(({ text, source }) => `${source.author}: ${text}`).join(' '), whole.answer))
      lead.push(
        rouge1(firstWords(turns.map(({ author, text }) => `${author}: ${text}`).join(' '), budget), whole.answer),
      )
      const places = shown.map(({ source }) => source.at ?? 0)
      const touched = topic_list.filter(({ relevant_text_span }) =>
        places.some((at) => relevant_text_span.some(([from, to]) => at >= from && at <= to)),
      )
      if (topic_list.length) topics.push((100 * touched.length) / topic_list.length)
    }
    for (const { query, relevant_text_span } of specific_query_list)
      questions.push(
        goldFound(messages, query, (at) => relevant_text_span.some(([from, to]) => at >= from && at <= to)),
      )
  }
  return { r1: mean(r1), lead: mean(lead), topics: mean(topics), questions: mean(questions) }
}

/** Share of the words of the gold turns that the best turns bring, with 1,500 words to spend. */
function goldFound(messages: Passage[], query: string, isGold: (at: number) => boolean): number {
  const { score } = rankPassages(messages, query)
  const order = messages.map((message, i) => ({ message, value: score[i] ?? 0 })).sort((a, b) => b.value - a.value)
  const words = (message: Passage): number => message.text.split(/\s+/).length
  const gold = messages.filter(({ at }) => isGold(at ?? -1)).reduce((sum, message) => sum + words(message), 0)
  let spent = 0
  let found = 0
  for (const { message } of order) {
    if (spent + words(message) > context) break
    spent += words(message)
    if (isGold(message.at ?? -1)) found += words(message)
  }
  return (100 * found) / Math.max(1, Math.min(gold, context))
}

function tidy(content: string): string {
  return content
    .replaceAll(/\{\w+\}|<\w+>/g, ' ')
    .replaceAll(/ ([.,?!;:'])/g, '$1')
    .replaceAll(/\s+/g, ' ')
    .trim()
}

export function mean(values: number[]): number {
  return values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : 0
}
