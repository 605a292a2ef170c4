import { encodeFunctionData, getAddress, parseAbi, parseEther, type LocalAccount } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acceptBallot } from '../../../core/ballots/accept.ts'
import {
  acceptDelegation,
  delegationState,
  delegationTypedData,
  openDelegation,
} from '../../../core/ballots/delegate.ts'
import type { DaoRow } from '../../../core/db/tables/governance.ts'
import { findDao } from '../../../core/governance/dao.ts'
import { castOf, governorOf } from '../../../core/governance/governor.ts'
import { pollOnce } from '../../../core/listen/listener.ts'
import { probeGovernor } from '../../../core/governance/probe.ts'
import { proposalById, type Proposal } from '../../../core/governance/proposal.ts'
import { findPerson } from '../../../core/identity/person.ts'
import { delegateJob } from '../../../core/delegates/jobs/delegate.ts'
import { connect, readGovernor } from '../../../scripts/audit/chain.ts'
import {
  ballotRow,
  ballotWorld,
  cardText,
  cast,
  finalise,
  openPage,
  settleNow,
  sign,
  wordsOf,
  type BallotWorld,
} from '../../support/ballots.ts'
import {
  endForeign,
  foreignDao,
  foreignKinds,
  openForeign,
  pace,
  relayForeign,
  sendAs,
  stepsOf,
  tokenAbi,
  watchForeign,
  type ForeignDao,
} from '../../support/foreign.ts'
import { testWallet } from '../../support/generated.ts'
import { account, caller, channel, deploy, linkWallet } from '../../support/linking.ts'

let w: BallotWorld
beforeAll(async () => {
  w = await ballotWorld()
})
afterAll(() => w.stop())

const voteAbi = parseAbi(['function castVote(uint256 proposalId, uint8 support)'])
const fresh = (proposal: Proposal) => proposalById(w.ctx, proposal.id)
const ask = async (who: string, line: string) => (await w.app.run({ caller: caller(who), channel, line })).view

const found = {
  oz4: { kind: 'oz4', name: 'Older DAO', domain: { name: 'Older DAO', version: '1' }, quorum: 'for,abstain' },
  oz4Old: { kind: 'oz4', name: 'Older DAO', domain: { name: 'Older DAO', version: '1' }, quorum: 'for,abstain' },
  oz4Bravo: { kind: 'oz4', name: 'Older DAO', domain: { name: 'Older DAO', version: '1' }, quorum: 'for' },
  bravo: {
    kind: 'bravo',
    name: 'Test Governor Bravo',
    domain: { name: 'Test Governor Bravo', version: '' },
    quorum: 'for',
  },
}
const noContracts = 'It takes no signature of a contract wallet: such a wallet votes by a transaction of its own.'
const noReason = 'Its signed votes carry no reason: who wants to give one votes from the wallet itself.'

describe.each(foreignKinds)('a governor of the kind %s', (kind) => {
  let dao: ForeignDao
  let row: DaoRow
  const takesReason = kind !== 'bravo'
  const symbol = kind === 'bravo' ? 'COMPLIKE' : 'OLDER'

  beforeAll(async () => {
    dao = await foreignDao(w, kind)
    row = await watchForeign(w, dao)
  })

  test('is known by the probe, which says what works and what does not', async () => {
    const probe = await probeGovernor(w.ctx, dao.dao)
    expect(probe).toMatchObject({ ...found[kind], token: dao.token, timelock: dao.timelock, clock: 'blocknumber' })
    expect(probe.limits).toEqual(takesReason ? [noContracts] : [noReason, noContracts])
    expect(probe.works).toContain('What is decided waits in a timelock for 1 hour.')
    expect(probe.works).toContain('Holders can delegate by signature, without gas.')
    expect(probe.works.join().includes('with the reason on chain')).toBe(takesReason)
    const expires = 'What is not executed within 14 days after that expires.'
    expect(probe.works.includes(expires)).toBe(kind === 'bravo')
  })

  test('is voted through from signatures to the last step, and every step is heard of', async () => {
    const proposal = await openForeign(w, dao, row)
    expect(proposal).toMatchObject({ state: 'active', title: expect.stringContaining('Delegate what idles') })
    const steps = stepsOf(w, dao, proposal.text)
    expect(proposal.calls).toEqual([{ target: getAddress(dao.token), value: '0', data: steps.call }])
    const { ref } = proposal
    const ids = [
      await cast(w, 1, { ref, support: 1 }),
      // The older ballots name no voter: these two sign the very same text.
      await cast(w, 2, { ref, support: 1 }),
      await cast(w, 3, { ref, support: 0, ...(takesReason ? { reason: 'Too dear — «nein» 🙅' } : {}) }),
      await cast(w, 4, { ref, support: 2 }),
    ]
    expect(new Set(ids).size).toBe(4)

    await relayForeign(w, row)
    const rows = await Promise.all(ids.map((id) => ballotRow(w, id)))
    expect(rows.map(({ state }) => state)).toEqual(['counted', 'counted', 'counted', 'counted'])
    expect(new Set(rows.map(({ tx_hash }) => tx_hash)).size).toBe(1)
    expect(await cardText(w, ids[1]!)).toContain(`counted in block ${rows[1]!.block_number}`)
    await pollOnce(w.ctx)
    expect(await fresh(proposal)).toMatchObject({
      in_favour: parseEther('500').toString(),
      against: parseEther('400').toString(),
      abstain: parseEther('500').toString(),
      quorum: parseEther('60').toString(),
    })
    const votes = await w.ctx.db.selectFrom('vote').selectAll().where('proposal_id', '=', proposal.id).execute()
    expect(votes.find(({ support }) => support === 0)?.reason).toBe(takesReason ? 'Too dear — «nein» 🙅' : '')
    const quorum = found[kind].quorum === 'for' ? '500' : '1,000'
    expect(wordsOf(await ask('voter1', `proposal ${ref}`))).toContain(`Quorum reached: ${quorum}`)

    await endForeign(w)
    await pollOnce(w.ctx)
    expect(await fresh(proposal)).toMatchObject({ state: 'succeeded' })
    await finalise(w)
    expect((await ballotRow(w, ids[0]!)).state).toBe('final')
    const onchainId = BigInt(proposal.onchain_id)
    await sendAs(w, w.voters[0]!, dao.dao, steps.queue(onchainId))
    await pollOnce(w.ctx)
    const queued = await fresh(proposal)
    expect(queued).toMatchObject({ state: 'queued', stage: null })
    expect(Number(queued.eta)).toBeGreaterThan(0)
    await w.chain.travel(pace.timelockDelay + 1)
    await pollOnce(w.ctx)
    expect((await fresh(proposal)).stage).toBe('ready')
    await sendAs(w, w.voters[0]!, dao.dao, steps.execute(onchainId))
    await pollOnce(w.ctx)
    expect((await fresh(proposal)).state).toBe('executed')
    const contract = { abi: tokenAbi, address: dao.token, args: [dao.timelock] } as const
    const delegate = await w.chain.client.readContract({ ...contract, functionName: 'delegates' })
    expect(delegate).toBe(w.voters[0]!.address)
  })

  test('weighs a wallet at the snapshot, by /power too', async () => {
    const { ref } = await openForeign(w, dao, row)
    await sendAs(
      w,
      w.voters[4]!,
      dao.token,
      encodeFunctionData({ abi: tokenAbi, functionName: 'transfer', args: [w.voters[0]!.address, parseEther('7')] }),
    )
    expect(wordsOf(await ask('voter0', `power ${ref}`))).toContain(`100 ${symbol}`)
    expect(wordsOf(await ask('voter0', `power ${row.slug}`))).toContain(`107 ${symbol}`)
    expect(wordsOf(await ask('voter0', `vote ${ref} for`))).toContain(`100 ${symbol}`)
    await sendAs(
      w,
      w.voters[0]!,
      dao.token,
      encodeFunctionData({ abi: tokenAbi, functionName: 'transfer', args: [w.voters[4]!.address, parseEther('7')] }),
    )
  })

  test('has a vote that is found to be over only by the contract', async () => {
    const proposal = await openForeign(w, dao, row)
    const id = await cast(w, 1, { ref: proposal.ref, support: 1 })
    await endForeign(w)
    await relayForeign(w, row)
    expect(await ballotRow(w, id)).toMatchObject({ state: 'refused', reason_code: 'late' })
    await pollOnce(w.ctx)
    expect((await fresh(proposal)).state).toBe('defeated')
  })

  test('counts a wallet once: a second signature and a wallet that voted itself are refused', async () => {
    const proposal = await openForeign(w, dao, row)
    const { ref } = proposal
    const page = await openPage(w, w.people[1]!, { ref, support: 0 })
    const second = await sign(w, page, w.voters[1]!)
    await cast(w, 1, { ref, support: 1 })
    const accept = () => acceptBallot(w.ctx, { draft: page, address: w.voters[1]!.address, signature: second })
    await expect(accept()).rejects.toMatchObject({ code: 'waiting' })
    await relayForeign(w, row)
    await expect(accept()).rejects.toMatchObject({ code: 'voted' })
    const vote = encodeFunctionData({
      abi: voteAbi,
      functionName: 'castVote',
      args: [BigInt(proposal.onchain_id), 1],
    })
    await sendAs(w, w.voters[2]!, dao.dao, vote)
    expect(wordsOf(await ask('voter2', `vote ${ref} for`))).toContain('has voted already')
  })

  test('tells a ballot that was overtaken by the wallet from one that somebody else sent', async () => {
    const proposal = await openForeign(w, dao, row)
    const { ref } = proposal
    const [overtaken, sent] = [await cast(w, 1, { ref, support: 1 }), await cast(w, 2, { ref, support: 1 })]
    const vote = encodeFunctionData({
      abi: voteAbi,
      functionName: 'castVote',
      args: [BigInt(proposal.onchain_id), 0],
    })
    await sendAs(w, w.voters[1]!, dao.dao, vote)
    const alone = governorOf(row).encodeAlone({ dao: row, ballot: castOf(await ballotRow(w, sent), proposal) })
    const receipt = await sendAs(w, w.voters[4]!, alone.to, alone.data)
    await relayForeign(w, row)
    await pollOnce(w.ctx)
    await settleNow(w)
    expect(await ballotRow(w, overtaken)).toMatchObject({ state: 'voted_elsewhere' })
    expect(await ballotRow(w, sent)).toMatchObject({ state: 'counted', tx_hash: receipt.transactionHash })
  })

  test('never counts a signature for another wallet than its own', async () => {
    const proposal = await openForeign(w, dao, row)
    const id = await cast(w, 1, { ref: proposal.ref, support: 1 })
    const ballot = castOf(await ballotRow(w, id), proposal)
    const simulate = (change: Partial<typeof ballot>) =>
      governorOf(row).simulate(w.ctx, { dao: row, ballots: [{ ...ballot, ...change }] })
    expect(await simulate({})).toEqual([{ id, refusal: undefined }])
    expect(await simulate({ voter: w.voters[2]!.address })).toEqual([{ id, refusal: 'signature' }])
    expect(await simulate({ support: 0 })).toEqual([{ id, refusal: 'signature' }])
    expect(await simulate({ proposalId: 12_345n })).toEqual([{ id, refusal: 'closed' }])
    // A stranger without weight would be counted with nothing.
    const stranger = account(w.chain, 8)
    const { EIP712Domain: _domain, ...types } = governorOf(row).typedData({ dao: row, proposal, ballot }).types
    const typedData = { ...governorOf(row).typedData({ dao: row, proposal, ballot }), types }
    const signature = await stranger.signTypedData(typedData as never)
    expect(await simulate({ voter: stranger.address, signature })).toEqual([{ id, refusal: 'no-weight' }])
  })

  test('is told to vote itself where a contract wallet would sign', async () => {
    const [own, owner] = [await foreignDao(w, kind), account(w.chain, 6)]
    const address = await deploy(w.chain, { account: owner, ...testWallet, args: [owner.address] })
    const transfer = encodeFunctionData({ abi: tokenAbi, functionName: 'transfer', args: [address, 7n] })
    await sendAs(w, w.voters[4]!, own.token, transfer)
    const data = encodeFunctionData({ abi: tokenAbi, functionName: 'delegate', args: [address] })
    const args = [own.token, data] as const
    await sendAs(w, owner, address, encodeFunctionData({ abi: testWallet.abi, functionName: 'execute', args }))
    const who = caller(`smart-${kind}`)
    await linkWallet(w.ctx, who, { ...owner, address } as LocalAccount)
    const { ref } = await openForeign(w, own, await watchForeign(w, own))
    const draft = await openPage(w, who, { ref, support: 1 })
    const signature = await sign(w, draft, owner, address)
    await expect(acceptBallot(w.ctx, { draft, address, signature })).rejects.toMatchObject({
      message: 'This governor takes signatures of plain wallets only, and this wallet is a contract.',
      hint: 'Vote by a transaction of the wallet itself.',
    })
  })

  test('has idle weight delegated by one signature, in the domain that its token has', async () => {
    const [own, wallet, who] = [await foreignDao(w, kind), privateKeyToAccount(generatePrivateKey()), `idle-${kind}`]
    const { slug } = await watchForeign(w, own)
    await linkWallet(w.ctx, caller(who), wallet)
    const args = [wallet.address, parseEther('5')] as const
    await sendAs(w, w.voters[4]!, own.token, encodeFunctionData({ abi: tokenAbi, functionName: 'transfer', args }))
    expect(wordsOf(await ask(who, `power ${slug}`))).toContain('but has not delegated it')
    const person = await findPerson(w.ctx, caller(who))
    const { url } = await openDelegation(w.ctx, { person: person!, dao: await findDao(w.ctx, slug) })
    const id = url.split('/').at(-1) ?? ''
    const typedData = await delegationTypedData(w.ctx, { id, address: wallet.address })
    const fields = ['name', 'version', 'chainId', 'verifyingContract'].filter(
      (field) => kind !== 'bravo' || field !== 'version',
    )
    expect(typedData.types.EIP712Domain.map(({ name }) => name)).toEqual(fields)
    const signature = await wallet.signTypedData(typedData as never)
    const accepted = await acceptDelegation(w.ctx, { id, address: wallet.address, signature })
    await delegateJob.run(w.ctx, {})
    await settleNow(w)
    expect(await delegationState(w.ctx, accepted)).toMatchObject({ state: 'done' })
    const contract = { abi: tokenAbi, address: own.token, args: [wallet.address] } as const
    expect(await w.chain.client.readContract({ ...contract, functionName: 'delegates' })).toBe(wallet.address)
    await w.chain.travel(1)
    expect(wordsOf(await ask(who, `power ${slug}`))).not.toContain('has not delegated it')
  })

  test('is named by the audit as one that it cannot count', async () => {
    expect(await readGovernor(connect(w.chain.url), dao.dao)).toContain('of the older form')
  })
})

describe('Compound’s Bravo', () => {
  test('refuses a reason in words instead of dropping it', async () => {
    const dao = await foreignDao(w, 'bravo')
    const row = await watchForeign(w, dao)
    const { ref } = await openForeign(w, dao, row)
    const view = await ask('voter1', `vote ${ref} for Because we need it`)
    expect(wordsOf(view)).toContain('Signed votes of Test Governor Bravo carry no reason.')
    expect(JSON.stringify(view)).toContain(`/vote ${ref}`)
    const drafts = await w.ctx.db
      .selectFrom('draft')
      .select('reason')
      .where('reason', '=', 'Because we need it')
      .execute()
    expect(drafts).toEqual([])
  })

  test('lets what nobody executes expire', async () => {
    const dao = await foreignDao(w, 'bravo')
    const row = await watchForeign(w, dao)
    const proposal = await openForeign(w, dao, row)
    await cast(w, 2, { ref: proposal.ref, support: 1 })
    await relayForeign(w, row)
    await endForeign(w)
    await sendAs(w, w.voters[0]!, dao.dao, stepsOf(w, dao, proposal.text).queue(BigInt(proposal.onchain_id)))
    await pollOnce(w.ctx)
    expect((await fresh(proposal)).state).toBe('queued')
    await w.chain.travel(pace.timelockDelay + 14 * 86_400 + 1)
    await pollOnce(w.ctx)
    expect((await fresh(proposal)).state).toBe('expired')
  })
})

test('a token that takes no signed delegation is said to be one', async () => {
  const dao = await foreignDao(w, 'oz4')
  const row = await watchForeign(w, dao)
  await w.ctx.db.updateTable('dao').set({ token: w.deployed.multicall }).where('id', '=', row.id).execute()
  const person = await findPerson(w.ctx, w.people[1]!)
  const { url } = await openDelegation(w.ctx, { person: person!, dao: await findDao(w.ctx, row.slug) })
  const id = url.split('/').at(-1) ?? ''
  await expect(delegationTypedData(w.ctx, { id, address: w.voters[1]!.address })).rejects.toMatchObject({
    message: 'This token takes no signed delegation that AutoCo knows.',
    hint: `Delegate from your wallet directly. The token is ${w.deployed.multicall}.`,
  })
})
