import { z } from 'zod'
import type { Proposal } from './proposal.ts'

const probed = z.object({ quorum: z.enum(['for', 'for,abstain']) })

/** The votes that count towards the quorum: Compound, and who counts as it does, leaves abstentions out. */
export function towardsQuorum({ dao, in_favour, abstain }: Pick<Proposal, 'dao' | 'in_favour' | 'abstain'>): bigint {
  const counts = probed.safeParse(dao.probe).data?.quorum ?? 'for,abstain'
  return BigInt(in_favour) + (counts === 'for' ? 0n : BigInt(abstain))
}
