import type { Hex } from 'viem'
import { acceptStep } from './actions/accept.ts'
import { ballotKind } from './ballots/ballot-kind.ts'
import type { Context } from './context.ts'
import { acceptApproval } from './nomic/accept.ts'
import { approvalKind } from './nomic/approval-kind.ts'
import { acceptPaper } from './polls/accept.ts'
import { paperKind } from './polls/paper-kind.ts'
import type { AnySignedKind } from './relay/signed.ts'

/** Everything that wallets sign and the relayer carries in batches. */
export const signedKinds: readonly AnySignedKind[] = [ballotKind, approvalKind, paperKind]

/** Takes what a wallet signed on a page of actions, whatever it is. */
export const acceptSigned = (
  ctx: Context,
  params: { secret: string; number: number; signature: string },
): Promise<{ state: 'accepted' }> => acceptStep(ctx, { approvals: acceptApproval, papers: acceptPaper }, params)
