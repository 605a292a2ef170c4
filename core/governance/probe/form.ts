import { keccak256, stringToHex, type Address } from 'viem'
import type { Context } from '../../context.ts'
import { UserError } from '../../errors.ts'
import type { GovernorKindName } from '../../db/tables/governance.ts'
import type { Views } from './views.ts'

/** In which form a contract takes signed ballots. */
export type Form = {
  kind: GovernorKindName
  /** EIP-712; the version is empty where the domain has none. */
  domain: { name: string; version: string }
  /** A signed ballot may carry a reason. */
  takesReason: boolean
}

const hashOf = (type: string) => keccak256(stringToHex(type))
const ballotOf5 = hashOf('Ballot(uint256 proposalId,uint8 support,address voter,uint256 nonce)')
const ballotOf4 = hashOf('Ballot(uint256 proposalId,uint8 support)')
const ballotOfAlpha = hashOf('Ballot(uint256 proposalId,bool support)')
const extendedOf4 = hashOf('ExtendedBallot(uint256 proposalId,uint8 support,string reason,bytes params)')
const domainOfBravo = hashOf('EIP712Domain(string name,uint256 chainId,address verifyingContract)')
const allFour = '0x0f'

/** How the contract would have its ballots signed; throws a `UserError` where none would count. */
export function formOf(ctx: Pick<Context, 'chain'>, address: Address, said: Views): Form {
  const { BALLOT_TYPEHASH: ballot, COUNTING_MODE: counting } = said
  if (ballot === ballotOfAlpha)
    throw refused('This is a Governor Alpha: its votes know no abstention, and AutoCo does not send them.')
  if (counting === undefined && ballot === ballotOf4 && said.quorumVotes !== undefined) return formOfBravo(said)
  if (counting === undefined)
    throw refused('This contract is no governor. Give the address of the DAO’s governor, not of its token or treasury.')
  if (ballot === ballotOf4) {
    const domain = said.eip712Domain ? domainSaid(ctx, address, said.eip712Domain) : domainBefore49(said)
    return { kind: 'oz4', domain, takesReason: said.EXTENDED_BALLOT_TYPEHASH === extendedOf4 }
  }
  if (ballot !== ballotOf5 || said.eip712Domain === undefined) throw unknownForm()
  const kind = said.autoDaoVersion !== undefined && said.seatOf !== undefined ? 'autodao' : 'oz5'
  return { kind, domain: domainSaid(ctx, address, said.eip712Domain), takesReason: true }
}

/** Compound's has its domain in two constants instead of a view. */
function formOfBravo({ name, DOMAIN_TYPEHASH: typehash }: Views): Form {
  if (name === undefined || typehash !== domainOfBravo) throw unknownForm()
  return { kind: 'bravo', domain: { name, version: '' }, takesReason: false }
}

/** ERC-5267. */
function domainSaid(
  ctx: Pick<Context, 'chain'>,
  address: Address,
  [fields, name, version, chainId, contract]: NonNullable<Views['eip712Domain']>,
): Form['domain'] {
  if (fields !== allFour || version === '') throw unknownForm()
  if (chainId !== BigInt(ctx.chain.id) || contract.toLowerCase() !== address.toLowerCase())
    throw refused('Ballots for this governor would be signed for another chain or contract, so none would count.')
  return { name, version }
}

/** Before 4.9 a Governor made its domain of these two, and had no view for it. */
function domainBefore49({ name, version }: Views): Form['domain'] {
  if (!name || !version)
    throw refused(
      'This governor does not say under which name and version its ballots are signed, so none would count.',
    )
  return { name, version }
}

const unknownForm = (): UserError => refused('This governor takes signed ballots in a form that AutoCo does not know.')

export const refused = (message: string, hint?: string): UserError =>
  new UserError(message, { code: 'not-watchable', ...(hint ? { hint } : {}) })
