import {
  concatHex,
  encodeFunctionData,
  encodePacked,
  parseEventLogs,
  parseSignature,
  serializeCompactSignature,
  size,
  toHex,
  type Address,
  type Hex,
} from 'viem'
import { anvil } from 'viem/chains'
import { chief, nomic } from '../../../contracts/generated.ts'
import type { Box } from './boxes.ts'
import type { Ground } from './ground.ts'

const stake = 10n ** 18n
const spell = '0x5be1100000000000000000000000000000000001'
const types = {
  Approval: [
    { name: 'seat', type: 'uint32' },
    { name: 'sequence', type: 'uint16' },
    { name: 'spells', type: 'address[]' },
  ],
} as const

/** The chief, where every holder has locked and now approves one spell, the same for all. */
export async function chiefBox(ground: Ground, holders: number): Promise<Box> {
  const accounts = ground.voters.slice(0, holders).map((voter) => voter.address)
  const token = await ground.deploy(nomic, [ground.autoIds, accounts, accounts.map(() => stake)])
  const address = await ground.deploy(chief, [token, stake, stake, 3600])
  for (const account of accounts) await lock(ground, { account, token, address })
  await ground.send(address, encodeFunctionData({ abi: chief.abi, functionName: 'etch', args: [[spell]] }))
  const slate = await ground.read({ address, abi: chief.abi, functionName: 'slates' })
  const domain = { name: 'Nomic Chief', version: '1', chainId: anvil.id, verifyingContract: address }
  return {
    address,
    target: address,
    async sign({ voter, sequence = 1, seat = voter + 1, signer = ground.voters[voter]! }) {
      const message = { seat, sequence, spells: [spell] } as const
      const signed = parseSignature(await signer.signTypedData({ domain, types, primaryType: 'Approval', message }))
      const head = encodePacked(['uint32', 'uint16', 'uint32'], [seat, sequence, slate])
      return concatHex([head, serializeCompactSignature(compact(signed))])
    },
    pack: (signed) => encodeFunctionData({ abi: chief.abi, functionName: 'castApprovals', args: [concatHex(signed)] }),
    counted: (receipt) => {
      const [counted] = parseEventLogs({ abi: chief.abi, eventName: 'ApprovalsCounted', logs: receipt.logs })
      return size(counted!.args.records) / 22
    },
    skipped: () => [],
  }
}

type Lock = { account: Address; token: Address; address: Address }

/** By the holder's own transactions; the chain is asked to take them unsigned. */
async function lock(ground: Ground, { account, token, address }: Lock): Promise<void> {
  await ground.rpc('anvil_setBalance', [account, toHex(stake)])
  await ground.rpc('anvil_impersonateAccount', [account])
  const send = (to: Address, data: Hex) =>
    ground.rpc('eth_sendTransaction', [{ from: account, to, data, gas: toHex(1_000_000) }])
  await send(token, encodeFunctionData({ abi: nomic.abi, functionName: 'approve', args: [address, stake] }))
  await send(address, encodeFunctionData({ abi: chief.abi, functionName: 'lock', args: [stake] }))
  await ground.rpc('evm_mine')
}

function compact({ r, s, yParity }: { r: Hex; s: Hex; yParity: number }): { r: Hex; yParityAndS: Hex } {
  return { r, yParityAndS: toHex(BigInt(s) | (BigInt(yParity) << 255n), { size: 32 }) }
}
