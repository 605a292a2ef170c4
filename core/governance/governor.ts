import { concat, hashTypedData, keccak256, type Address, type Hex } from 'viem'
import type { BallotRow } from '../db/tables/ballots.ts'
import type { DaoRow, ProposalRow } from '../db/tables/governance.ts'
import { autoDaoGovernor } from './governor/autodao.ts'
import { bravoGovernor } from './governor/bravo.ts'
import { oz4Governor } from './governor/oz4.ts'
import { oz5Governor } from './governor/oz5.ts'
import type { BallotTypedData, CastBallot, Governor } from './governor/types.ts'
import type { GovernorKindName } from '../db/tables/governance.ts'
import type { Support } from '../voting/support.ts'

/** One entry a kind: to vote through another one, add it here. */
const governors: Record<GovernorKindName, Governor> = {
  autodao: autoDaoGovernor,
  oz5: oz5Governor,
  oz4: oz4Governor,
  bravo: bravoGovernor,
}

export function governorOf(dao: Pick<DaoRow, 'kind'>): Governor {
  if (!isGovernor(dao)) throw new Error(`A DAO of the kind ${dao.kind} has no governor.`)
  return governors[dao.kind]
}

export const isGovernor = <D extends Pick<DaoRow, 'kind'>>(dao: D): dao is D & { kind: GovernorKindName } =>
  Object.hasOwn(governors, dao.kind)

/** What a wallet signs for this typed data. */
export function ballotDigest(typedData: BallotTypedData): Hex {
  const { EIP712Domain: _domain, ...types } = typedData.types
  return hashTypedData({ ...typedData, types } as Parameters<typeof hashTypedData>[0])
}

/**
 * A ballot's id: what is signed. The older governors' ballots name no voter, so that all who choose alike sign the same:
 * there the voter is part of the id.
 */
export function ballotId(typedData: BallotTypedData, voter: Address): Hex {
  const digest = ballotDigest(typedData)
  const isOneVoters = 'voter' in typedData.message || 'seat' in typedData.message
  return isOneVoters ? digest : keccak256(concat([digest, voter]))
}

/** A stored ballot as its contract takes it. */
export function castOf(
  row: Pick<BallotRow, 'id' | 'voter' | 'support' | 'reason' | 'form' | 'signer' | 'seat' | 'nonce' | 'signature'>,
  proposal: Pick<ProposalRow, 'onchain_id'>,
): CastBallot {
  return {
    id: row.id as Hex,
    proposalId: BigInt(proposal.onchain_id),
    voter: row.voter as Address,
    support: row.support as Support,
    reason: row.reason,
    form: row.form,
    signer: row.signer,
    seat: row.seat,
    nonce: BigInt(row.nonce),
    signature: row.signature as Hex,
  }
}
