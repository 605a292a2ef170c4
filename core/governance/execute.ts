import { encodeFunctionData, parseAbi, type Address, type Hex } from 'viem'
import { UserError } from '../errors.ts'
import type { Proposal } from './proposal.ts'
import type { ProposalCall } from './types.ts'

const abi = parseAbi([
  'function queue(address[] targets, uint256[] values, bytes[] calldatas, bytes32 descriptionHash)',
  'function execute(address[] targets, uint256[] values, bytes[] calldatas, bytes32 descriptionHash) payable',
])
/** Compound's form. */
const byId = parseAbi(['function queue(uint256 proposalId)', 'function execute(uint256 proposalId) payable'])

export type Step = 'queue' | 'execute'

/** What comes next of a decision, when it is anybody's to do now; undefined while there is nothing to do. */
export function nextStep({ state, stage, dao }: Pick<Proposal, 'state' | 'stage' | 'dao'>): Step | undefined {
  if (state === 'succeeded') return dao.timelock === null ? 'execute' : 'queue'
  return state === 'queued' && stage === 'ready' ? 'execute' : undefined
}

/** Throws the reason when this step is not to be done now. */
export function assertStep(proposal: Proposal, step: Step): void {
  if (nextStep(proposal) === step) return
  const { ref, state, stage, dao } = proposal
  const hint = `/proposal ${ref}`
  const code = 'not-now'
  if (state === 'executed') throw new UserError(`${ref} is done already.`, { hint, code })
  if (state === 'queued' && stage !== 'ready')
    throw new UserError(`${ref} waits in the timelock; it can be executed when its time has come.`, { hint, code })
  if (state === 'queued') throw new UserError(`${ref} is queued already.`, { hint: `/execute ${ref}`, code })
  if (state === 'succeeded')
    throw new UserError(
      dao.timelock === null ? `${ref} needs no queue: it has no timelock.` : `${ref} goes to the timelock first.`,
      { hint: dao.timelock === null ? `/execute ${ref}` : `/queue ${ref}`, code },
    )
  throw new UserError(`${ref} is not accepted, so there is nothing to ${step}.`, { hint, code })
}

/** The call that anybody may send. */
export function stepCall(proposal: Proposal, step: Step): { to: Address; data: Hex } {
  const to = proposal.dao.address as Address
  if (proposal.dao.kind === 'bravo')
    return { to, data: encodeFunctionData({ abi: byId, functionName: step, args: [BigInt(proposal.onchain_id)] }) }
  const calls = proposal.calls as ProposalCall[]
  const args = [
    calls.map(({ target }) => target as Address),
    calls.map(({ value }) => BigInt(value)),
    calls.map(({ data }) => data as Hex),
    proposal.text_hash as Hex,
  ] as const
  return { to, data: encodeFunctionData({ abi, functionName: step, args }) }
}
