import type { Claim } from '../types.ts'
import type { Given } from './given.ts'

/** `drop` refuses the claim, `weak` marks it; a claim comes back where the check could mend it. */
type Verdict = 'ok' | 'weak' | 'drop' | Claim

export type Check = { id: string; run: (claim: Claim, given: Given) => Verdict }
