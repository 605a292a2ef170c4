import { sql } from 'kysely'
import { getAddress, keccak256, numberToHex, stringToHex, type Address, type Hex } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pollOnce } from '../../../core/listen/listener.ts'
import { probeGovernor } from '../../../core/governance/probe.ts'
import { unwatchDao, watchDao } from '../../../core/listen/watch.ts'
import type { Answer, Call } from '../../../core/index.ts'
import { abiWords, stubContract } from '../../support/stub-contract.ts'
import { world, type World } from '../../support/world.ts'

let all: World
beforeAll(async () => {
  all = await world()
})
afterAll(() => all.stop())

const channel = (id: string) => ({ platform: 'paper', id })
let stubs = 0

/** A governor that answers as OpenZeppelin's 5 does, but for what a test changes; `undefined` takes a view away. */
async function stubGovernor(changes: Record<string, Hex | undefined> = {}): Promise<Address> {
  stubs += 1
  const at = getAddress(numberToHex(0xabc000 + stubs, { size: 20 }))
  const views: Record<string, Hex | undefined> = {
    'BALLOT_TYPEHASH()': keccak256(stringToHex('Ballot(uint256 proposalId,uint8 support,address voter,uint256 nonce)')),
    'COUNTING_MODE()': abiWords('string', ['support=bravo&quorum=for,abstain']),
    'CLOCK_MODE()': abiWords('string', ['mode=timestamp']),
    'clock()': numberToHex((await all.chain.client.getBlock()).timestamp, { size: 32 }),
    'name()': abiWords('string', ['Stub DAO']),
    'eip712Domain()': domain(at, 31_337n),
    'token()': numberToHex(BigInt(all.ozDao.token), { size: 32 }),
    ...changes,
  }
  const given = Object.entries(views).filter((entry): entry is [string, Hex] => entry[1] !== undefined)
  await all.chain.rpc('anvil_setCode', [at, stubContract(Object.fromEntries(given))])
  return at
}

const domain = (at: Address, chainId: bigint, fields: Hex = '0x0f'): Hex =>
  abiWords('bytes1, string, string, uint256, address, bytes32, uint256[]', [
    fields,
    'Stub DAO',
    '1',
    chainId,
    at,
    numberToHex(0, { size: 32 }),
    [],
  ])

const typehash = (type: string): Hex => keccak256(stringToHex(type))
const older = typehash('Ballot(uint256 proposalId,uint8 support)')
/** What Compound's governor says where OpenZeppelin's says something else. */
const bravo = {
  'BALLOT_TYPEHASH()': older,
  'DOMAIN_TYPEHASH()': typehash('EIP712Domain(string name,uint256 chainId,address verifyingContract)'),
  'COUNTING_MODE()': undefined,
  'CLOCK_MODE()': undefined,
  'clock()': undefined,
  'eip712Domain()': undefined,
  'quorumVotes()': numberToHex(1, { size: 32 }),
  get 'comp()'(): Hex | undefined {
    return numberToHex(BigInt(all.ozDao.token), { size: 32 })
  },
}

describe('the probe', () => {
  test('knows our DAO and says how its votes are counted', async () => {
    const probe = await probeGovernor(all.ctx, all.autoDao.dao)
    expect(probe).toMatchObject({
      kind: 'autodao',
      name: 'Test DAO',
      token: all.autoDao.token,
      timelock: all.autoDao.timelock,
      clock: 'timestamp',
      domain: { name: 'Test DAO', version: '1' },
      limits: [],
    })
    expect(probe.works.join(' ')).toMatch(/batches by seat.*timelock for 1 hour.*delegate by signature/s)
  })

  test('knows a plain OpenZeppelin Governor', async () => {
    expect(await probeGovernor(all.ctx, all.ozDao.dao)).toMatchObject({
      kind: 'oz5',
      name: 'Plain DAO',
      domain: { name: 'Plain DAO', version: '1' },
      limits: [],
    })
  })

  test('says what will not work', async () => {
    const other = await stubGovernor({
      'token()': undefined,
      'COUNTING_MODE()': abiWords('string', ['support=bravo,fractional&params=fractional']),
    })
    const probe = await probeGovernor({ chain: { ...all.ctx.chain, relayer: undefined } }, other)
    expect(probe.limits).toEqual([
      'It has no timelock: what is decided can be executed at once.',
      'Weight comes from no token that AutoCo can ask, so /power cannot say why it is zero.',
      'AutoCo has no relayer on this chain: a signed vote has to be sent by the voter.',
      'This governor can split one vote; AutoCo sends whole votes only.',
    ])
  })

  test('knows a Governor from before OpenZeppelin 4.7 by what it does not have', async () => {
    const at = await stubGovernor({
      'BALLOT_TYPEHASH()': older,
      'eip712Domain()': undefined,
      'CLOCK_MODE()': undefined,
      'clock()': undefined,
      'version()': abiWords('string', ['1']),
      'token()': undefined,
    })
    const probe = await probeGovernor(all.ctx, at)
    expect(probe).toMatchObject({
      kind: 'oz4',
      clock: 'blocknumber',
      domain: { name: 'Stub DAO', version: '1' },
      quorum: 'for,abstain',
    })
    expect(probe.limits).toContain(
      'Its signed votes carry no reason: who wants to give one votes from the wallet itself.',
    )
  })

  test('sees a clock that is not the clock of the blocks', async () => {
    const probe = await probeGovernor(all.ctx, await stubGovernor({ 'clock()': numberToHex(5, { size: 32 }) }))
    expect(probe.limits.join()).toContain('Its clock is not the clock of this chain')
  })

  test.each([
    ['an account without code', () => all.voters[0]!.address, 'There is no contract at this address on this chain.'],
    [
      'a token',
      () => all.ozDao.token,
      'This contract is no governor. Give the address of the DAO’s governor, not of its token or treasury.',
    ],
    [
      'a timelock',
      () => all.ozDao.timelock,
      'This contract is no governor. Give the address of the DAO’s governor, not of its token or treasury.',
    ],
    [
      'a contract that answers nonsense to everything',
      () => nonsense(),
      'This contract is no governor. Give the address of the DAO’s governor, not of its token or treasury.',
    ],
    [
      'an older governor that says nothing of its domain',
      () => stubGovernor({ 'BALLOT_TYPEHASH()': older, 'eip712Domain()': undefined }),
      'This governor does not say under which name and version its ballots are signed, so none would count.',
    ],
    [
      'an older governor with a domain of another make',
      () => stubGovernor({ 'BALLOT_TYPEHASH()': older, 'eip712Domain()': domain(all.ozDao.dao, 31_337n, '0x1f') }),
      'This governor takes signed ballots in a form that AutoCo does not know.',
    ],
    [
      'a Bravo with a domain of another make',
      () => stubGovernor({ ...bravo, 'DOMAIN_TYPEHASH()': keccak256('0x') }),
      'This governor takes signed ballots in a form that AutoCo does not know.',
    ],
    [
      'a Bravo without a token',
      () => stubGovernor({ ...bravo, 'comp()': undefined }),
      'This governor names no token that says who had how many votes, so nobody could see their weight.',
    ],
    [
      'a Bravo whose token knows no votes of the past by blocks',
      () => stubGovernor(bravo),
      'This governor names no token that says who had how many votes, so nobody could see their weight.',
    ],
    [
      'a Governor Alpha',
      () => stubGovernor({ ...bravo, 'BALLOT_TYPEHASH()': typehash('Ballot(uint256 proposalId,bool support)') }),
      'This is a Governor Alpha: its votes know no abstention, and AutoCo does not send them.',
    ],
    [
      'ballots of its own making',
      () => stubGovernor({ 'BALLOT_TYPEHASH()': keccak256('0x') }),
      'This governor takes signed ballots in a form that AutoCo does not know.',
    ],
    [
      'the domain of another chain',
      async () => stubGovernor({ 'eip712Domain()': domain(all.ozDao.dao, 1n) }),
      'Ballots for this governor would be signed for another chain or contract, so none would count.',
    ],
    [
      'an unknown clock',
      () => stubGovernor({ 'CLOCK_MODE()': abiWords('string', ['mode=epoch']) }),
      'This governor counts time in a way that AutoCo does not know.',
    ],
    [
      'a clock that is not that of its token',
      async () =>
        stubGovernor({
          'CLOCK_MODE()': abiWords('string', ['mode=blocknumber&from=default']),
          'clock()': numberToHex(await all.chain.client.getBlockNumber(), { size: 32 }),
        }),
      'This governor and its token count time in different ways, so it cannot weigh votes.',
    ],
    [
      'another way of counting',
      () => stubGovernor({ 'COUNTING_MODE()': abiWords('string', ['support=for,against']) }),
      'This governor does not count votes as for, against and abstain.',
    ],
  ])('refuses %s', async (_what, address, words) => {
    await expect(probeGovernor(all.ctx, await address())).rejects.toMatchObject({ name: 'UserError', message: words })
  })

  async function nonsense(): Promise<Address> {
    const at = getAddress('0x00000000000000000000000000000000000bad01')
    // Returns one word of ones, whatever it is asked.
    await all.chain.rpc('anvil_setCode', [at, '0x6000196000526020' + '6000f3'])
    return at
  }
})

describe('watching', () => {
  test('knows the past without announcing it, and announces what comes', async () => {
    const { onchainId } = await all.propose(all.ozDao, '# Long ago')
    const { dao, isNew, isSubscribed } = await watchDao(all.ctx, {
      address: all.ozDao.dao.toLowerCase(),
      slug: 'plain',
      channel: channel('one'),
    })
    expect({ isNew, isSubscribed }).toEqual({ isNew: true, isSubscribed: true })
    expect(dao).toMatchObject({ slug: 'plain', address: all.ozDao.dao, kind: 'oz5', clock: 'timestamp' })
    expect(Number(dao.from_block)).toBe(await createdIn(all.ozDao.dao))
    await pollOnce(all.ctx)
    await all.propose(all.ozDao, '# News')
    await pollOnce(all.ctx)
    const rows = await all.ctx.db
      .selectFrom('proposal')
      .selectAll()
      .where('dao_id', '=', dao.id)
      .orderBy('number')
      .execute()
    expect(rows.map(({ ref, title, announced }) => ({ ref, title, announced }))).toEqual([
      { ref: 'plain-1', title: 'Long ago', announced: false },
      { ref: 'plain-2', title: 'News', announced: true },
    ])
    expect(rows[0]!.onchain_id).toBe(onchainId.toString())
    expect(await jobsFor(rows[0]!.id)).toEqual([])
    expect(await jobsFor(rows[1]!.id)).toEqual(['announce', 'summarize'])
  })

  test('announces an old proposal once its story goes on', async () => {
    await all.chain.travel(61)
    await pollOnce(all.ctx)
    const row = await all.ctx.db
      .selectFrom('proposal')
      .selectAll()
      .where('ref', '=', 'plain-1')
      .executeTakeFirstOrThrow()
    expect(row).toMatchObject({ state: 'active', announced: true })
    expect(await jobsFor(row.id)).toEqual(['announce', 'summarize'])
  })

  test('twice changes nothing, and another channel is added', async () => {
    const ask = (id: string) => watchDao(all.ctx, { address: all.ozDao.dao, slug: 'other', channel: channel(id) })
    expect(await ask('one')).toMatchObject({ isNew: false, isSubscribed: false, dao: { slug: 'plain' } })
    expect(await ask('two')).toMatchObject({ isNew: false, isSubscribed: true })
    expect(await subscribers()).toEqual(['one', 'two'])
  })

  test('ends in one channel', async () => {
    const { dao } = await watchDao(all.ctx, { address: all.ozDao.dao })
    expect(await unwatchDao(all.ctx, { dao, channel: channel('one') })).toBe(true)
    expect(await unwatchDao(all.ctx, { dao, channel: channel('one') })).toBe(false)
    expect(await subscribers()).toEqual(['two'])
  })

  test('makes a short name from the name, and another one when it is taken', async () => {
    const [first, second] = [await stubGovernor(), await stubGovernor()]
    expect((await watchDao(all.ctx, { address: first })).dao.slug).toBe('stub')
    expect((await watchDao(all.ctx, { address: second })).dao.slug).toBe('stub2')
  })

  test('refuses a short name that belongs to another DAO, and one that is none', async () => {
    const address = await stubGovernor()
    await expect(watchDao(all.ctx, { address, slug: 'plain' })).rejects.toMatchObject({
      code: 'slug-taken',
    })
    await expect(watchDao(all.ctx, { address, slug: '4-ever' })).rejects.toThrow('cannot be a short name')
  })

  const subscribers = async () =>
    (await all.ctx.db.selectFrom('subscription').select('channel').orderBy('channel').execute()).map(
      (row) => row.channel,
    )
})

describe('the commands', () => {
  const say = (line: string, more: Partial<Call['caller']> = {}): Promise<Answer> =>
    all.app.run({
      caller: { platform: 'paper', workspace: '', user: 'u1', name: 'Ann', manager: true, ...more },
      channel: channel('room'),
      line,
    })

  test('watch and unwatch a DAO in the channel they are typed in', async () => {
    const watched = JSON.stringify(await say(`watch ${all.autoDao.dao} auto`))
    expect(watched).toContain('Watching Test DAO')
    expect(watched).toContain('What works')
    expect(JSON.stringify(await say(`watch ${all.autoDao.dao}`))).toContain('is watched here already')
    expect(JSON.stringify(await say('unwatch auto'))).toContain('No longer watching Test DAO here')
    expect(JSON.stringify(await say('unwatch auto'))).toContain('Test DAO is not watched here')
  })

  test('are for those who manage the channel', async () => {
    expect(JSON.stringify(await say(`watch ${all.autoDao.dao}`, { manager: false }))).not.toContain('Watching')
  })

  test.each([
    ['watch hello', 'is not an address'],
    [`watch ${'0x'.padEnd(42, '1')}`, 'There is no contract at this address on this chain.'],
    ['unwatch nothing', 'I watch no DAO called'],
  ])('answer “%s” with one clear sentence', async (line, words) => {
    expect(JSON.stringify(await say(line))).toContain(words)
  })
})

async function createdIn(address: Address): Promise<number> {
  const head = Number(await all.chain.client.getBlockNumber())
  for (let block = 0; block <= head; block += 1)
    if (await all.chain.client.getCode({ address, blockNumber: BigInt(block) })) return block
  throw new Error('never')
}

async function jobsFor(proposalId: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select name from pgboss.job where singleton_key = ${proposalId} and name in ('announce', 'summarize') order by name
  `.execute(all.ctx.db)
  return rows.map((row) => row.name)
}
