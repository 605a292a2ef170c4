import { execFile } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {
  encodeFunctionData,
  parseEventLogs,
  stringToHex,
  zeroHash,
  type Address,
  type Hex,
  type LocalAccount,
} from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { autoDao as autoDaoContract, autoDaoToken } from '../../contracts/generated.ts'
import { ballotDigest, governorOf } from '../../core/governance/governor.ts'
import type { CastBallot } from '../../core/governance/governor/types.ts'
import { pollOnce } from '../../core/listen/listener.ts'
import { proposalById } from '../../core/governance/proposal.ts'
import type { DaoRow } from '../../core/db/tables/governance.ts'
import type { Support } from '../../core/voting/support.ts'
import { watchDao } from '../../core/listen/watch.ts'
import { audit, type Audit } from '../../scripts/audit/audit.ts'
import { connect, readGovernor, type Governor } from '../../scripts/audit/chain.ts'
import { readEvidence, type Evidence } from '../../scripts/audit/evidence.ts'
import { sendCall, type DaoAddresses } from '../../bots/world/deploy.ts'
import { times, world, type World } from '../support/world.ts'

const { abi } = autoDaoContract
const against = 0
const inFavour = 1
const abstain = 2

type Dao = DaoRow
type Proposal = { id: string; onchain_id: string; description: string; ref: string }

let all: World
let folder: string
let mixed: { dao: Dao; proposal: Proposal }
let plain: { dao: Dao; proposal: Proposal }

beforeAll(async () => {
  all = await world({ changeOfMind: true })
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'autoco-audit-'))
  mixed = await mixedProposal()
  plain = await plainProposal()
}, 60_000)

afterAll(async () => {
  fs.rmSync(folder, { recursive: true, force: true })
  await all.stop()
})

describe('a proposal of an Auto DAO, voted on in every way', () => {
  test('comes out equal, with every ballot accounted for', async () => {
    const result = await judge(mixed)
    expect(result.findings).toEqual([])
    expect(result).toMatchObject({ equal: true, votes: 6, ballots: 5, signed: 1, direct: 2, unseen: 0 })
    // 100 changed to against, 200 took its ballot back and abstained, 300 for, 400 and 500 of which 50 moved on.
    expect(result.tally).toEqual({ against: tokens(500), inFavour: tokens(750), abstain: tokens(250) })
    expect(result.contract).toEqual(result.tally)
  })

  test('says which record of the logs has another weight', async () => {
    const copy = await evidenceOf(mixed)
    const log = logOf(copy, 'BallotsCounted', 0)
    // Behind two words of offsets and one of length: seat, mark, weight; the last digit of the first weight.
    log.data = changed(log.data, 2 + 3 * 64 + 33)
    const result = await judge(mixed, copy)
    expect(words(result)).toContain(`transaction ${log.transactionHash}, log ${Number(log.logIndex)}`)
    expect(words(result)).toMatch(
      /seat 1 \(0x\w+\) weighs 100000000000000000000 at the snapshot, the record says 1000000000000000000\d\d/,
    )
  })

  test('says which record of the logs has another seat', async () => {
    const copy = await evidenceOf(mixed)
    const log = logOf(copy, 'BallotsCounted', 0)
    log.data = changed(log.data, 2 + 3 * 64 + 7)
    const result = await judge(mixed, copy)
    expect(words(result)).toContain(`log ${Number(log.logIndex)}`)
    expect(words(result)).toMatch(/carries a ballot of seat 1, and no log counts or skips it/)
  })

  test('says whose signature is another one', async () => {
    const copy = await evidenceOf(mixed)
    const hash = logOf(copy, 'BallotsCounted', 0).transactionHash
    const tx = copy.transactions[hash]!
    // Selector, three words, then seat and mark of the first ballot: the next byte is the first of r.
    tx.input = changed(tx.input, 2 + 8 + 3 * 64 + 10 + 20)
    const result = await judge(mixed, copy)
    expect(words(result)).toContain(`transaction ${hash}`)
    expect(words(result)).toContain(`the ballot of seat 1 is not signed by ${all.voters[0]!.address}`)
  })

  test('says which transaction counts ballots without a log, when the log of a batch is missing', async () => {
    const copy = await evidenceOf(mixed)
    const gone = logOf(copy, 'BallotsCounted', 0)
    copy.logs = copy.logs.filter((log) => log !== gone)
    const result = await judge(mixed, copy)
    expect(words(result)).toContain(`transaction ${gone.transactionHash}: it carries a ballot of seat 1`)
  })

  test('says which transaction has no logs, and in which block contract and logs part', async () => {
    const copy = await evidenceOf(mixed)
    const voter = all.voters[3]!.address.slice(2).toLowerCase()
    const gone = copy.logs.find((log) => isVote(log) && log.topics[1]?.endsWith(voter))!
    copy.logs = copy.logs.filter((log) => log !== gone)
    expect(words(await judge(mixed, copy))).toContain(`transaction ${gone.transactionHash}: its logs are missing`)

    delete copy.transactions[gone.transactionHash]
    const { findings } = await judge(mixed, copy)
    expect(findings).toEqual([
      {
        where: `block ${Number(gone.blockNumber)}, contract ${mixed.dao.address}`,
        what: expect.stringMatching(/^from this block on proposalVotes says/),
      },
    ])
  })

  test('says that a VoteCast log is missing, or says another thing than the record', async () => {
    const without = await evidenceOf(mixed)
    const gone = logOf(without, 'VoteCast', 0)
    without.logs = without.logs.filter((log) => log !== gone)
    expect(words(await judge(mixed, without))).toMatch(/the VoteCast log of seat 1 \(0x\w+\) is missing/)

    const other = await evidenceOf(mixed)
    const log = logOf(other, 'VoteCast', 0)
    log.data = changed(log.data, 2 + 2 * 64 - 1)
    expect(words(await judge(mixed, other))).toMatch(
      /the record of seat 1 \(0x\w+\) says support 1, its VoteCast log 2/,
    )
  })

  test('says when a seat was taken too late, a text is not the one voted on, a ballot is counted twice', async () => {
    const late = await evidenceOf(mixed)
    for (const hash of Object.keys(late.times)) late.times[hash] = '99999999999'
    expect(words(await judge(mixed, late))).toContain('was taken after the snapshot')

    const text = await evidenceOf(mixed)
    const created = logOf(text, 'ProposalCreated', 0)
    created.data = created.data.replace(
      stringToHex('Fund the archive').slice(2),
      stringToHex('Fund the Archive').slice(2),
    ) as Hex
    expect(words(await judge(mixed, text))).toContain('not those that the proposal’s id was made of')

    const twice = await evidenceOf(mixed)
    const batch = logOf(twice, 'BallotsCounted', 0).transactionHash
    const again = twice.logs
      .filter((log) => log.transactionHash === batch)
      .map((log, index) => ({ ...log, logIndex: `0x${(Number(log.logIndex) + 500 + index).toString(16)}` as Hex }))
    twice.logs.push(...again)
    expect(words(await judge(mixed, twice))).toMatch(
      /is counted a second time[^]*counted again with sequence 1 after sequence 1/,
    )
  })
})

describe('a proposal of a plain OpenZeppelin Governor', () => {
  test('comes out equal, signed votes checked against every nonce that was used', async () => {
    const result = await judge(plain)
    expect(result.findings).toEqual([])
    expect(result).toMatchObject({ equal: true, votes: 4, ballots: 0, signed: 3, direct: 1, unseen: 0 })
    expect(result.tally).toEqual({ against: tokens(200), inFavour: tokens(400), abstain: tokens(400) })
  })

  test('says which vote is not signed by its voter, and which has another weight', async () => {
    const copy = await evidenceOf(plain)
    const log = logOf(copy, 'VoteCast', 0)
    const tx = copy.transactions[log.transactionHash]!
    const voter = `0x${log.topics[1]!.slice(26)}`
    tx.input = tx.input.replaceAll(voter.slice(2), all.voters[4]!.address.slice(2).toLowerCase()) as Hex
    expect(words(await judge(plain, copy))).toContain('the transaction carries no vote of')

    const heavier = await evidenceOf(plain)
    const weighed = logOf(heavier, 'VoteCast', 0)
    weighed.data = changed(weighed.data, 2 + 3 * 64 - 1)
    expect(words(await judge(plain, heavier))).toMatch(/weighs 100000000000000000000 at the snapshot, the log says \d+/)
  })
})

describe('the database', () => {
  test('is compared row by row, and an altered row is named', async () => {
    const database = { url: all.databaseUrl, ref: mixed.proposal.ref }
    expect(await judge(mixed, undefined, database)).toMatchObject({ equal: true })

    const voter = all.voters[2]!.address
    const rows = all.ctx.db.updateTable('vote').where('voter', '=', voter)
    await rows.set({ weight: '1' }).execute()
    const result = await judge(mixed, undefined, database)
    expect(result.equal).toBe(false)
    expect(words(result)).toContain(`database, vote of ${voter}`)
    expect(words(result)).toContain(`weight is 1, the chain says ${tokens(300)}`)

    await rows.set({ weight: tokens(300).toString(), support: against }).execute()
    expect(words(await judge(mixed, undefined, database))).toContain('support is 0, the chain says 1')

    await rows.set({ support: inFavour, orphaned_at: new Date() }).execute()
    expect(words(await judge(mixed, undefined, database))).toContain(`the vote of ${voter} is missing`)
    await rows.set({ orphaned_at: null }).execute()

    const row = all.ctx.db.updateTable('proposal').where('id', '=', mixed.proposal.id)
    const kept = await proposalById(all.ctx, mixed.proposal.id)
    await row.set({ abstain: '7' }).execute()
    expect(words(await judge(mixed, undefined, database))).toContain(`database, tally of ${mixed.proposal.ref}`)
    await row.set({ abstain: kept.abstain }).execute()
    expect(await judge(mixed, undefined, database)).toMatchObject({ equal: true })
  })
})

describe('as a command', () => {
  test('compares a proposal by its ref and ends with one JSON object', async () => {
    const { code, out } = await run([mixed.proposal.ref, ...outside(), '--json'])
    expect(out).toContain('EQUAL')
    expect(code).toBe(0)
    expect(JSON.parse(out.trim().split('\n').at(-1)!)).toMatchObject({ equal: true, votes: 6, findings: [] })
  })

  test('reads where AutoCo runs from its folder', async () => {
    fs.writeFileSync(
      path.join(folder, 'run.json'),
      JSON.stringify({ pid: process.pid, url: '', databaseUrl: all.databaseUrl, rpcUrl: all.chain.url }),
    )
    const { code } = await run([plain.proposal.ref.toUpperCase(), '--home', folder])
    expect(code).toBe(0)
  })

  test('judges a saved copy of the logs, and says where it was altered', async () => {
    const file = path.join(folder, 'logs.json')
    const subject = `${mixed.dao.address}/${mixed.proposal.onchain_id}`
    expect((await run([subject, '--rpc', all.chain.url, '--save-logs', file])).code).toBe(0)
    const copy = JSON.parse(fs.readFileSync(file, 'utf8')) as Evidence
    const log = logOf(copy, 'VoteCast', 1)
    copy.logs = copy.logs.filter((other) => other !== log)
    fs.writeFileSync(file, JSON.stringify(copy))
    const { code, out } = await run([subject, '--rpc', all.chain.url, '--logs', file])
    expect(code).toBe(1)
    expect(out).toMatch(/NOT EQUAL at block \d+, transaction 0x\w+, log \d+: the VoteCast log of seat 2/)
  })

  test('counts a governor that no database knows', async () => {
    const subject = `${plain.dao.address}/${plain.proposal.onchain_id}`
    const { code, out } = await run([subject, '--rpc', all.chain.url])
    expect(out).toContain('No database was compared.')
    expect(code).toBe(0)
  })

  test.for([
    {
      sentence: 'I know no proposal “nothing-1”. Type a ref as /proposals shows it',
      args: () => ['nothing-1', ...outside()],
    },
    {
      sentence: 'The database does not answer',
      args: () => [
        'nothing-1',
        '--home',
        folder,
        '--rpc',
        'http://127.0.0.1:1',
        '--database',
        'postgres://127.0.0.1:1/x',
      ],
    },
    { sentence: 'The chain does not answer', args: () => [`${mixed.dao.address}/1`, '--rpc', 'http://127.0.0.1:1'] },
    { sentence: 'There is no contract at', args: () => [`${all.voters[0]!.address}/1`, '--rpc', all.chain.url] },
    { sentence: 'is no Governor that I can count', args: () => [`${all.autoDao.token}/1`, '--rpc', all.chain.url] },
    {
      sentence: 'AutoCo does not run in /nowhere, so name the chain: --rpc <url>',
      args: () => ['nothing-1', '--home', '/nowhere'],
    },
    {
      sentence: 'There is no file /nowhere',
      args: () => [`${mixed.dao.address}/1`, '--rpc', all.chain.url, '--logs', '/nowhere'],
    },
    {
      sentence: 'The copy of the logs does not fit at',
      args: () => [`${mixed.dao.address}/1`, '--rpc', all.chain.url, '--logs', notLogs('{"logs":[]}')],
    },
    { sentence: 'Usage: npm run audit', args: () => ['--nonsense'] },
    { sentence: 'Usage: npm run audit', args: () => [] },
  ])('answers in a sentence: $sentence', async ({ sentence, args }) => {
    const { code, out } = await run(args())
    expect(out).toContain(sentence)
    expect(code).toBe(2)
  })

  test('says that a proposal nobody created has no log', async () => {
    const { code, out } = await run([`${mixed.dao.address}/1`, '--rpc', all.chain.url])
    expect(out).toContain('the ProposalCreated log of 1 is missing')
    expect(code).toBe(1)
  })
})

/** Packed ballots, one of them forged, with a reason, changed twice; a single ballot; a late voter; direct votes. */
async function mixedProposal(): Promise<typeof mixed> {
  const dao = await watched(all.autoDao, 'test')
  const [one, two, three, four, five] = all.voters as [
    LocalAccount,
    LocalAccount,
    LocalAccount,
    LocalAccount,
    LocalAccount,
  ]
  const late = all.chain.accounts[6]!
  await moveTokens(five, late, tokens(50))
  const proposal = await proposed(all.autoDao, '# Fund the archive\n\nFor a year.')
  const sign = (voter: LocalAccount, support: Support, reason = '') =>
    ballotOf({ dao, proposal, voter, support, reason })
  const forged = { ...(await sign(three, inFavour)), signature: (await sign(two, inFavour)).signature }
  await relay(dao, [await sign(one, inFavour), await sign(two, inFavour, 'The archive is ours.'), forged])
  await relay(dao, [await sign(one, against), await sign(three, inFavour), await sign(late, abstain, 'Too soon')])
  const alone = await sign(five, inFavour)
  const mark = (Number(alone.nonce) << 4) | (alone.support + 1)
  await direct(four, encodeFunctionData({ abi, functionName: 'castVote', args: [alone.proposalId, against] }), dao)
  await direct(
    two,
    encodeFunctionData({ abi, functionName: 'castVoteWithReason', args: [alone.proposalId, abstain, 'No'] }),
    dao,
  )
  await direct(
    late,
    encodeFunctionData({
      abi,
      functionName: 'castBallot',
      args: [alone.proposalId, alone.seat!, mark, zeroHash, five.address, alone.signature],
    }),
    dao,
  )
  await pollOnce(all.ctx)
  return { dao, proposal }
}

async function plainProposal(): Promise<typeof plain> {
  const dao = await watched(all.ozDao, 'plain')
  const [one, two, three, four, five] = all.voters as [
    LocalAccount,
    LocalAccount,
    LocalAccount,
    LocalAccount,
    LocalAccount,
  ]
  const first = await proposed(all.ozDao, '# Before')
  await relay(dao, [await ballotOf({ dao, proposal: first, voter: one, support: inFavour, reason: '' })])
  const proposal = await proposed(all.ozDao, '# Paint the hall')
  const sign = (voter: LocalAccount, support: Support, reason = '') =>
    ballotOf({ dao, proposal, voter, support, reason })
  const forged = { ...(await sign(five, inFavour)), signature: (await sign(two, inFavour)).signature }
  await relay(dao, [await sign(one, inFavour), await sign(two, against, 'Never'), forged])
  await relay(dao, [await sign(three, inFavour, 'Green, please')])
  await direct(
    four,
    encodeFunctionData({ abi, functionName: 'castVote', args: [BigInt(proposal.onchain_id), abstain] }),
    dao,
  )
  await pollOnce(all.ctx)
  return { dao, proposal }
}

async function ballotOf(params: {
  dao: Dao
  proposal: Proposal
  voter: LocalAccount
  support: Support
  reason: string
}): Promise<CastBallot> {
  const { dao, proposal, voter, support, reason } = params
  const governor = governorOf(dao)
  const proposalId = BigInt(proposal.onchain_id)
  const { form, seat, nonce } = await governor.standing(all.ctx, { dao, proposalId, voter: voter.address })
  const ballot = { voter: voter.address, support, reason, form, seat, nonce }
  const typedData = governor.typedData({ dao, proposal, ballot })
  const { EIP712Domain: _domain, ...types } = typedData.types
  const signature = await voter.signTypedData({ ...typedData, types } as never)
  return { ...ballot, id: ballotDigest(typedData), proposalId, signer: 'key', signature }
}

async function relay(dao: Dao, ballots: CastBallot[]): Promise<void> {
  const { client, relayer, addresses } = all.ctx.chain
  const wallet = all.chain.wallet(relayer!)
  for (const { to, data, gas } of governorOf(dao).encodeBatch({ dao, multicall: addresses.multicall, ballots })) {
    const hash = await wallet.sendTransaction({ to, data, gas })
    await client.waitForTransactionReceipt({ hash })
  }
}

const direct = (from: LocalAccount, data: Hex, dao: Dao) =>
  sendCall({ client: all.chain.client, wallet: all.chain.wallet(from) }, { to: dao.address as Address, data })

async function moveTokens(from: LocalAccount, to: LocalAccount, amount: bigint): Promise<void> {
  const token = { to: all.autoDao.token }
  const send = (account: LocalAccount, data: Hex) =>
    sendCall({ client: all.chain.client, wallet: all.chain.wallet(account) }, { ...token, data })
  await send(from, encodeFunctionData({ abi: autoDaoToken.abi, functionName: 'transfer', args: [to.address, amount] }))
  await send(to, encodeFunctionData({ abi: autoDaoToken.abi, functionName: 'delegate', args: [to.address] }))
}

async function watched({ dao: address }: DaoAddresses, slug: string): Promise<Dao> {
  const { dao } = await watchDao(all.ctx, { address, slug })
  return dao as Dao
}

/** Made, found by the listener, and open for votes. */
async function proposed(addresses: DaoAddresses, description: string): Promise<Proposal> {
  const { onchainId } = await all.propose(addresses, description)
  await pollOnce(all.ctx)
  await all.chain.travel(times.votingDelay + 1)
  return all.ctx.db
    .selectFrom('proposal')
    .select(['id', 'onchain_id', 'description', 'ref'])
    .where('onchain_id', '=', onchainId.toString())
    .executeTakeFirstOrThrow()
}

async function governorAt(address: string): Promise<Governor> {
  const governor = await readGovernor(connect(all.chain.url), address as Address)
  if (typeof governor === 'string') throw new Error(governor)
  return governor
}

const evidenceOf = ({ dao, proposal }: typeof mixed): Promise<Evidence> =>
  readEvidence(connect(all.chain.url), {
    governor: dao.address as Address,
    proposalId: BigInt(proposal.onchain_id),
    fromBlock: 0n,
  })

async function judge(what: typeof mixed, copy?: Evidence, database?: { url: string; ref: string }): Promise<Audit> {
  const evidence = copy ?? (await evidenceOf(what))
  return audit(connect(all.chain.url), { governor: await governorAt(what.dao.address), evidence, database })
}

function logOf(copy: Evidence, eventName: 'BallotsCounted' | 'VoteCast' | 'ProposalCreated', index: number) {
  const found = copy.logs.filter((log) => parseEventLogs({ abi, eventName, logs: [log] as never }).length > 0)[index]
  if (!found) throw new Error(`no ${eventName} log ${index}`)
  return found
}

const isVote = (log: Evidence['logs'][number]): boolean =>
  parseEventLogs({ abi, eventName: 'VoteCast', logs: [log] as never }).length > 0

/** The same hex with another digit there. */
const changed = (hex: Hex, at: number): Hex =>
  `${hex.slice(0, at)}${((Number.parseInt(hex[at]!, 16) + 1) % 16).toString(16)}${hex.slice(at + 1)}` as Hex

const words = (result: Audit): string => result.findings.map(({ where, what }) => `${where}: ${what}`).join('\n')
const tokens = (whole: number): bigint => BigInt(whole) * 10n ** 18n
const outside = (): string[] => ['--rpc', all.chain.url, '--database', all.databaseUrl]

function notLogs(text: string): string {
  const file = path.join(folder, 'not-logs.json')
  fs.writeFileSync(file, text)
  return file
}

function run(args: string[]): Promise<{ code: number; out: string }> {
  const script = path.resolve(import.meta.dirname, '../../scripts/audit.ts')
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out: stdout + stderr })
    })
  })
}
