import {
  encodeFunctionData,
  getAbiItem,
  keccak256,
  numberToHex,
  parseEther,
  parseGwei,
  parseTransaction,
  toFunctionSelector,
  type Address,
  type Hex,
} from 'viem'
import { afterEach, beforeAll, afterAll, describe, expect, test } from 'vitest'
import { autoDao } from '../../../contracts/generated.ts'
import { quoteFees } from '../../../core/relay/fees.ts'
import { warnOfDelay } from '../../../core/relay/deadline.ts'
import { ballotKind } from '../../../core/ballots/ballot-kind.ts'
import { relayWaiting } from '../../../core/relay/engine.ts'
import { RetryableError } from '../../../core/errors.ts'
import { governorOf } from '../../../core/governance/governor.ts'
import { maxCallGas, type CastBallot } from '../../../core/governance/governor/types.ts'
import { governorClock } from '../../../core/governance/weight.ts'
import type { Proposal } from '../../../core/governance/proposal.ts'
import { heal } from '../../../core/relay/jobs/heal.ts'
import { settleAll } from '../../../core/relay/jobs/settle.ts'
import { sendCall } from '../../../bots/world/deploy.ts'
import {
  ballotRow,
  ballotWorld,
  cardText,
  cast,
  finalise,
  openProposal,
  relayAndSettle,
  tallyOf,
  withRpc,
  type BallotWorld,
  settleNow,
} from '../../support/ballots.ts'

let w: BallotWorld
beforeAll(async () => {
  w = await ballotWorld()
})
afterAll(() => w.stop())
afterEach(async () => {
  await w.chain.rpc('evm_setAutomine', [true])
})

const none = { against: 0n, for: 0n, abstain: 0n }
const relay = (which: 'auto' | 'oz' = 'auto') => relayWaiting(w.ctx, ballotKind, { daoId: w.daoIds[which] })
const pause = () => w.chain.rpc('evm_setAutomine', [false])
const mine = () => w.chain.rpc('evm_mine')
const attemptsOf = (intentId: string | null) =>
  w.ctx.db
    .selectFrom('attempt')
    .selectAll()
    .where('intent_id', '=', intentId ?? '0')
    .orderBy('created_at')
    .execute()
const intentOf = (intentId: string | null) =>
  w.ctx.db
    .selectFrom('intent')
    .selectAll()
    .where('id', '=', intentId ?? '0')
    .executeTakeFirstOrThrow()
const noncesOf = async () => {
  const rows = await w.ctx.db.selectFrom('intent').select('nonce').orderBy('nonce').execute()
  return rows.map((row) => row.nonce)
}

const directVote = (proposal: Proposal, support: number): { to: Address; data: Hex } => ({
  to: proposal.dao.address as Address,
  data: encodeFunctionData({
    abi: autoDao.abi,
    functionName: 'castVote',
    args: [BigInt(proposal.onchain_id), support],
  }),
})
const voteDirectly = (proposal: Proposal, index: number, support: number) =>
  sendCall({ ...w.deployer, wallet: w.chain.wallet(w.voters[index]!) }, directVote(proposal, support))

describe('a batch', () => {
  test('is as large as the settings say, and what ends first goes first', async () => {
    const later = await openProposal(w, 'auto', { travel: 0 })
    await w.chain.travel(600)
    const last = await openProposal(w, 'auto')
    const small = { ...w, ctx: { ...w.ctx, config: { ...w.ctx.config, RELAY_BATCH_SIZE: 2 } } }
    const behind = await cast(w, 0, { ref: last.ref, support: 1 })
    const front = [await cast(w, 1, { ref: later.ref, support: 1 }), await cast(w, 2, { ref: later.ref, support: 1 })]
    await relayWaiting(small.ctx, ballotKind, { daoId: w.daoIds.auto })
    const [first, second, third] = await Promise.all([...front, behind].map((id) => ballotRow(w, id)))
    expect(first!.intent_id).toBe(second!.intent_id)
    expect(Number(third!.intent_id)).toBeGreaterThan(Number(first!.intent_id))
    await settleNow(w)
    expect((await ballotRow(w, behind)).state).toBe('counted')
  })

  test.each(['auto', 'oz'] as const)(
    'of the %s DAO leaves out a ballot that the contract would not count',
    async (which) => {
      const proposal = await openProposal(w, which)
      const ids: string[] = []
      for (const index of [0, 1, 2])
        ids.push(await cast(w, index, { ref: proposal.ref, support: 1, reason: 'Together' }))
      const { signature } = await ballotRow(w, ids[0]!)
      await w.ctx.db.updateTable('ballot').set({ signature }).where('id', '=', ids[1]!).execute()
      await relayAndSettle(w)
      expect(await ballotRow(w, ids[1]!)).toMatchObject({ state: 'refused', reason_code: 'signature', intent_id: null })
      expect(await cardText(w, ids[1]!)).toContain('The contract does not accept the signature of this wallet.')
      expect(await tallyOf(w, proposal)).toEqual({ ...none, for: parseEther('400') })
      // The refused one may be signed again, and then it is the same ballot.
      expect(await cast(w, 1, { ref: proposal.ref, support: 1, reason: 'Together' })).toSatisfy(
        (id) => which === 'auto' || id === ids[1],
      )
      await relayAndSettle(w)
      expect(await tallyOf(w, proposal)).toEqual({ ...none, for: parseEther('600') })
    },
  )

  test.each(['auto', 'oz'] as const)(
    'of the %s DAO is not harmed by one that goes bad after the dry run',
    async (which) => {
      const proposal = await openProposal(w, which)
      const ids: string[] = []
      for (const index of [0, 1, 2]) ids.push(await cast(w, index, { ref: proposal.ref, support: 1 }))
      await pause()
      const wallet = w.chain.wallet(w.voters[1]!)
      await wallet.sendTransaction({
        ...directVote(proposal, 0),
        maxPriorityFeePerGas: parseGwei('50'),
        maxFeePerGas: parseGwei('100'),
      })
      await relay(which)
      await mine()
      await settleNow(w)
      expect((await Promise.all(ids.map((id) => ballotRow(w, id)))).map(({ state }) => state)).toEqual([
        'counted',
        'voted_elsewhere',
        'counted',
      ])
      expect(await tallyOf(w, proposal)).toEqual({ ...none, for: parseEther('400'), against: parseEther('200') })
    },
  )

  test('that fails as a whole goes out again in halves', async () => {
    const proposal = await openProposal(w, 'oz')
    const ids: string[] = []
    for (const index of [0, 1, 2]) ids.push(await cast(w, index, { ref: proposal.ref, support: 1 }))
    await pause()
    await relay('oz')
    const batcher = w.ctx.chain.addresses.multicall
    const code = await w.ctx.chain.client.getCode({ address: batcher })
    await w.chain.rpc('anvil_setCode', [batcher, '0x60006000fd'])
    await mine()
    await w.chain.rpc('anvil_setCode', [batcher, code])
    await settleNow(w)
    expect(await ballotRow(w, ids[0]!)).toMatchObject({ state: 'accepted', intent_id: null, tries: 1 })
    await w.chain.rpc('evm_setAutomine', [true])
    const three = { ...w.ctx, config: { ...w.ctx.config, RELAY_BATCH_SIZE: 3 } }
    await relayWaiting(three, ballotKind, { daoId: w.daoIds.oz })
    await settleNow(w)
    const rows = await Promise.all(ids.map((id) => ballotRow(w, id)))
    expect(rows.map(({ state }) => state)).toEqual(['counted', 'counted', 'counted'])
    expect(new Set(rows.map((row) => row.intent_id)).size).toBe(3)
    expect(await tallyOf(w, proposal)).toEqual({ ...none, for: parseEther('600') })
  })

  test('gives up a ballot that the chain does not count again and again although the dry run says yes', async () => {
    const proposal = await openProposal(w, 'oz')
    const ids = [
      await cast(w, 0, { ref: proposal.ref, support: 1 }),
      await cast(w, 1, { ref: proposal.ref, support: 1 }),
    ]
    const ballot = () => ballotRow(w, ids[0]!)
    // A batch that lost this one on the way: its call fails there, and would not in a dry run.
    const lossy = await w.ctx.chain.client.getCode({ address: w.ctx.chain.addresses.multicall })
    await pause()
    for (let tries = 1; tries <= 3; tries += 1) {
      await relay('oz')
      await w.chain.rpc('anvil_setCode', [w.ctx.chain.addresses.multicall, '0x00'])
      await mine()
      await w.chain.rpc('anvil_setCode', [w.ctx.chain.addresses.multicall, lossy])
      await settleNow(w)
      if (tries < 3) expect(await ballot()).toMatchObject({ state: 'accepted', tries })
    }
    expect(await ballot()).toMatchObject({ state: 'refused', reason_code: 'unknown', tries: 3 })
    expect(await cardText(w, ids[0]!)).toContain('The contract would not count this ballot, and does not say why.')
    expect(await tallyOf(w, proposal)).toEqual(none)
  })

  test('is never above eight million gas, and holds every ballot once', () => {
    const ballots: CastBallot[] = Array.from({ length: 1_000 }, (_, index) => ({
      id: keccak256(`0x${index.toString(16).padStart(8, '0')}`),
      proposalId: BigInt(index % 3),
      voter: w.voters[0]!.address,
      support: 1,
      reason: index % 5 === 0 ? 'x'.repeat(1_000) : '',
      form: index % 2 === 0 ? 'seat' : 'sig',
      signer: index % 7 === 0 ? 'contract' : 'key',
      seat: index % 2 === 0 ? index + 1 : null,
      nonce: 1n,
      signature: `0x${'11'.repeat(64)}1b`,
    }))
    for (const kind of ['autodao', 'oz5'] as const) {
      const calls = governorOf({ kind }).encodeBatch({
        dao: { address: w.autoDao.dao },
        multicall: w.ctx.chain.addresses.multicall,
        ballots,
      })
      expect(calls.every((call) => call.gas <= maxCallGas)).toBe(true)
      expect(calls.flatMap((call) => call.ids).sort()).toEqual(ballots.map(({ id }) => id).sort())
    }
  })
})

test('a wallet that voted by itself before its ballot was sent costs no gas', async () => {
  const proposal = await openProposal(w, 'auto')
  const id = await cast(w, 1, { ref: proposal.ref, support: 1 })
  await voteDirectly(proposal, 1, 0)
  const before = await noncesOf()
  await relayAndSettle(w)
  expect(await noncesOf()).toEqual(before)
  expect(await ballotRow(w, id)).toMatchObject({ state: 'voted_elsewhere' })
  expect(await cardText(w, id)).toContain('This wallet voted by itself, and that vote counts instead of this ballot.')
})

describe('a transaction', () => {
  test('whose answer is lost is sent once all the same', async () => {
    const proposal = await openProposal(w, 'auto')
    const id = await cast(w, 1, { ref: proposal.ref, support: 1 })
    const deaf = withRpc(w, async (method, forward) => {
      const answer = await forward()
      if (method === 'eth_sendRawTransaction') throw new Error('socket hang up')
      return answer
    })
    const before = await noncesOf()
    await relayWaiting(deaf, ballotKind, { daoId: w.daoIds.auto })
    await settleAll(deaf)
    expect(await ballotRow(w, id)).toMatchObject({ state: 'counted' })
    expect(await noncesOf()).toHaveLength(before.length + 1)
    expect(await tallyOf(w, proposal)).toEqual({ ...none, for: parseEther('200') })
  })

  test('that the node dropped is sent again with the same bytes', async () => {
    const proposal = await openProposal(w, 'auto')
    const id = await cast(w, 1, { ref: proposal.ref, support: 1 })
    await pause()
    await relay()
    const [attempt] = await attemptsOf((await ballotRow(w, id)).intent_id)
    await w.chain.rpc('anvil_dropTransaction', [attempt!.hash])
    await mine()
    await settleNow(w)
    await mine()
    await settleNow(w)
    expect(await ballotRow(w, id)).toMatchObject({ state: 'counted', tx_hash: attempt!.hash })
    expect(await attemptsOf((await ballotRow(w, id)).intent_id)).toHaveLength(1)
    expect(await tallyOf(w, proposal)).toEqual({ ...none, for: parseEther('200') })
  })

  test('is replaced at its own nonce, for at least an eighth more, when the base fee grows to ten times what was offered', async () => {
    const proposal = await openProposal(w, 'auto')
    const id = await cast(w, 1, { ref: proposal.ref, support: 1 })
    await pause()
    await relay()
    const { intent_id } = await ballotRow(w, id)
    const { nonce } = await intentOf(intent_id)
    const baseFee = BigInt((await attemptsOf(intent_id))[0]!.max_fee)
    await w.chain.rpc('anvil_setNextBlockBaseFeePerGas', [`0x${(baseFee * 10n).toString(16)}`])
    await mine()
    await settleNow(w)
    const [first, second, ...more] = await attemptsOf(intent_id)
    expect(more).toEqual([])
    expect(BigInt(second!.max_fee) * 8n).toBeGreaterThanOrEqual(BigInt(first!.max_fee) * 9n)
    expect(BigInt(second!.tip) * 8n).toBeGreaterThanOrEqual(BigInt(first!.tip) * 9n)
    expect(BigInt(second!.max_fee)).toBeGreaterThan(baseFee * 10n)
    expect(parseTransaction(second!.raw as Hex).nonce).toBe(nonce)
    await mine()
    await settleNow(w)
    expect(await ballotRow(w, id)).toMatchObject({ state: 'counted', tx_hash: second!.hash })
    await w.chain.rpc('anvil_setNextBlockBaseFeePerGas', ['0x3b9aca00'])
    await mine()
  })

  test('whose nonce was used by somebody else with the key is given up only when that is final, and the ballot goes again', async () => {
    const proposal = await openProposal(w, 'auto')
    const id = await cast(w, 1, { ref: proposal.ref, support: 1 })
    await pause()
    await relay()
    const { intent_id } = await ballotRow(w, id)
    const { nonce } = await intentOf(intent_id)
    await w.chain.rpc('anvil_dropAllTransactions')
    const foreign = w.chain.wallet(w.chain.accounts[9]!)
    await foreign.sendTransaction({ to: w.voters[0]!.address, value: 1n, nonce })
    await w.chain.rpc('evm_setAutomine', [true])
    await mine()
    await settleNow(w)
    expect(await ballotRow(w, id)).toMatchObject({ state: 'batched' })
    await finalise(w)
    expect(await intentOf(intent_id)).toMatchObject({ state: 'elsewhere' })
    expect(await ballotRow(w, id)).toMatchObject({ state: 'accepted', tries: 0 })
    await relayAndSettle(w)
    expect(await ballotRow(w, id)).toMatchObject({ state: 'counted' })
    expect(await tallyOf(w, proposal)).toEqual({ ...none, for: parseEther('200') })
  })

  test('goes out at once where the key was used elsewhere: its nonce is the chain’s next one', async () => {
    const proposal = await openProposal(w, 'auto')
    const id = await cast(w, 1, { ref: proposal.ref, support: 1 })
    const key = w.chain.wallet(w.chain.accounts[9]!)
    const hash = await key.sendTransaction({ to: w.voters[0]!.address, value: 1n })
    await w.ctx.chain.client.waitForTransactionReceipt({ hash })
    await relayAndSettle(w)
    expect(await ballotRow(w, id)).toMatchObject({ state: 'counted', tries: 0 })
    expect(await tallyOf(w, proposal)).toEqual({ ...none, for: parseEther('200') })
  })

  test('waits without a promise broken while the relayer has no money', async () => {
    const proposal = await openProposal(w, 'auto')
    const id = await cast(w, 1, { ref: proposal.ref, support: 1 })
    const { relayer, client } = w.ctx.chain
    const balance = await client.getBalance({ address: relayer!.address })
    await w.chain.rpc('anvil_setBalance', [relayer!.address, '0x1'])
    await expect(relay()).rejects.toBeInstanceOf(RetryableError)
    expect(await ballotRow(w, id)).toMatchObject({ state: 'accepted', intent_id: null })

    await w.chain.travel(2_000)
    await w.ctx.db.updateTable('ballot').set({ platform: 'playground' }).where('id', '=', id).execute()
    await warnOfDelay({ ...w.ctx, now: () => Date.now() + 300_000 })
    expect(await cardText(w, id)).toContain('AutoCo cannot send it right now and keeps trying, but voting ends soon.')

    await w.chain.rpc('anvil_setBalance', [relayer!.address, `0x${balance.toString(16)}`])
    await relayAndSettle(w)
    expect(await ballotRow(w, id)).toMatchObject({ state: 'counted' })
    expect(await cardText(w, id)).not.toContain('ends soon')
  })
})

describe('two relayers on one lane', () => {
  test('send every ballot once, and share or skip no nonce', async () => {
    const proposals = [await openProposal(w, 'auto'), await openProposal(w, 'auto')]
    const ids: string[] = []
    for (const { ref } of proposals)
      for (const index of [0, 1, 2, 3, 4]) ids.push(await cast(w, index, { ref, support: 1 }))
    const single = { ...w.ctx, config: { ...w.ctx.config, RELAY_BATCH_SIZE: 1 } }
    const run = () => relayWaiting(single, ballotKind, { daoId: w.daoIds.auto })
    const before = await noncesOf()
    await Promise.all([run(), run(), run(), settleNow(w), settleNow(w)])
    await run()
    await settleNow(w)
    const rows = await Promise.all(ids.map((id) => ballotRow(w, id)))
    expect(rows.every(({ state, tries }) => state === 'counted' && tries === 0)).toBe(true)
    expect(new Set(rows.map((row) => row.intent_id)).size).toBe(ids.length)
    const nonces = await noncesOf()
    expect(new Set(nonces).size).toBe(nonces.length)
    const used = nonces.slice(-ids.length)
    expect(used.at(-1)! - used[0]!).toBe(ids.length - 1)
    expect(nonces).toHaveLength(before.length + ids.length)
    for (const proposal of proposals) expect(await tallyOf(w, proposal)).toEqual({ ...none, for: parseEther('1500') })
  })
})

describe('a reorg', () => {
  test('that takes a counted vote back is told, and the same bytes count again', async () => {
    const proposal = await openProposal(w, 'auto')
    const id = await cast(w, 1, { ref: proposal.ref, support: 1 })
    await relayAndSettle(w)
    const before = await ballotRow(w, id)
    expect(before.state).toBe('counted')
    await pause()
    await w.chain.rpc('anvil_reorg', [1, []])
    expect(await tallyOf(w, proposal)).toEqual(none)
    await settleNow(w)
    expect(await ballotRow(w, id)).toMatchObject({ state: 'batched', tx_hash: null })
    expect(await cardText(w, id)).toContain(`The chain took block ${before.block_number} back`)
    await mine()
    await settleNow(w)
    const after = await ballotRow(w, id)
    expect(after).toMatchObject({ state: 'counted', tx_hash: before.tx_hash, tries: 0 })
    expect(after.block_hash).not.toBe(before.block_hash)
    expect(await attemptsOf(after.intent_id)).toHaveLength(1)
    expect(await tallyOf(w, proposal)).toEqual({ ...none, for: parseEther('200') })
    await w.chain.rpc('evm_setAutomine', [true])
    await finalise(w)
    expect(await ballotRow(w, id)).toMatchObject({ state: 'final', block_hash: after.block_hash })
  })

  test('that moves it to another block is followed there', async () => {
    const proposal = await openProposal(w, 'auto')
    const id = await cast(w, 1, { ref: proposal.ref, support: 1 })
    await relayAndSettle(w)
    const before = await ballotRow(w, id)
    const [attempt] = await attemptsOf(before.intent_id)
    await mine()
    await w.chain.rpc('anvil_reorg', [2, [[attempt!.raw, 1]]])
    await settleNow(w)
    const after = await ballotRow(w, id)
    expect(after).toMatchObject({ state: 'counted', tx_hash: before.tx_hash })
    expect(Number(after.block_number)).toBe(Number(before.block_number) + 1)
    expect(await cardText(w, id)).toContain(`counted in block ${after.block_number}.`)
    await finalise(w)
    expect(await ballotRow(w, id)).toMatchObject({ state: 'final', block_hash: after.block_hash })
  })

  test('that puts the wallet’s own vote in place of the ballot changes what the voter is told', async () => {
    const proposal = await openProposal(w, 'auto')
    const id = await cast(w, 1, { ref: proposal.ref, support: 1 })
    await relayAndSettle(w)
    expect(await ballotRow(w, id)).toMatchObject({ state: 'counted' })
    const wallet = w.voters[1]!
    const request = await w.chain
      .wallet(wallet)
      .prepareTransactionRequest({ ...directVote(proposal, 0), gas: 500_000n })
    const raw = await wallet.signTransaction(request as never)
    await w.chain.rpc('anvil_reorg', [1, [[raw, 0]]])
    await settleNow(w)
    await mine()
    await settleNow(w)
    expect(await ballotRow(w, id)).toMatchObject({ state: 'voted_elsewhere' })
    expect(await cardText(w, id)).toContain('This wallet voted by itself')
    expect(await tallyOf(w, proposal)).toEqual({ ...none, against: parseEther('200') })
  })
})

describe('near the end', () => {
  test('more is offered at once', async () => {
    const proposal = await openProposal(w, 'auto')
    const left = BigInt(proposal.deadline) - (await governorClock(w.ctx, proposal.dao))
    await w.chain.travel(Number(left) - 300)
    const id = await cast(w, 1, { ref: proposal.ref, support: 1 })
    const market = await quoteFees(w.ctx)
    await relay()
    const [attempt] = await attemptsOf((await ballotRow(w, id)).intent_id)
    expect(BigInt(attempt!.tip)).toBeGreaterThanOrEqual(market.tip * 2n)
    await settleNow(w)
    expect(await ballotRow(w, id)).toMatchObject({ state: 'counted' })
  })

  test('a ballot that could not be sent in time is refused, and it is called our fault', async () => {
    const proposal = await openProposal(w, 'auto')
    const id = await cast(w, 1, { ref: proposal.ref, support: 1 })
    await w.chain.travel(3_700)
    const before = await noncesOf()
    await heal({ ...w.ctx, now: () => Date.now() + 60_000 })
    expect(await noncesOf()).toEqual(before)
    expect(await ballotRow(w, id)).toMatchObject({ state: 'refused', reason_code: 'late' })
    expect(await cardText(w, id)).toContain(
      'Voting closed before this ballot could be counted. We are sorry: that is our fault.',
    )
  })

  test('a ballot that is mined too late is refused alike', async () => {
    const proposal = await openProposal(w, 'oz')
    const id = await cast(w, 1, { ref: proposal.ref, support: 1 })
    await pause()
    await relay('oz')
    await w.chain.travel(3_700)
    await settleNow(w)
    expect(await ballotRow(w, id)).toMatchObject({ state: 'refused', reason_code: 'late' })
    expect(await tallyOf(w, proposal)).toEqual(none)
  })

  test('a ballot waits for a node that has not heard of the proposal yet', async () => {
    const before = numberToHex(await w.chain.client.getBlockNumber())
    const proposal = await openProposal(w, 'auto')
    const id = await cast(w, 1, { ref: proposal.ref, support: 1 })
    const check = toFunctionSelector(getAbiItem({ abi: autoDao.abi, name: 'check' }))
    const behind = withRpc(w, (method, forward, params) => {
      const [call] = (params ?? []) as { data?: string }[]
      if (method !== 'eth_call' || !call?.data?.startsWith(check)) return forward()
      return w.ctx.chain.client.request({ method, params: [call, before] } as never)
    })
    await relayWaiting(behind, ballotKind, { daoId: w.daoIds.auto })
    expect(await ballotRow(w, id)).toMatchObject({ state: 'accepted', reason_code: null })
    await relay()
    await settleNow(w)
    expect(await ballotRow(w, id)).toMatchObject({ state: 'counted' })
  })

  test('and nobody can sign any more once it is over', async () => {
    const proposal = await openProposal(w, 'auto')
    await w.chain.travel(3_700)
    await expect(cast(w, 1, { ref: proposal.ref, support: 1 })).rejects.toMatchObject({
      code: 'closed',
      message: `Voting on ${proposal.ref} is over.`,
      hint: `/proposal ${proposal.ref}`,
    })
  })
})
