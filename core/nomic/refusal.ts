import type { ApprovalRefusal } from '../db/tables/nomic.ts'
import { UserError } from '../errors.ts'

export const approvalWords: Record<ApprovalRefusal, string> = {
  stale: 'A newer approval of this wallet was signed or counted meanwhile, so this one would not count.',
  seat: 'This wallet has nothing in the chief that this approval could speak for.',
  signature: 'The contract does not take this signature as the wallet’s own.',
  unlocked: 'This wallet has nothing locked any more, so its approval would weigh nothing.',
  unknown: 'The contract did not count it.',
}

const hints: Record<ApprovalRefusal, string> = {
  stale: 'Ask for it again in your chat: /approve',
  seat: '/lock',
  signature: 'Sign again on the page, with the wallet that it names.',
  unlocked: '/lock',
  unknown: 'Ask for it again in your chat: /approve',
}

export const approvalRefusal = (code: ApprovalRefusal): UserError =>
  new UserError(approvalWords[code], { hint: hints[code], code })
