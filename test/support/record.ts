import type { Hex } from 'viem'
import { readCall } from '../../core/governance/calls.ts'
import type { ProposalRecord } from '../../core/governance/record.ts'

export const page = 'https://vote.example.org/p/nomic-3'
export const other = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
export const dao = {
  name: 'Nomic',
  slug: 'nomic',
  clock: 'timestamp',
  chain_id: 1,
  address: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
  token: '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512',
  timelock: '0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0',
} as const

export type Change = Omit<Partial<ProposalRecord>, 'proposal'> & {
  proposal?: object
  data?: { target?: string; value?: string; data: Hex }[]
}

/** A proposal as a view gets it: open, with votes, without a summary; a test changes what it is about. */
export function recordOf({ proposal, data = [], ...more }: Change = {}): ProposalRecord {
  return {
    proposal: {
      id: '3',
      ref: 'nomic-3',
      title: 'Fund the bridge watchers',
      description: '',
      state: 'active',
      stage: null,
      in_favour: '70000000000000000000',
      against: '20000000000000000000',
      abstain: '10000000000000000000',
      quorum: '40000000000000000000',
      tally_block: '12',
      block_number: '10',
      final: false,
      proposer: other,
      tx_hash: `0x${'ab'.repeat(32)}`,
      orphaned_at: null,
      dao,
      ...proposal,
    } as unknown as ProposalRecord['proposal'],
    token: { symbol: 'NOMIC', decimals: 18 },
    coin: { symbol: 'AI3', decimals: 18 },
    opens: { at: 1_767_225_600 },
    ends: { at: 1_767_484_800 },
    eta: undefined,
    calls: data.map(({ target = other, value = '0', data }) => readCall({ target, value, data }, dao)),
    summary: undefined,
    ...more,
  }
}
