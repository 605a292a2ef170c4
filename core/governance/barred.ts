import { BaseError, ContractFunctionRevertedError, parseAbi } from 'viem'

/** What a DAO with rules answers for somebody who may not vote there. */
export const barredErrors = parseAbi([
  'error NoSeat()',
  'error NotLive()',
  'error AgentsForbidden()',
  'error ScoreTooLow(uint8 score)',
])

const reasons = {
  NoSeat: {
    message: 'This DAO counts votes of Auto IDs that were enrolled with it when voting started; this wallet had none.',
    hint: '/whoami',
  },
  NotLive: { message: 'The Auto ID of this wallet has ended.', hint: '/whoami' },
  AgentsForbidden: { message: 'This DAO does not let agents vote.', hint: '/proposals' },
  ScoreTooLow: {
    message: 'This DAO asks for a higher score of your Auto ID than its attestor has given.',
    hint: '/whoami',
  },
} as const
export type Barred = keyof typeof reasons

export const whyBarred = (barred: Barred): { message: string; hint: string } => reasons[barred]

/** Undefined for a revert that says none of these. */
export function barredBy(error: unknown): Barred | undefined {
  if (!(error instanceof BaseError)) return undefined
  const revert = error.walk((cause) => cause instanceof ContractFunctionRevertedError)
  const name = revert instanceof ContractFunctionRevertedError ? revert.data?.errorName : undefined
  return name !== undefined && Object.hasOwn(reasons, name) ? (name as Barred) : undefined
}
