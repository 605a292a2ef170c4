import {
  encodeFunctionData,
  getAddress,
  keccak256,
  numberToHex,
  stringToHex,
  toEventSelector,
  type Address,
  type Hex,
} from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { autoDao, ozTimelock } from '../../../contracts/generated.ts'
import { castOf, governorOf } from '../../../core/governance/governor.ts'
import { pollOnce } from '../../../core/listen/listener.ts'
import { findProposal, type Proposal } from '../../../core/governance/proposal.ts'
import { watchDao } from '../../../core/listen/watch.ts'
import { sendCall, type DaoAddresses } from '../../../bots/world/deploy.ts'
import { abiWords, emitCall, stubContract } from '../../support/stub-contract.ts'
import { times, world, type World } from '../../support/world.ts'

const { abi } = autoDao

let all: World
beforeAll(async () => {
  all = await world({ changeOfMind: true })
  await watchDao(all.ctx, { address: all.autoDao.dao, slug: 'auto' })
  await watchDao(all.ctx, { address: all.ozDao.dao, slug: 'plain' })
})
afterAll(() => all.stop())

describe.each([
  ['our DAO', () => all.autoDao, 'auto'],
  ['a plain Governor', () => all.ozDao, 'plain'],
] as const)('a proposal of %s', (_name, daoOf, slug) => {
  test('is followed from its creation to its execution', async () => {
    const { ref, title, onchainId, description, call } = await propose(daoOf(), slug)
    expect(await look(ref)).toMatchObject({
      title,
      state: 'pending',
      stage: null,
      announced: true,
      onchain_id: onchainId.toString(),
      proposer: all.voters[0]!.address,
      text_hash: keccak256(stringToHex(description)),
      calls: [{ target: call.to, value: '0', data: '0x' }],
      quorum: null,
    })
    await all.chain.travel(times.votingDelay + 1)
    expect(await look(ref)).toMatchObject({ state: 'active', stage: null, quorum: tokens(60) })
    await vote(daoOf(), onchainId, 4, 1)
    await vote(daoOf(), onchainId, 1, 0)
    await vote(daoOf(), onchainId, 0, 2)
    expect(await look(ref)).toMatchObject({
      in_favour: tokens(500),
      against: tokens(200),
      abstain: tokens(100),
      final: false,
    })
    await travelTo((await look(ref)).deadline, -200)
    expect(await look(ref)).toMatchObject({ state: 'active', stage: 'ending' })
    await travelTo((await look(ref)).deadline, 1)
    expect(await look(ref)).toMatchObject({ state: 'succeeded', stage: null, eta: null })
    await decide(daoOf(), 'queue', { call, description })
    const queued = await look(ref)
    expect(queued).toMatchObject({ state: 'queued', stage: null })
    expect(Number(queued.eta)).toBe((await now()) + times.timelockDelay)
    await travelTo(queued.eta!, 0)
    expect(await look(ref)).toMatchObject({ state: 'queued', stage: 'ready' })
    await decide(daoOf(), 'execute', { call, description })
    expect(await look(ref)).toMatchObject({ state: 'executed', stage: null, final: false })
    await all.chain.travel(1)
    expect(await look(ref)).toMatchObject({ state: 'executed', final: false })
    await all.chain.travel(1)
    expect(await look(ref)).toMatchObject({ state: 'executed', final: true })
  })

  test('is defeated when nobody votes', async () => {
    const { ref } = await propose(daoOf(), slug)
    await travelTo((await look(ref)).deadline, 1)
    expect(await look(ref)).toMatchObject({ state: 'defeated', in_favour: '0' })
  })

  test('is canceled by its proposer', async () => {
    const { ref, call, description } = await propose(daoOf(), slug)
    await look(ref)
    await decide(daoOf(), 'cancel', { call, description })
    expect(await look(ref)).toMatchObject({ state: 'canceled', final: false })
  })

  test('is canceled in the timelock, where the governor logs nothing', async () => {
    const { ref, onchainId, call, description } = await propose(daoOf(), slug)
    await travelTo((await look(ref)).snapshot, 1)
    await vote(daoOf(), onchainId, 4, 1)
    await travelTo((await look(ref)).deadline, 1)
    await decide(daoOf(), 'queue', { call, description })
    expect(await look(ref)).toMatchObject({ state: 'queued' })
    await cancelInTimelock(daoOf(), { call, description })
    await all.chain.travel(60)
    expect(await look(ref)).toMatchObject({ state: 'canceled' })
  })
})

test('a change of mind counts once', async () => {
  const { ref, onchainId } = await propose(all.autoDao, 'auto')
  await travelTo((await look(ref)).snapshot, 1)
  const proposal = await look(ref)
  const hash = await all.chain
    .wallet(all.voters[2]!)
    .sendTransaction(await signedBallot(proposal, all.voters[2]!.address, 0))
  await all.chain.client.waitForTransactionReceipt({ hash })
  expect(await look(ref)).toMatchObject({ against: tokens(300), in_favour: '0' })
  await vote(all.autoDao, onchainId, 2, 1)
  expect(await look(ref)).toMatchObject({ against: '0', in_favour: tokens(300) })
  const rows = (table: 'vote' | 'counted_vote') =>
    all.ctx.db.selectFrom(table).select(['support', 'weight']).where('proposal_id', '=', proposal.id).execute()
  expect(await rows('vote')).toHaveLength(2)
  expect(await rows('counted_vote')).toEqual([{ support: 1, weight: tokens(300) }])
})

test('expires where the governor has it so', async () => {
  const stub = getAddress(numberToHex(0xabcdef, { size: 20 }))
  const says = async (state: number): Promise<void> => {
    const views = {
      'BALLOT_TYPEHASH()': keccak256(
        stringToHex('Ballot(uint256 proposalId,uint8 support,address voter,uint256 nonce)'),
      ),
      'COUNTING_MODE()': abiWords('string', ['support=bravo&quorum=for,abstain']),
      'CLOCK_MODE()': abiWords('string', ['mode=timestamp']),
      'eip712Domain()': abiWords('bytes1, string, string, uint256, address, bytes32, uint256[]', [
        '0x0f',
        'Late DAO',
        '1',
        31_337n,
        stub,
        numberToHex(0, { size: 32 }),
        [],
      ]),
      'state(uint256)': numberToHex(state, { size: 32 }),
      'proposalDeadline(uint256)': numberToHex(2_000, { size: 32 }),
      'proposalEta(uint256)': numberToHex(3_000, { size: 32 }),
      'proposalVotes(uint256)': abiWords('uint256, uint256, uint256', [1n, 2n, 3n]),
      'quorum(uint256)': numberToHex(7, { size: 32 }),
    }
    await all.chain.rpc('anvil_setCode', [stub, stubContract(views)])
  }
  await says(5)
  await watchDao(all.ctx, { address: stub, slug: 'late' })
  await sendCall(all.deployer, {
    to: stub,
    data: emitCall(
      [toEventSelector('ProposalCreated(uint256,address,address[],uint256[],string[],bytes[],uint256,uint256,string)')],
      abiWords('uint256, address, address[], uint256[], string[], bytes[], uint256, uint256, string', [
        1n,
        stub,
        [],
        [],
        [],
        [],
        1_000n,
        2_000n,
        'Too late',
      ]),
    ),
  })
  expect(await look('late-1')).toMatchObject({
    state: 'queued',
    stage: 'ready',
    eta: '3000',
    quorum: '7',
    abstain: '3',
  })
  await says(6)
  await all.chain.travel(60)
  expect(await look('late-1')).toMatchObject({ state: 'expired', stage: null })
})

type Act = { call: { to: Address; value: bigint; data: Hex }; description: string }

async function propose(
  dao: DaoAddresses,
  slug: string,
): Promise<Act & { ref: string; title: string; onchainId: bigint }> {
  const { count } = await all.ctx.db
    .selectFrom('proposal')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('ref', 'like', `${slug}-%`)
    .executeTakeFirstOrThrow()
  const call = { to: all.voters[0]!.address, value: 0n, data: '0x' as const }
  const title = `Payment ${count} of ${slug}`
  const description = `# ${title}\n\nBecause.`
  const { onchainId } = await all.propose(dao, description, [call])
  return { ref: `${slug}-${Number(count) + 1}`, title, onchainId, description, call }
}

async function look(ref: string): Promise<Proposal> {
  expect(await pollOnce(all.ctx)).toMatchObject({ status: 'read' })
  return findProposal(all.ctx, ref)
}

const as = (voter: number) => ({ ...all.deployer, wallet: all.chain.wallet(all.voters[voter]!) })

const vote = (dao: DaoAddresses, onchainId: bigint, voter: number, support: number) =>
  sendCall(as(voter), {
    to: dao.dao,
    data: encodeFunctionData({ abi, functionName: 'castVote', args: [onchainId, support] }),
  })

const decide = (dao: DaoAddresses, functionName: 'queue' | 'execute' | 'cancel', { call, description }: Act) =>
  sendCall(as(0), {
    to: dao.dao,
    data: encodeFunctionData({
      abi,
      functionName,
      args: [[call.to], [call.value], [call.data], keccak256(stringToHex(description))],
    }),
  })

/** As whoever holds the timelock's canceller role may do. */
async function cancelInTimelock(dao: DaoAddresses, { call, description }: Act): Promise<void> {
  const salt = numberToHex(BigInt(dao.dao) << 96n, { size: 32 })
  const hash = keccak256(stringToHex(description))
  const id = await all.chain.client.readContract({
    abi: ozTimelock.abi,
    address: dao.timelock,
    functionName: 'hashOperationBatch',
    args: [
      [call.to],
      [call.value],
      [call.data],
      numberToHex(0, { size: 32 }),
      numberToHex(BigInt(salt) ^ BigInt(hash), { size: 32 }),
    ],
  })
  await all.chain.rpc('anvil_impersonateAccount', [dao.dao])
  await all.chain.rpc('anvil_setBalance', [dao.dao, numberToHex(10n ** 18n)])
  await all.chain.rpc('eth_sendTransaction', [
    {
      from: dao.dao,
      to: dao.timelock,
      data: encodeFunctionData({ abi: ozTimelock.abi, functionName: 'cancel', args: [id] }),
    },
  ])
}

async function signedBallot(
  proposal: Proposal,
  voter: Address,
  support: 0 | 1 | 2,
): Promise<{ to: Address; data: Hex }> {
  const governor = governorOf(proposal.dao)
  const standing = await governor.standing(all.ctx, {
    dao: proposal.dao,
    proposalId: BigInt(proposal.onchain_id),
    voter,
  })
  expect(standing.form).toBe('seat')
  const ballot = { voter, support, reason: '', form: standing.form, seat: standing.seat, nonce: standing.nonce }
  const { EIP712Domain: _domain, ...types } = governor.typedData({ dao: proposal.dao, proposal, ballot }).types
  const typed = governor.typedData({ dao: proposal.dao, proposal, ballot })
  const signature = await all.voters
    .find(({ address }) => address === voter)!
    .signTypedData({ ...typed, types } as Parameters<(typeof all.voters)[0]['signTypedData']>[0])
  const row = { ...ballot, id: '0x01', signer: 'key' as const, nonce: ballot.nonce.toString(), signature }
  return governor.encodeAlone({ dao: proposal.dao, ballot: castOf(row, proposal) })
}

const tokens = (count: number): string => (BigInt(count) * 10n ** 18n).toString()
const now = async (): Promise<number> => Number((await all.chain.client.getBlock()).timestamp)
const travelTo = async (time: string, offset: number): Promise<void> =>
  all.chain.travel(Number(time) + offset - (await now()))
