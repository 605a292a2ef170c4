import type { Address, Hex, TransactionReceipt } from 'viem'
import type { Context } from '../../context.ts'
import type { DaoRow, ProposalRow, ProposalStateName } from '../../db/tables/governance.ts'
import type { Barred } from '../barred.ts'
import type { Support } from '../../voting/support.ts'
import type { RefusalCode } from '../../db/tables/ballots.ts'

/** A ballot as the contract takes it. `id` is the digest that was signed, and whose it is where that does not say it. */
export type CastBallot = BallotWords & {
  id: Hex
  proposalId: bigint
  /** A key signed it, or a contract answers for it (ERC-1271). */
  signer: 'key' | 'contract'
  signature: Hex
}

/** What is signed: by seat and sequence, or by the governor's own nonce. */
export type BallotWords = {
  voter: Address
  support: Support
  reason: string
  form: 'seat' | 'sig'
  seat: number | null
  /** Sequence (seat form) or nonce (sig form). */
  nonce: bigint
}

/** JSON, as a wallet takes it: whole numbers are decimal strings. */
export type BallotTypedData = {
  /** Compound's have no version. */
  domain: { name: string; version?: string; chainId: number; verifyingContract: Address }
  types: Record<string, { name: string; type: string }[]>
  primaryType: 'Ballot' | 'ExtendedBallot'
  message: Record<string, string | number>
}

/** What the contract says of a proposal and of one account in it, now. */
export type Standing = {
  state: ProposalStateName
  /** All three in the governor's clock. */
  clock: bigint
  snapshot: bigint
  deadline: bigint
  weight: bigint
  /** Why the DAO's rules let this account not vote, whatever it holds. */
  barred?: Barred
  hasVoted: boolean
  /** A newer ballot may take the place of a counted one. */
  mayChange: boolean
  form: 'seat' | 'sig'
  seat: number | null
  /** The next sequence or nonce that the contract would take. */
  nonce: bigint
  /** A signed vote may carry a reason. */
  takesReason: boolean
}

/** One transaction for some of the ballots. `gas` is a limit with room to spare, never above `maxCallGas`. */
export type BatchCall = { to: Address; data: Hex; gas: bigint; ids: Hex[] }
export const maxCallGas = 8_000_000n

export type Verdict = { id: Hex; refusal: RefusalCode | undefined }

/**
 * What became of a ballot, by the contract's word. `here`: counted by the transaction at hand. `voted`: the wallet's vote is
 * counted, and only the log says by which choice. `again`: not counted, and it still could be.
 */
export type Outcome = { id: Hex } & (
  | { status: 'counted'; here: boolean }
  | { status: 'superseded' | 'voted_elsewhere' | 'voted' | 'again' }
  | { status: 'refused'; code: RefusalCode }
)

type Target = Pick<DaoRow, 'address'>
/** What is asked of a DAO to weigh votes in it. */
export type Weighing = Target & Pick<DaoRow, 'kind' | 'token' | 'clock'>
type Chained = Pick<Context, 'chain'>

/** What differs between kinds of governors: one entry in the table of `governor.ts`. */
export type Governor = {
  standing(ctx: Chained, params: { dao: Weighing; proposalId: bigint; voter: Address }): Promise<Standing>
  typedData(params: {
    dao: Pick<DaoRow, 'address' | 'domain_name' | 'domain_version' | 'chain_id'>
    proposal: Pick<ProposalRow, 'onchain_id' | 'description'>
    ballot: BallotWords
  }): BallotTypedData
  /** Any ballots of one DAO, as few transactions as the gas allows. */
  encodeBatch(params: { dao: Target; multicall: Address; ballots: readonly CastBallot[] }): BatchCall[]
  /** The call with which anybody can send this one ballot. */
  encodeAlone(params: { dao: Target; ballot: CastBallot }): { to: Address; data: Hex }
  /** Dry run: which of them the contract would count now, each for itself. */
  simulate(ctx: Chained, params: { dao: Target; ballots: readonly CastBallot[] }): Promise<Verdict[]>
  /** `receipt` is undefined when the nonce was used elsewhere: then the contract's state alone decides. */
  outcome(
    ctx: Chained,
    params: { dao: Target; ballots: readonly CastBallot[]; receipt: Pick<TransactionReceipt, 'logs'> | undefined },
  ): Promise<Outcome[]>
}
