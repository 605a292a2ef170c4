import { createHash } from 'node:crypto'
import { z } from 'zod'
import { AiError } from './error.ts'
import type { Model } from '../ports.ts'
import { halves, packChunks, type Chunk } from './pack.ts'
import { loadPrompts, renderPrompt, type Prompt } from './prompt.ts'
import type { Passage } from './sources.ts'
import type { Claim, Fact } from './types.ts'
import { givenOf } from './verify/given.ts'
import { verifyClaims } from './verify/verify.ts'

export type Draft = Claim & {
  section: 'what' | 'why' | 'cost' | 'risk' | 'discussion'
  stance: NonNullable<Claim['stance']>
}

export type Drafted = { claims: Draft[]; dropped: Record<string, number>; seen: Passage[] }

const mapAnswer = z.object({
  claims: z.array(
    z.object({
      section: z.enum(['what', 'why', 'cost', 'risk', 'discussion']),
      kind: z.enum(['point', 'question', 'decision', 'action', 'event']),
      stance: z.enum(['for', 'against', 'neutral', 'unclear']),
      text: z.string(),
      cites: z.array(z.string()),
    }),
  ),
})
const reduceAnswer = z.object({ keep: z.array(z.string()) })

const mostPerChunk = 24
const fewEnough = 20

/** Prompts of a summary, and one hash over them: other prompts, another summary. */
export function summaryPrompts(): { map: Prompt; reduce: Prompt; repair: Prompt; hash: string } {
  const prompts = loadPrompts()
  const { 'claims-map': map, 'claims-reduce': reduce, 'answer-repair': repair } = prompts
  if (!map || !reduce || !repair) throw new Error('prompts/ lacks claims-map.md, claims-reduce.md or answer-repair.md')
  const hash = createHash('sha256')
    .update(map.sha256 + reduce.sha256 + repair.sha256)
    .digest('hex')
  return { map, reduce, repair, hash }
}

/**
 * Claims of a model, checked. Each part of the text is read by itself, so a message that takes the model over reaches
 * only its own part; the second step chooses among checked claims and can add nothing.
 */
export async function draftClaims(model: Model, passages: Passage[], facts: Fact[]): Promise<Drafted> {
  const total: Drafted = { claims: [], dropped: {}, seen: [] }
  const queue = packChunks(passages, Math.floor(model.windowTokens * 0.4))
  for (let chunk = queue.shift(); chunk; chunk = queue.shift()) {
    try {
      const { claims, dropped } = await mapChunk(model, chunk, facts)
      total.claims.push(...claims)
      for (const [id, count] of Object.entries(dropped)) total.dropped[id] = (total.dropped[id] ?? 0) + count
      total.seen.push(...chunk)
    } catch (error) {
      if (!(error instanceof AiError) || !isOfThisChunk(error)) throw error
      // Halved as long as it can be; a part that the model will not read is left to the extract.
      if (error.code === 'too-long' && chunk.length > 1) queue.unshift(...halves(chunk))
    }
  }
  if (!total.seen.length) throw new AiError('bad-answer', 'the model read nothing of the text')
  if (total.claims.length <= fewEnough) return total
  return { ...total, claims: await reduceClaims(model, total.claims) }
}

async function mapChunk(model: Model, chunk: Chunk, facts: Fact[]): Promise<Pick<Drafted, 'claims' | 'dropped'>> {
  const { map } = summaryPrompts()
  const ids = new Set(chunk.map(({ id }) => id))
  const local = facts.filter(({ source }) => ids.has(source) || !/^[pm]\d+$/.test(source))
  const values = {
    // The chain's figures are filled in later: what the model has not seen it cannot get wrong.
    facts: local.map(({ id, label, kind, value, source }) =>
      ids.has(source) ? { id, label, value, source } : { id, label, kind },
    ),
    sources: chunk.map(({ id, author, heading, text }) =>
      author === undefined ? { id, ...(heading ? { under: heading } : {}), text } : { id, author, text },
    ),
  }
  const { value } = await model.ask({
    ...renderPrompt(map, values),
    name: 'claims',
    schema: mapAnswer,
    maxTokens: map.maxTokens,
    repair,
  })
  const drafts = value.claims.map((claim): Draft => ({ ...claim, state: 'ok' }))
  const { claims, dropped } = verifyClaims(drafts.slice(0, mostPerChunk), givenOf(chunk, local))
  const tooMany = Math.max(0, drafts.length - mostPerChunk)
  return { claims, dropped: tooMany ? { ...dropped, S1: (dropped['S1'] ?? 0) + tooMany } : dropped }
}

/** A choice, nothing else: ids that are not there are passed over, and without a usable choice all claims go on. */
async function reduceClaims(model: Model, claims: Draft[]): Promise<Draft[]> {
  const { reduce } = summaryPrompts()
  const byId = new Map(claims.map((claim, i) => [`c${i + 1}`, claim]))
  const listed = [...byId].map(([id, { section, stance, text, cites }]) => ({ id, section, stance, text, cites }))
  try {
    const { value } = await model.ask({
      ...renderPrompt(reduce, { claims: listed }),
      name: 'choice',
      schema: reduceAnswer,
      maxTokens: reduce.maxTokens,
      repair,
    })
    const kept = [...new Set(value.keep)].flatMap((id) => byId.get(id) ?? [])
    return kept.length ? kept : claims
  } catch (error) {
    if (error instanceof AiError) return claims
    throw error
  }
}

function repair(faults: string[], schema: Record<string, unknown>): string {
  return renderPrompt(summaryPrompts().repair, { faults, schema }).user
}

function isOfThisChunk({ code }: AiError): boolean {
  return code === 'too-long' || code === 'refused' || code === 'filtered' || code === 'bad-answer'
}
