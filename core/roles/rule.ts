import { UserError } from '../errors.ts'
import type { RuleKind } from '../db/tables/roles.ts'

/** What a role can follow from. */
export const ruleKinds = {
  linked: 'a linked wallet',
  power: 'voting power in a DAO',
  participation: 'share of the last ten votes of a DAO',
} as const satisfies Record<RuleKind, string>

/** `linked`, `power:ens`, `participation:ens`; a space will do for the colon. */
export function readRule(typed: string): { kind: RuleKind; dao: string | undefined } {
  const [kind = '', dao, ...rest] = typed
    .trim()
    .toLowerCase()
    .split(/[:\s]+/)
  const isGood = Object.hasOwn(ruleKinds, kind) && rest.length === 0 && (kind === 'linked') === (dao === undefined)
  if (!isGood)
    throw new UserError(`“${typed.slice(0, 40)}” is no rule.`, {
      hint: 'Say linked, power:ens (voting power in ens) or participation:ens (share of the last ten votes of ens).',
      code: 'usage',
    })
  return { kind: kind as RuleKind, dao }
}

const usual: Record<RuleKind, string> = { linked: '1', power: '1', participation: '50' }

/** Tokens for power, percent for participation. */
export function readAtLeast(kind: RuleKind, typed: string | undefined): string {
  if (typed === undefined || kind === 'linked') return usual[kind]
  const value = typed.replaceAll(/[\s,_%]/g, '')
  const isGood = /^\d{1,18}(\.\d{1,18})?$/.test(value) && Number(value) > 0
  if (!isGood || (kind === 'participation' && Number(value) > 100))
    throw new UserError(`“${typed.slice(0, 40)}” is not ${kind === 'power' ? 'a number of tokens' : 'a percentage'}.`, {
      hint: kind === 'power' ? 'Such as 1000 or 0.5' : 'Such as 50',
      code: 'usage',
    })
  return value
}

const graceMs = 7 * 86_400_000

/**
 * Who reaches what is asked for gets the role. It is lost below four fifths of that, or after a week between the two, so
 * that nobody's role comes and goes with every small move.
 */
export function nextStanding(
  { has, belowSince }: { has: boolean; belowSince: number | undefined },
  { value, atLeast, nowMs }: { value: bigint; atLeast: bigint; nowMs: number },
): { has: boolean; belowSince: number | undefined } {
  if (value >= atLeast) return { has: true, belowSince: undefined }
  if (!has || value * 5n < atLeast * 4n) return { has: false, belowSince: undefined }
  const since = belowSince ?? nowMs
  return nowMs - since >= graceMs ? { has: false, belowSince: undefined } : { has: true, belowSince: since }
}
