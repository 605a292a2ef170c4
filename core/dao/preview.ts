import { supplyOf } from './check.ts'
import type { DaoPlan } from './plan.ts'

/** How the first proposal would go, were it made at `now`; all times in unix seconds. */
export type Preview = {
  opens: number
  closes: number
  /** The latest close, when the quorum comes at the last moment. */
  latest: number
  done: number
  /** What its result hangs on; undefined where the votes are in a token that is there already. */
  decide: { voters: number; forQuorum: number; forMajority: number; alone: boolean } | undefined
}

export function previewOf(plan: DaoPlan, now: number): Preview {
  const opens = now + plan.votingDelay
  const closes = opens + plan.votingPeriod
  return {
    opens,
    closes,
    latest: closes + plan.lateExtension,
    done: closes + plan.timelock,
    decide: plan.votes.kind === 'token' ? undefined : decideIn(plan),
  }
}

/** The fewest voices that reach the quorum, and that outvote all others together. */
function decideIn(plan: DaoPlan): NonNullable<Preview['decide']> {
  const weights = weightsOf(plan).toSorted((a, b) => b - a)
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  const fewest = (enough: (sum: number) => boolean): number => {
    let sum = 0
    const at = weights.findIndex((weight) => enough((sum += weight)))
    return at + 1
  }
  const quorum = quorumOf(plan)
  const forQuorum = fewest((sum) => sum >= quorum)
  const forMajority = fewest((sum) => sum * 2 > all)
  return { voters: weights.length, forQuorum, forMajority, alone: forQuorum === 1 && forMajority === 1 }
}

function weightsOf(plan: DaoPlan): number[] {
  if (plan.votes.kind === 'club') return plan.votes.founders.map(() => 1)
  if (plan.votes.kind === 'token') return []
  return plan.votes.holders.map(({ amount }) => transformed(plan, Number(amount)))
}

/** As the contract says it: the quorum is what its percent of all tokens would weigh in one hand. */
function quorumOf(plan: DaoPlan): number {
  const all = plan.votes.kind === 'club' ? plan.votes.founders.length : supplyOf(plan)
  return transformed(plan, (all * plan.quorum) / 100)
}

function transformed(plan: DaoPlan, tokens: number): number {
  if (plan.weights.kind === 'root') return Math.sqrt(tokens)
  if (plan.weights.kind === 'capped') return Math.min(tokens, (supplyOf(plan) * plan.weights.percent) / 100)
  return tokens
}
