import {
  concatHex,
  encodeFunctionData,
  encodePacked,
  parseEventLogs,
  parseSignature,
  serializeCompactSignature,
  size,
  toHex,
  zeroAddress,
  zeroHash,
  type Address,
  type Hex,
  type TransactionReceipt,
} from 'viem'
import type { PrivateKeyAccount } from 'viem/accounts'
import { anvil } from 'viem/chains'
import { autoDao, autoDaoFactory, multicall, ozGovernor, ozTimelock, ozToken } from '../../../contracts/generated.ts'
import { deployFactory, newDao } from './founding.ts'
import type { Ground } from './ground.ts'

export type Signed = { voter: number; choice?: number; sequence?: number; seat?: number; signer?: PrivateKeyAccount }

/** Something to vote in, with one open question. */
export type Box = {
  address: Address
  target: Address
  sign(ballot: Signed): Promise<Hex>
  /** Calldata of the one transaction that brings these ballots to the target. */
  pack(signed: Hex[]): Hex
  counted(receipt: TransactionReceipt): number
  skipped(receipt: TransactionReceipt): { seat: number; reason: number }[]
}

export type Options = { checkpoints: number; holders: number; seated: number; late?: number }

export const day = 86_400
const stake = 10n ** 18n
const choices = ['Against', 'For', 'Abstain']

/** OpenZeppelin's Governor, as it is; many votes go through a batcher that isolates failures. */
export async function ozBox(ground: Ground, { checkpoints, holders }: Options): Promise<Box> {
  const list = stakes(ground, holders)
  const token = await ground.deploy(ozToken, ['Oz', 'OZ', ...list])
  await moveVotes(ground, token, holders, checkpoints)
  const timelock = await ground.deploy(ozTimelock, [0n, [], [], zeroAddress])
  const dao = await ground.deploy(ozGovernor, ['Oz', token, timelock, day, 7 * day, 0n, 4n])
  const proposalId = await propose(ground, dao)
  const types = {
    Ballot: [
      { name: 'proposalId', type: 'uint256' },
      { name: 'support', type: 'uint8' },
      { name: 'voter', type: 'address' },
      { name: 'nonce', type: 'uint256' },
    ],
  } as const
  return {
    address: dao,
    target: ground.multicall,
    async sign({ voter, choice = (voter % 3) + 1 }) {
      const account = ground.voters[voter]!
      const signature = await account.signTypedData({
        domain: { name: 'Oz', version: '1', chainId: anvil.id, verifyingContract: dao },
        types,
        primaryType: 'Ballot',
        message: { proposalId, support: choice - 1, voter: account.address, nonce: 0n },
      })
      const args = [proposalId, choice - 1, account.address, signature] as const
      return encodeFunctionData({ abi: ozGovernor.abi, functionName: 'castVoteBySig', args })
    },
    pack: (signed) => encodeFunctionData({ abi: multicall.abi, functionName: 'tryAll', args: [dao, signed] }),
    counted: (receipt) => parseEventLogs({ abi: ozGovernor.abi, eventName: 'VoteCast', logs: receipt.logs }).length,
    skipped: () => [],
  }
}

export async function autoDaoBox(ground: Ground, { checkpoints, holders, seated, late }: Options): Promise<Box> {
  const factory = await deployFactory(ground)
  const [list, amounts] = stakes(ground, holders)
  const params = { ...newDao, holders: list, amounts, salt: toHex(checkpoints, { size: 32 }) }
  const made = await ground.send(
    factory,
    encodeFunctionData({ abi: autoDaoFactory.abi, functionName: 'create', args: [params] }),
  )
  const { dao, token } = parseEventLogs({ abi: autoDaoFactory.abi, eventName: 'DaoCreated', logs: made.logs })[0]!.args
  await enrol(ground, dao, seated)
  await moveVotes(ground, token, holders, checkpoints)
  const proposalId = await propose(ground, dao)
  if (late !== undefined) await enrolOne(ground, dao, late)
  return counter(ground, { address: dao, name: 'Auto DAO', proposalId, title: 'Buy a boat', choices })
}

function counter(
  ground: Ground,
  box: { address: Address; name: string; proposalId: bigint; title: string; choices: string[] },
): Box {
  const { address, proposalId } = box
  const domain = { name: box.name, version: '1', chainId: anvil.id, verifyingContract: address }
  const types = {
    Ballot: [
      { name: 'proposalId', type: 'uint256' },
      { name: 'proposal', type: 'string' },
      { name: 'choice', type: 'string' },
      { name: 'seat', type: 'uint32' },
      { name: 'sequence', type: 'uint8' },
      { name: 'reason', type: 'bytes32' },
    ],
  } as const
  const outcome = (receipt: TransactionReceipt) =>
    parseEventLogs({ abi: autoDao.abi, eventName: 'BallotsCounted', logs: receipt.logs })[0]!.args
  return {
    address,
    target: address,
    async sign({ voter, choice = (voter % 3) + 1, sequence = 1, seat = voter + 1, signer = ground.voters[voter]! }) {
      const message = {
        proposalId,
        proposal: box.title,
        choice: box.choices[choice - 1]!,
        seat,
        sequence,
        reason: zeroHash,
      }
      const signature = await signer.signTypedData({ domain, types, primaryType: 'Ballot', message })
      const compact = serializeCompactSignature(parseSignatureOf(signature))
      return concatHex([encodePacked(['uint32', 'uint8'], [seat, (sequence << 4) | choice]), compact])
    },
    pack: (signed) =>
      encodeFunctionData({ abi: autoDao.abi, functionName: 'castBallots', args: [proposalId, concatHex(signed)] }),
    counted: (receipt) => size(outcome(receipt).records) / 17,
    skipped: (receipt) => readSkipped(outcome(receipt).skipped),
  }
}

export function readSkipped(records: Hex): { seat: number; reason: number }[] {
  return (records.slice(2).match(/.{10}/g) ?? []).map((record) => ({
    seat: Number.parseInt(record.slice(0, 8), 16),
    reason: Number.parseInt(record.slice(8), 16),
  }))
}

export function parseSignatureOf(signature: Hex): { r: Hex; yParityAndS: Hex } {
  const { r, s, yParity } = parseSignature(signature)
  return { r, yParityAndS: toHex(BigInt(s) | (BigInt(yParity) << 255n), { size: 32 }) }
}

async function propose(ground: Ground, dao: Address): Promise<bigint> {
  const args = [[dao], [0n], ['0x'], '# Buy a boat\n\nFor the weekends.'] as const
  const receipt = await ground.send(dao, encodeFunctionData({ abi: ozGovernor.abi, functionName: 'propose', args }))
  await ground.travel(day + 60)
  return parseEventLogs({ abi: ozGovernor.abi, eventName: 'ProposalCreated', logs: receipt.logs })[0]!.args.proposalId
}

export function stakes(ground: Ground, holders: number): [Address[], bigint[]] {
  const list = [...ground.voters.slice(0, holders).map((voter) => voter.address), ground.multicall]
  return [list, list.map((_, i) => stake * BigInt(1 + (i % 7)))]
}

/** Adds checkpoints to every voter, one a round, by transfers from the batcher's own stake. */
export async function moveVotes(ground: Ground, token: Address, holders: number, checkpoints: number): Promise<void> {
  for (let round = 1; round < checkpoints; round++) {
    await ground.travel(3600)
    const calls = ground.voters
      .slice(0, holders)
      .map((voter) =>
        encodeFunctionData({ abi: ozToken.abi, functionName: 'transfer', args: [voter.address, BigInt(round)] }),
      )
    await ground.send(
      ground.multicall,
      encodeFunctionData({ abi: multicall.abi, functionName: 'tryAll', args: [token, calls] }),
    )
  }
  const account = ground.voters[0]!.address
  const count = await ground.read({ address: token, abi: ozToken.abi, functionName: 'numCheckpoints', args: [account] })
  if (count !== checkpoints) throw new Error(`Voters have ${count} checkpoints instead of ${checkpoints}`)
}

export async function enrol(ground: Ground, where: Address, seated: number): Promise<void> {
  const ids = Array.from({ length: seated }, (_, i) => BigInt(i + 1))
  await ground.send(where, encodeFunctionData({ abi: autoDao.abi, functionName: 'enrol', args: [ids] }))
}

export async function enrolOne(ground: Ground, where: Address, voter: number): Promise<void> {
  const args = [[BigInt(voter + 1)]] as const
  await ground.send(where, encodeFunctionData({ abi: autoDao.abi, functionName: 'enrol', args }))
}
