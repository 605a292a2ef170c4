import type { Passage } from '../sources.ts'
import { isReadable, richest, sentencesOf, type Sentence } from './corpus.ts'
import { centrality } from './graph.ts'
import { pickDiverse } from './pick.ts'

export const proposalParts = ['What it does', 'Why', 'Cost and who', 'Risks or open questions'] as const
export type ProposalPart = (typeof proposalParts)[number]

const byHeading: [ProposalPart, RegExp][] = [
  [
    'Risks or open questions',
    /\b(?:risks?|drawbacks?|concerns?|downsides?|open questions?|unresolved|trade-?offs?|security|considerations?|mitigations?|alternatives?|faq)\b/i,
  ],
  [
    'Cost and who',
    /\b(?:costs?|budgets?|fund(?:s|ing)?|grants?|pay(?:ments?|outs?)?|compensation|financ\w+|treasury|team|who|authors?|contributors?|recipients?|beneficiar\w+|multisig|members?|committee|roles?|about us|timeline|milestones?|schedule|kpis?)\b/i,
  ],
  [
    'Why',
    /\b(?:why|motivation|rationale|background|context|problem|benefits?|impact|goals?|objectives?|purpose|justification|value|reason\w*|issue)\b/i,
  ],
  [
    'What it does',
    /\b(?:what|summary|abstract|tl;?dr|overview|simple summary|proposal|specification|solution|implementation|details?|action|scope|deliverables?|executive|changes?|introduction|plan|vote|voting)\b/i,
  ],
]

const money =
  /(?:[$€£]\s?\d|\b\d[\d.,]*\s?[kmb]?n?\s?(?:[A-Z]{2,6}\b|usd|dai|eth|op|arb|tokens?|dollars?|percent|%)|\b\d[\d.,]*\s?%)/
const address = /\b0x[0-9a-fA-F]{40}\b|\b[\w-]+\.eth\b/
const date =
  /\b\d{4}-\d\d-\d\d\b|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}(?:st|nd|rd|th)?\b|\b\d{1,2}(?:st|nd|rd|th)? (?:of )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b|\bq[1-4] ?20\d\d\b|\b\d+ (?:days?|weeks?|months?|years?)\b/i
const risk =
  /\b(?:risks?|concern|drawback|downside|vulnerab\w+|could fail|uncertain\w*|unknown|depends? on|however|trade-?off|may not|might not|centrali[sz]\w+|attack\w*|exploit\w*|loss(?:es)?|reversible|irreversible)\b/i
const reason =
  /\b(?:because|in order to|so that|aims?|goal|allows?|enables?|improv\w+|reduc\w+|increas\w+|incentiv\w+|benefits?|therefore|currently|problem|need(?:s|ed)?|lack\w*|ensur\w+|support\w*)\b/i
const act =
  /\b(?:propos(?:e|es|al|ing|ed)|this (?:vote|proposal|motion|aip|tip|executive)|will|shall|would|transfer\w*|add(?:s|ing|ed)?|remov\w+|set(?:s|ting)?|chang\w+|upgrad\w+|deploy\w*|creat\w+|allocat\w+|ratif\w+|amend\w*|request\w*|introduc\w+|launch\w*|grant\w*|elect\w*|establish\w*)\b/i

type Candidate = Sentence & { part: ProposalPart; bonus: number }

/** The parts of a proposal: headings, amounts, dates and addresses say where a sentence belongs, the graph which ones count. */
export function extractProposal(paragraphs: Passage[], words: number): Map<ProposalPart, Sentence[]> {
  const sentences = richest(
    sentencesOf(paragraphs.filter(({ block }) => block === 'paragraph' || block === 'item' || block === 'row')),
  )
  const { score, vectors } = centrality(sentences)
  const placed = sentences.map((sentence, i): Candidate => ({ ...sentence, ...placeOf(sentence, i, sentences.length) }))
  const found = new Map<ProposalPart, Sentence[]>()
  for (const part of proposalParts) {
    const own = placed.map((one, i) => ({ one, i })).filter(({ one }) => one.part === part && isReadable(one))
    const picked = pickDiverse(
      own.map(({ one }) => one),
      {
        score: own.map(({ one, i }) => (score[i] ?? 0) + one.bonus),
        vectors: own.map(({ i }) => vectors[i] ?? new Map()),
        words: Math.round(words * (part === 'What it does' ? 0.34 : 0.22)),
        most: part === 'What it does' ? 3 : 2,
      },
    )
    if (picked.length) found.set(part, picked)
  }
  return found
}

function placeOf({ text, source }: Sentence, index: number, count: number): { part: ProposalPart; bonus: number } {
  const costs = (money.test(text) ? 0.3 : 0) + (address.test(text) ? 0.15 : 0) + (date.test(text) ? 0.1 : 0)
  const early = 0.25 * (1 - index / Math.max(1, count))
  const headed = byHeading.find(([, words]) => words.test(source.heading))?.[0]
  if (text.endsWith('?') || (risk.test(text) && headed !== 'Cost and who'))
    return { part: 'Risks or open questions', bonus: risk.test(text) ? 0.2 : 0 }
  if (headed && headed !== 'What it does') return { part: headed, bonus: headed === 'Cost and who' ? costs : 0.1 }
  if (costs >= 0.3 && !act.test(text)) return { part: 'Cost and who', bonus: costs }
  if (act.test(text)) return { part: 'What it does', bonus: early + (headed ? 0.25 : 0) + costs / 2 }
  if (costs >= 0.15) return { part: 'Cost and who', bonus: costs }
  if (reason.test(text)) return { part: 'Why', bonus: 0.05 }
  return { part: 'What it does', bonus: early }
}
