import {
  encodeFunctionData,
  keccak256,
  parseAbi,
  stringToHex,
  zeroAddress,
  type Address,
  type Hex,
  type LocalAccount,
} from 'viem'
import { ozTimelock } from '../../contracts/generated.ts'
import { ballotKind } from '../../core/ballots/ballot-kind.ts'
import { relayWaiting } from '../../core/relay/engine.ts'
import type { DaoRow } from '../../core/db/tables/governance.ts'
import { pollOnce } from '../../core/listen/listener.ts'
import { proposalById, type Proposal } from '../../core/governance/proposal.ts'
import { watchDao } from '../../core/listen/watch.ts'
import { sendCall } from '../../bots/world/deploy.ts'
import { settleNow, type BallotWorld } from './ballots.ts'
import { bravoGovernor, compToken, oz4BravoGovernor, oz4Governor, oz4Token } from './generated.ts'
import { deploy } from './linking.ts'

export const foreignKinds = ['oz4', 'oz4Old', 'oz4Bravo', 'bravo'] as const
/** OpenZeppelin 4.9; one from before it; 4.9 with Compound's names and counting; Compound's own form. */
export type ForeignKind = (typeof foreignKinds)[number]

export type ForeignDao = { kind: ForeignKind; dao: Address; token: Address; timelock: Address }

/** Blocks, but the timelock's delay: seconds. */
export const pace = { votingDelay: 3, votingPeriod: 60, timelockDelay: 3_600 }
const quorumVotes = 60n * 10n ** 18n

/** A DAO of this kind, held by the voters as the other DAOs are. */
export async function foreignDao(w: BallotWorld, kind: ForeignKind): Promise<ForeignDao> {
  const admin = w.chain.accounts[0]!
  const make = (contract: { abi: readonly unknown[]; bytecode: Hex }, ...args: unknown[]) =>
    deploy(w.chain, { account: admin, ...contract, args })
  const held = [w.voters.map(({ address }) => address), w.voters.map((_, at) => BigInt(100 * (at + 1)) * 10n ** 18n)]
  const { votingDelay, votingPeriod, timelockDelay } = pace
  if (kind === 'bravo') {
    const token = await make(compToken, 'Compound-like', 'COMPLIKE', ...held)
    const dao = await make(bravoGovernor, token, votingDelay, votingPeriod, quorumVotes, timelockDelay)
    const contract = { abi: bravoGovernor.abi, address: dao } as const
    const timelock = await w.chain.client.readContract({ ...contract, functionName: 'timelock' })
    return { kind, dao, token, timelock }
  }
  const isOld = kind === 'oz4Old'
  const token = await make(oz4Token, 'Older token', 'OLDER', ...held, isOld)
  const timelock = await make(ozTimelock, timelockDelay, [], [zeroAddress], admin.address)
  const rules = ['Older DAO', token, timelock, votingDelay, votingPeriod, 4n]
  const dao = kind === 'oz4Bravo' ? await make(oz4BravoGovernor, ...rules) : await make(oz4Governor, ...rules, isOld)
  for (const role of ['PROPOSER_ROLE', 'CANCELLER_ROLE'])
    await sendCall(w.deployer, {
      to: timelock,
      data: encodeFunctionData({
        abi: ozTimelock.abi,
        functionName: 'grantRole',
        args: [keccak256(stringToHex(role)), dao],
      }),
    })
  return { kind, dao, token, timelock }
}

export const watchForeign = async (w: BallotWorld, { dao }: ForeignDao): Promise<DaoRow> =>
  (await watchDao(w.ctx, { address: dao })).dao

export const tokenAbi = parseAbi([
  'function delegate(address delegatee)',
  'function delegates(address account) view returns (address)',
  'function transfer(address to, uint256 value) returns (bool)',
])
const governorAbi = parseAbi([
  'function propose(address[] targets, uint256[] values, bytes[] calldatas, string description)',
  'function queue(address[] targets, uint256[] values, bytes[] calldatas, bytes32 descriptionHash)',
  'function execute(address[] targets, uint256[] values, bytes[] calldatas, bytes32 descriptionHash)',
])

/** A proposal whose only call makes the treasury delegate to the first voter. */
export function stepsOf(w: BallotWorld, { kind, token }: ForeignDao, description: string) {
  const data = encodeFunctionData({ abi: tokenAbi, functionName: 'delegate', args: [w.voters[0]!.address] })
  const hash = keccak256(stringToHex(description))
  if (kind !== 'bravo') {
    const calls = [[token], [0n], [data]] as const
    const step = (functionName: 'queue' | 'execute') => (): Hex =>
      encodeFunctionData({ abi: governorAbi, functionName, args: [...calls, hash] })
    const propose = encodeFunctionData({ abi: governorAbi, functionName: 'propose', args: [...calls, description] })
    return { propose, queue: step('queue'), execute: step('execute'), call: data }
  }
  // Compound's form keeps name and arguments apart.
  const call = [[token], [0n], ['delegate(address)'], [`0x${data.slice(10)}` as Hex]] as const
  const { abi } = bravoGovernor
  const step = (functionName: 'queue' | 'execute') => (id: bigint) =>
    encodeFunctionData({ abi, functionName, args: [id] })
  const propose = encodeFunctionData({ abi, functionName: 'propose', args: [...call, description] })
  return { propose, queue: step('queue'), execute: step('execute'), call: data }
}

export const sendAs = (w: BallotWorld, from: LocalAccount, to: Address, data: Hex) =>
  sendCall({ client: w.chain.client, wallet: w.chain.wallet(from) }, { to, data })

const mineBlocks = (w: BallotWorld, blocks: number): Promise<unknown> =>
  w.chain.rpc('anvil_mine', [`0x${blocks.toString(16)}`])

let texts = 0

/** Made, heard of by the listener, and open for votes. */
export async function openForeign(w: BallotWorld, dao: ForeignDao, row: DaoRow): Promise<Proposal & { text: string }> {
  texts += 1
  const text = `# Delegate what idles (${texts})`
  await sendAs(w, w.voters[0]!, dao.dao, stepsOf(w, dao, text).propose)
  await mineBlocks(w, pace.votingDelay + 1)
  await pollOnce(w.ctx)
  const { id } = await w.ctx.db
    .selectFrom('proposal')
    .select('id')
    .where('dao_id', '=', row.id)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow()
  return { ...(await proposalById(w.ctx, id)), text }
}

export const endForeign = (w: BallotWorld): Promise<unknown> => mineBlocks(w, pace.votingPeriod + 1)

export async function relayForeign(w: BallotWorld, row: DaoRow): Promise<void> {
  await relayWaiting(w.ctx, ballotKind, { daoId: row.id })
  await settleNow(w)
}
