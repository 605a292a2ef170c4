import type { Passage } from '../sources.ts'
import { isReadable, richest, sentencesOf, type Sentence } from './corpus.ts'
import { centrality } from './graph.ts'
import { pickDiverse } from './pick.ts'
import { segmentsOf } from './segments.ts'

const shortDiscussion = 12

/** What was said, in the order in which it was said. */
export function extractDiscussion(messages: Passage[], words: number): Sentence[] {
  const sentences = sentencesOf(messages)
  return messages.length <= shortDiscussion ? firstOfEach(sentences, words) : central(richest(sentences), words)
}

/** A short talk: the first sentence of each message that says something. */
function firstOfEach(sentences: Sentence[], words: number): Sentence[] {
  const heard = new Set<string>()
  const picked: Sentence[] = []
  let left = words
  for (const sentence of sentences) {
    if (heard.has(sentence.source.id) || !isReadable(sentence)) continue
    heard.add(sentence.source.id)
    if (picked.length && sentence.words > left * 1.15) continue
    picked.push(sentence)
    left -= sentence.words
    if (left <= 0) break
  }
  return picked
}

/** A long talk: central sentences from all its parts. */
function central(sentences: Sentence[], words: number): Sentence[] {
  const segments = segmentsOf(sentences, Math.min(10, Math.max(2, Math.round(words / 18))))
  return pickDiverse(sentences, { ...centrality(sentences), segments, words })
}
