import { UserError } from '../errors.ts'
import type { RefusalCode } from '../db/tables/ballots.ts'

/** Why a ballot was not counted, in one sentence, and what its voter can do. */
const refusals: Record<RefusalCode, { message: string; hint?: (ref: string) => string }> = {
  closed: { message: 'Voting on this proposal is not open.', hint: (ref) => `/proposal ${ref}` },
  voted: { message: 'This wallet has voted already, and votes on this proposal are final.' },
  stale: { message: 'A newer vote of this wallet counts already, so this ballot is out of date.', hint: revote },
  'no-seat': {
    message: 'The seat of this wallet was taken after the snapshot. Sign again: then it counts without one.',
    hint: revote,
  },
  signature: { message: 'The contract does not accept the signature of this wallet.', hint: revote },
  'no-weight': { message: 'This wallet had no weight at the snapshot.', hint: (ref) => `/power ${ref}` },
  'auto-id': { message: 'The Auto ID of this wallet is not valid any more.', hint: () => '/whoami' },
  late: { message: 'Voting closed before this ballot could be counted. We are sorry: that is our fault.' },
  'contract-wallet': {
    message: 'This governor takes signatures of plain wallets only, and this wallet is a contract.',
    hint: () => 'Vote by a transaction of the wallet itself.',
  },
  unknown: { message: 'The contract would not count this ballot, and does not say why.', hint: revote },
}

export function refusalWords(code: RefusalCode, ref: string): { message: string; hint?: string } {
  const { message, hint } = refusals[code]
  return { message, ...(hint ? { hint: hint(ref) } : {}) }
}

export function refusal(code: RefusalCode, ref: string): UserError {
  const { message, hint } = refusalWords(code, ref)
  return new UserError(message, { code, ...(hint ? { hint } : {}) })
}

function revote(ref: string): string {
  return `/vote ${ref} <choice>`
}
