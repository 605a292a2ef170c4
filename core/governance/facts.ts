import type { Fact } from '../ai/types.ts'
import { amount } from '../amount.ts'
import type { Token } from '../chain/token.ts'
import type { Proposal } from './proposal.ts'

/** The figures of record of a proposal, from the chain: what the summary may name and nobody types. */
export function factSheet(record: {
  proposal: Proposal
  token: Token
  opens: { at: number | undefined }
  ends: { at: number | undefined }
  eta: number | undefined
  calls: readonly unknown[]
}): Fact[] {
  const { proposal, token } = record
  const weight = (value: string): string => amount(BigInt(value), token)
  const facts: (Omit<Fact, 'source' | 'value'> & { value: string | undefined })[] = [
    { id: 'status', label: 'Status of the vote', kind: 'status', value: capital(proposal.state) },
    { id: 'for', label: 'Votes for', kind: 'tally', value: weight(proposal.in_favour) },
    { id: 'against', label: 'Votes against', kind: 'tally', value: weight(proposal.against) },
    { id: 'abstain', label: 'Votes that abstain', kind: 'tally', value: weight(proposal.abstain) },
    {
      id: 'quorum',
      label: 'Quorum',
      kind: 'quorum',
      value: proposal.quorum === null ? undefined : weight(proposal.quorum),
    },
    { id: 'opens', label: 'Voting opens', kind: 'time', value: utc(record.opens.at) },
    { id: 'ends', label: 'Voting ends', kind: 'time', value: utc(record.ends.at) },
    { id: 'eta', label: 'Can be executed from', kind: 'time', value: utc(record.eta) },
    { id: 'calls', label: 'Calls that it makes', kind: 'count', value: String(record.calls.length) },
  ]
  return facts.flatMap(({ value, ...fact }) => (value === undefined ? [] : [{ ...fact, value, source: 'chain' }]))
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)

function utc(seconds: number | undefined): string | undefined {
  if (seconds === undefined) return undefined
  const at = new Date(seconds * 1_000)
  return Number.isNaN(at.getTime()) ? undefined : `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
