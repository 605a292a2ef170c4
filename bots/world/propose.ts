import { encodeFunctionData, erc20Abi, keccak256, parseEther, stringToHex, type Address, type Hex } from 'viem'
import { autoDao, ozGovernor } from '../../contracts/generated.ts'
import type { Deed } from './proposals.ts'
import type { Tx } from './send.ts'

export type WorldDao = { slug: 'auto' | 'harbor'; dao: Address; timelock: Address; token: Address }

type Action = { targets: Address[]; values: bigint[]; calldatas: Hex[]; description: string }

/** A proposal's calls and text, which name it on the chain. */
export function actionOf(world: WorldDao, { text, deeds }: { text: string; deeds: readonly Deed[] }): Action {
  const calls = deeds.map((deed): { target: Address; value: bigint; data: Hex } => {
    if ('set' in deed) return { target: world.dao, value: 0n, data: settingCall(deed) }
    const amount = parseEther(String(deed.pay))
    if (deed.of === 'ether') return { target: deed.to as Address, value: amount, data: '0x' }
    const data = encodeFunctionData({
      abi: erc20Abi,
      functionName: 'transfer',
      args: [deed.to as Address, amount],
    })
    return { target: world.token, value: 0n, data }
  })
  return {
    targets: calls.map((call) => call.target),
    values: calls.map((call) => call.value),
    calldatas: calls.map((call) => call.data),
    description: text,
  }
}

export function proposeTx(from: Address, world: WorldDao, action: Action): Tx {
  const args = [action.targets, action.values, action.calldatas, action.description] as const
  return { from, to: world.dao, data: encodeFunctionData({ abi: ozGovernor.abi, functionName: 'propose', args }) }
}

/** The next step of a proposal that was accepted. */
export function stepTx(from: Address, world: WorldDao, action: Action, step: 'queue' | 'execute'): Tx {
  const hash = keccak256(stringToHex(action.description))
  const args = [action.targets, action.values, action.calldatas, hash] as const
  return { from, to: world.dao, data: encodeFunctionData({ abi: ozGovernor.abi, functionName: step, args }) }
}

export function voteTx(from: Address, world: WorldDao, id: bigint, support: number, reason: string): Tx {
  const data =
    reason === ''
      ? encodeFunctionData({ abi: ozGovernor.abi, functionName: 'castVote', args: [id, support] })
      : encodeFunctionData({ abi: ozGovernor.abi, functionName: 'castVoteWithReason', args: [id, support, reason] })
  return { from, to: world.dao, data }
}

function settingCall(deed: Extract<Deed, { set: string }>): Hex {
  if (deed.set === 'votingDelay')
    return encodeFunctionData({ abi: autoDao.abi, functionName: 'setVotingDelay', args: [deed.value] })
  return encodeFunctionData({
    abi: autoDao.abi,
    functionName: 'setProposalThreshold',
    args: [parseEther(String(deed.value))],
  })
}
