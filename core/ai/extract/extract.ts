import { createHash } from 'node:crypto'
import type { Passage } from '../sources.ts'
import type { Claim, Section } from '../types.ts'
import { sentencesOf, type Sentence } from './corpus.ts'
import { extractDecisions } from './decisions.ts'
import { extractDiscussion } from './discussion.ts'
import { extractProposal } from './proposal.ts'
import { extractSides, type Sides } from './sides.ts'
import { stanceOf } from './stance.ts'

const proposalWords = 150
const discussionWords = 110
const longDiscussion = 12

/** A summary without a model: verbatim sentences, the method chosen by the shape of what there is. */
export function extractSections(passages: Passage[]): Section[] {
  const paragraphs = passages.filter(({ kind }) => kind === 'proposal')
  const messages = passages.filter(({ kind }) => kind === 'message')
  const sections = [...extractProposal(paragraphs, proposalWords)].map(([title, sentences]) => ({
    title,
    claims: sentences.map((sentence) => claimOf(sentence)),
  }))
  const title = paragraphs[0]
  if (!sections.length && title)
    sections.push({ title: 'What it does', claims: [claimOf({ source: title, text: title.text.slice(0, 300) })] })
  return [...sections, ...discussionSections(messages, forComesFirst(paragraphs))]
}

/** Neither side is always named first; which one is follows from the proposal itself and stays. */
export function forComesFirst(paragraphs: { text: string }[]): boolean {
  const hash = createHash('sha256')
  for (const { text } of paragraphs) hash.update(text)
  return (hash.digest()[0] ?? 0) % 2 === 0
}

function discussionSections(messages: Passage[], forFirst: boolean): Section[] {
  if (!messages.length) return []
  const sides = extractSides(sentencesOf(messages), messages.length > longDiscussion ? 3 : 2)
  const decisions = messages.length > longDiscussion ? extractDecisions(messages, 2, { cuesOnly: true }) : []
  const settledOn = new Set(decisions.map(({ text }) => text))
  // A side has its places above: who takes one is not heard a second time here.
  const quiet = messages.filter(({ id }) => !sides.took.has(id))
  const others = extractDiscussion(quiet, discussionWords).filter(({ text }) => !settledOn.has(text))
  const open: Section[] = others.length
    ? [
        {
          title: sides.took.size ? 'Discussion: other voices' : 'Discussion',
          claims: others.map((one) => claimOf(one)),
        },
      ]
    : []
  const settled: Section[] = decisions.length
    ? [{ title: 'Discussion: decisions and next steps', claims: decisions.map((one) => claimOf(one, one.kind)) }]
    : []
  return [...(sides.took.size ? sideSections(sides, forFirst) : []), ...open, ...settled]
}

/** A side nobody took is named as such: silence must not look like agreement. */
function sideSections(sides: Pick<Sides, 'for' | 'against'>, forFirst: boolean): Section[] {
  const order = forFirst ? (['for', 'against'] as const) : (['against', 'for'] as const)
  return order.map((side) => ({
    title: sides[side].length ? `Discussion: ${side}` : `Discussion: ${side} (nobody so far)`,
    claims: sides[side].map((sentence) => claimOf(sentence)),
  }))
}

function claimOf(sentence: Pick<Sentence, 'text' | 'source'>, kind?: Claim['kind']): Claim {
  const { text, source } = sentence
  const said = source.kind === 'message'
  return {
    text,
    cites: [source.id],
    kind: kind ?? (text.endsWith('?') ? 'question' : said ? 'quote' : 'point'),
    ...(said ? { stance: stanceOf(sentence) } : {}),
    state: 'ok',
  }
}
