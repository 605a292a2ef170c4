import type { PaperRefusal } from '../db/tables/polls.ts'
import { UserError } from '../errors.ts'

export const paperWords: Record<PaperRefusal, string> = {
  stale: 'A newer paper of this wallet was signed or counted meanwhile, so this one would not count.',
  seat: 'This wallet had no seat in the voice book that could answer this paper.',
  signature: 'The contract does not take this signature as the wallet’s own.',
  weight: 'This wallet had no votes when the polls opened, so its answers would weigh nothing.',
  live: 'The Auto ID of this wallet is not valid at the moment.',
  closed: 'The polls had closed before it could be counted.',
  unknown: 'The contract did not count it.',
}

const hints: Record<PaperRefusal, string> = {
  stale: '/answer',
  seat: '/id',
  signature: 'Sign again on the page, with the wallet that it names.',
  weight: '/power nomic',
  live: '/id',
  closed: '/polls',
  unknown: '/answer',
}

export const paperRefusal = (code: PaperRefusal): UserError =>
  new UserError(paperWords[code], { hint: hints[code], code })
