import type { ChiefRow, PlanRow, SpellEvent, SpellRow, SpellStage, SpellState } from '../db/tables/nomic.ts'

/** What chief and spell say of a spell at one block. */
export type SpellFacts = {
  approvals: bigint
  authorLocked: bigint
  eta: bigint
  isDone: boolean
  /** The earliest time from now on at which it can be cast, 0 when it cannot. */
  nextCast: bigint
}

export function stateOf(
  spell: Pick<SpellRow, 'address' | 'expiration'>,
  facts: SpellFacts,
  { chief, plans }: { chief: ChiefRow; plans: readonly PlanRow[] },
): SpellState {
  if (facts.isDone) return 'cast'
  if (chief.is_shut) return 'dead'
  if (facts.eta > 0n) {
    const plan = plans.find(({ hat, eta }) => hat === spell.address && BigInt(eta) === facts.eta)
    if (plan?.state === 'dropped') return 'dropped'
    return facts.nextCast === 0n ? 'missed' : 'plotted'
  }
  const expiration = BigInt(spell.expiration)
  // Of a stranger's spell nothing may be known.
  if (expiration > 0n && BigInt(chief.checked_at) > expiration) return 'expired'
  return chief.hat === spell.address ? 'hat' : 'open'
}

/** Where it is within its state: anybody may lift it, or cast it, now. */
export function stageOf(
  { state, approvals, next_cast }: Pick<SpellRow, 'state' | 'approvals' | 'next_cast'>,
  chief: ChiefRow,
): SpellStage | null {
  const now = BigInt(chief.checked_at)
  if (state === 'plotted') return next_cast !== null && BigInt(next_cast) <= now ? 'castable' : null
  if (state !== 'open' || !chief.live) return null
  const isCool = now >= BigInt(chief.lifted_at) + BigInt(chief.cool_down)
  return isCool && hasEnough({ approvals }, chief) ? 'liftable' : null
}

/** More than the hat, and not under the floor. */
const hasEnough = ({ approvals }: Pick<SpellRow, 'approvals'>, chief: ChiefRow): boolean =>
  BigInt(approvals) > BigInt(chief.hat_approvals) && BigInt(approvals) >= BigInt(chief.floor)

type Standing = Pick<SpellRow, 'state' | 'stage' | 'kind'>
const behindPlot: readonly SpellState[] = ['plotted', 'cast', 'dropped', 'missed']

/** Whether a spell is past this step; a reorg may take one back. */
export const spellHolds: Record<SpellEvent, (now: Standing) => boolean> = {
  liftable: ({ stage }) => stage === 'liftable',
  hat: ({ state }) => state === 'hat' || behindPlot.includes(state),
  plotted: ({ state, kind }) => kind !== 'drop' && behindPlot.includes(state),
  castable: ({ stage }) => stage === 'castable',
  cast: ({ state }) => state === 'cast',
  dropped: ({ state }) => state === 'dropped',
  expired: ({ state }) => state === 'expired',
  missed: ({ state }) => state === 'missed',
  dead: ({ state }) => state === 'dead',
}

/** The steps that were taken between two looks. */
export const eventsBetween = (before: Standing, after: Standing): SpellEvent[] =>
  (Object.keys(spellHolds) as SpellEvent[]).filter((event) => spellHolds[event](after) && !spellHolds[event](before))
