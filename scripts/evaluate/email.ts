import { z } from 'zod'
import { extractDiscussion } from '../../core/ai/extract/discussion.ts'
import { readPassages } from '../../core/ai/sources.ts'
import { mean } from './qmsum.ts'
import { firstWords, rouge1 } from './rouge.ts'

const thread = z.object({
  messages: z.array(z.object({ author: z.string(), text: z.string() })),
  reference: z.string(),
})

const budget = 67

/** ConvoSumm: short e-mail threads, where no method without a model beats the first sentences by much. */
export function evaluateThreads(lines: string): { r1: number; lead: number } {
  const r1: number[] = []
  const lead: number[] = []
  for (const line of lines.trim().split('\n')) {
    const { messages, reference } = thread.parse(JSON.parse(line))
    const said = messages.map(({ author, text }, at) => ({ author, at, text }))
    const passages = readPassages({ title: '', body: '', messages: said })
    const shown = extractDiscussion(passages, budget)
    r1.push(rouge1(shown.map(({ text, source }) => `${source.author}: ${text}`).join(' '), reference))
    lead.push(rouge1(firstWords(passages.map(({ author, text }) => `${author}: ${text}`).join(' '), budget), reference))
  }
  return { r1: mean(r1), lead: mean(lead) }
}
