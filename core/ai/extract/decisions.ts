import { isReadable, richest, sentencesOf, type Sentence } from './corpus.ts'
import { centrality } from './graph.ts'
import type { Passage } from '../sources.ts'

const decided =
  /\b(?:decid(?:e|ed|es|ing)|decision|agreed?|agreement|approv(?:e|ed|al)|confirm(?:ed|s)?|accept(?:ed|s)?|reject(?:ed|s)?|consensus|settled?|final(?:i[sz]ed?)?|moved? forward|go(?:ing)? (?:ahead|with)|schedul(?:e|ed)|postpone[ds]?|include[ds]?|exclude[ds]?|declined?|ship(?:ped)?|resolved|conclu(?:de|ded|sion)|target(?:ed|ing)?|merged?|propose[ds]?)\b/gi
const promised =
  /\b(?:(?:i|we|they|he|she|team|someone)(?:'ll| will| shall| can| should| need to| have to| are going to| am going to)|action items?|next steps?|todo|follow[- ]?up|deadline|by (?:next|the end|monday|tuesday|wednesday|thursday|friday|tomorrow)|please (?:review|post|share|update|add|open|check)|assigned?|responsible)\b/gi
const perCue = 0.35
const apart = 5
const apartMs = 45_000

export type Decision = Sentence & { kind: 'decision' | 'action' }

/** Lines in which something was settled or taken on: centrality plus words of decision, at most one per five messages or 45 s. */
export function extractDecisions(messages: Passage[], most: number, options: { cuesOnly: boolean }): Decision[] {
  const sentences = richest(sentencesOf(messages))
  const place = new Map(messages.map((message, i) => [message.id, i]))
  const { score } = centrality(sentences)
  const ranked = sentences
    .map((sentence, i) => {
      const settled = sentence.text.match(decided)?.length ?? 0
      const taken = sentence.text.match(promised)?.length ?? 0
      const kind: Decision['kind'] = taken > settled ? 'action' : 'decision'
      return { ...sentence, kind, cues: settled + taken, value: (score[i] ?? 0) + perCue * settled }
    })
    .filter((one) => isReadable(one) && !one.text.endsWith('?') && (one.cues > 0 || !options.cuesOnly))
    .sort((a, b) => b.value - a.value || a.order - b.order)
  const picked: typeof ranked = []
  for (const one of ranked) {
    if (picked.length === most) break
    if (picked.every((other) => isApart(one.source, other.source, place))) picked.push(one)
  }
  return picked.sort((a, b) => a.order - b.order)
}

function isApart(a: Passage, b: Passage, place: Map<string, number>): boolean {
  const between = Math.abs((place.get(a.id) ?? 0) - (place.get(b.id) ?? 0))
  return between >= apart || Math.abs((a.at ?? 0) - (b.at ?? 0)) > apartMs
}
