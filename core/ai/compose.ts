import type { Draft } from './draft.ts'
import { cosine, vectorsOf } from './extract/corpus.ts'
import { forComesFirst } from './extract/extract.ts'
import { proposalParts } from './extract/proposal.ts'
import { stanceOf } from './extract/stance.ts'
import type { Passage } from './sources.ts'
import type { Claim, Section } from './types.ts'
import { termsOf } from './words.ts'

const places = { what: 3, why: 2, cost: 3, risk: 3, for: 3, against: 3, open: 4 }
const same = 0.8

/**
 * Checked claims under their titles. Where a claim belongs is decided by what it cites, not by what it says of itself: a
 * message never speaks for the proposal. Both sides have the same number of places; one that the model left empty is
 * filled from the extract.
 */
export function composeSections(
  drafts: Draft[],
  passages: Passage[],
  extract: Section[],
): { sections: Section[]; filled: boolean } {
  const byId = new Map(passages.map((passage) => [passage.id, passage]))
  const unique = withoutRepeats(drafts)
  const isSaid = (draft: Draft): boolean => draft.cites.some((id) => byId.get(id)?.kind === 'message')
  const text = (['what', 'why', 'cost', 'risk'] as const).map((key, i) => ({
    title: proposalParts[i] ?? key,
    claims: unique
      .filter((draft) => !isSaid(draft) && (draft.section === 'discussion' ? 'risk' : draft.section) === key)
      .slice(0, places[key])
      .map((draft) => claimOf(draft)),
  }))
  const said = unique.filter(isSaid).map((draft) => ({ ...draft, stance: agreedStance(draft, byId) }))
  const of = (side: 'for' | 'against'): Section => {
    const claims = said.filter(({ stance }) => stance === side).slice(0, places[side])
    const own = { title: `Discussion: ${side}`, claims: claims.map(claimOf) }
    return own.claims.length ? own : (extract.find(({ title, claims }) => title === own.title && claims.length) ?? own)
  }
  const [favour, against] = [of('for'), of('against')]
  const open = said.filter(({ stance }) => stance !== 'for' && stance !== 'against').slice(0, places.open)
  const hasSides = favour.claims.length + against.claims.length > 0
  const sides = (
    forComesFirst(passages.filter(({ kind }) => kind === 'proposal')) ? [favour, against] : [against, favour]
  ).map((side) => (side.claims.length ? side : { ...side, title: `${side.title} (nobody so far)` }))
  const sections = [
    ...text.filter(({ claims }) => claims.length),
    ...(hasSides ? sides : []),
    ...(open.length
      ? [{ title: hasSides ? 'Discussion: other voices' : 'Discussion', claims: open.map(claimOf) }]
      : []),
  ]
  return { sections, filled: [favour, against].some((side) => extract.includes(side)) }
}

/** A claim cannot turn its sources round: where their own words take the other side, it takes none. */
function agreedStance({ stance, cites }: Draft, byId: Map<string, Passage>): Draft['stance'] {
  const sides = new Set(
    cites.flatMap((id) =>
      byId.get(id) ? [stanceOf({ text: byId.get(id)?.text ?? '', source: byId.get(id) as Passage })] : [],
    ),
  )
  const other = stance === 'for' ? 'against' : stance === 'against' ? 'for' : undefined
  return other && sides.has(other) && !sides.has(stance === 'for' ? 'for' : 'against') ? 'unclear' : stance
}

function withoutRepeats(drafts: Draft[]): Draft[] {
  const vectors = vectorsOf(drafts.map(({ text }) => termsOf(text)))
  const kept: number[] = []
  for (const i of drafts.keys()) {
    const repeats = kept.some((j) => cosine(vectors[i] ?? new Map(), vectors[j] ?? new Map()) > same)
    if (!repeats) kept.push(i)
  }
  return kept.flatMap((i) => drafts[i] ?? [])
}

function claimOf({ text, cites, kind, stance, state }: Draft): Claim {
  return { text, cites, kind, stance, state }
}
