import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createApp, RetryableError, UserError, type App, type Channel } from '../../../core/index.ts'
import { applyRoles } from '../../../core/roles/jobs/roles.ts'
import { readAtLeast, readRule, nextStanding } from '../../../core/roles/rule.ts'
import type { View } from '../../../core/view.ts'
import { wordsOf } from '../../support/ballots.ts'
import { caller } from '../../support/linking.ts'
import { insertDao, insertProposal, rowWorld, type RowWorld } from '../../support/proposal.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const general: Channel = { platform: 'paper', id: 'general', server: 'guild' }
const admin = caller('admin', { platform: 'paper', name: 'Admin', manager: true })
const wallets = ['0xA1', '0xA2', '0xB1', '0xC1']

let all: RowWorld
let app: App
let now = Date.now()
let dao: { id: string; slug: string }
/** By wallet, in whole tokens. */
let votes: Record<string, bigint> = {}
/** What was asked of the platform, as `alice +member`. */
let asked: string[] = []
/** Thrown for this role. */
let faults: Record<string, Error> = {}

beforeAll(async () => {
  all = await rowWorld()
  all.ctx.now = () => now
  const read = ({ functionName, args }: { functionName: string; args?: unknown[] }) => {
    if (functionName === 'getVotes') return (votes[String(args?.[0])] ?? 0n) * 100n
    return { symbol: 'NOM', decimals: 2, clock: 1_000 }[functionName]
  }
  Object.assign(all.ctx.chain, { client: { readContract: (call: never) => Promise.resolve(read(call)) } })
  const paper = {
    name: 'paper',
    roleName: ({ role }: { role: string }) => Promise.resolve(role === 'nowhere' ? undefined : `@${role}`),
    setRole: ({ user, role, has }: { user: string; role: string; has: boolean }) => {
      if (faults[role]) return Promise.reject(faults[role])
      asked.push(`${user} ${has ? '+' : '-'}${role}`)
      return Promise.resolve(user !== 'carol')
    },
  }
  app = createApp(all.ctx, [paper as never, { name: 'plain' } as never])
  dao = await insertDao(all.ctx, { token: `0x${'ee'.repeat(20)}` })
})
beforeEach(async () => {
  for (const table of ['role_rule', 'effect', 'proposal', 'person'] as const)
    await all.ctx.db.deleteFrom(table).execute()
  votes = {}
  faults = {}
  now = Date.now()
  await person('alice', wallets.slice(0, 2))
  await person('bob', wallets.slice(2, 3))
  await person('carol', wallets.slice(3))
  asked = []
})
afterAll(() => all.stop())

async function person(user: string, addresses: readonly string[]): Promise<void> {
  const { id } = await all.ctx.db.insertInto('person').defaultValues().returning('id').executeTakeFirstOrThrow()
  const account = { platform: 'paper', workspace: '', user_id: user, name: user, person_id: id, proof: 'code' as const }
  await all.ctx.db.insertInto('account').values(account).execute()
  for (const address of addresses)
    await all.ctx.db
      .insertInto('wallet')
      .values({ address, person_id: id, chain_id: 31_337, verified: 'eoa', block_number: null })
      .execute()
}

async function say(line: string, from: { channel?: Channel; who?: typeof admin } = {}): Promise<string> {
  return wordsOf((await app.run({ caller: from.who ?? admin, channel: from.channel ?? general, line })).view)
}
/** What one look asks of the platform. */
async function look(): Promise<string[]> {
  asked = []
  await applyRoles(all.ctx)
  return asked.toSorted()
}

describe('a role for who is linked', () => {
  test('is given once, looked after every hour, and taken with the link', async () => {
    expect(await say('role member linked')).toContain('@member | : whoever has linked a wallet; 0 linked accounts')
    expect(await look()).toEqual(['alice +member', 'bob +member', 'carol +member'])
    expect(await look()).toEqual([])
    expect(await say('roles')).toContain('3 linked accounts by now')
    now += hourMs
    expect(await look()).toEqual(['alice +member', 'bob +member', 'carol +member'])
    await say('unlink', { who: caller('bob', { platform: 'paper' }) })
    await say('erase yes', { who: caller('carol', { platform: 'paper' }) })
    expect(await look()).toEqual(['bob -member', 'carol -member'])
    const left = await all.ctx.db.selectFrom('role_holder').select('user_id').execute()
    expect(left).toEqual([{ user_id: 'alice' }])
  })

  test('is taken back when the rule ends', async () => {
    await say('role member linked')
    await look()
    expect(await say('role off member')).toContain('None yet')
    expect(await look()).toEqual(['alice -member', 'bob -member', 'carol -member'])
    expect(await all.ctx.db.selectFrom('role_rule').selectAll().execute()).toEqual([])
    expect(await look()).toEqual([])
  })
})

describe('a role for voting power', () => {
  test('adds wallets up, is kept a little below, and lost far below', async () => {
    votes = { '0xA1': 600n, '0xA2': 400n, '0xB1': 999n }
    await say('role whale power:nomic 1,000')
    expect(await look()).toEqual(['alice +whale'])
    votes = { '0xA1': 600n, '0xA2': 200n }
    expect(await look()).toEqual([])
    votes = { '0xA1': 799n }
    expect(await look()).toEqual(['alice -whale'])
    votes = { '0xA1': 999n }
    expect(await look()).toEqual([])
  })

  test('is lost after a week a little below, and the week begins anew with every recovery', async () => {
    await say('role whale power:nomic 100')
    votes = { '0xB1': 100n }
    await look()
    for (const [days, power] of [
      [0, 90],
      [6, 90],
      [0, 100],
      [0, 90],
      [6, 90],
    ] as const) {
      now += days * dayMs
      votes = { '0xB1': BigInt(power) }
      expect((await look()).filter((each) => each.includes('-'))).toEqual([])
    }
    now += dayMs
    expect(await look()).toEqual(['bob -whale'])
  })
})

test('a role for taking part counts the last ten votes that are over, by any wallet', async () => {
  for (let number = 1; number <= 12; number += 1) {
    const id = await insertProposal(all.ctx, dao, { number, block_number: String(number), state: 'executed' })
    const voters = [
      ...(number > 7 ? ['0xA1', '0xA2'] : []),
      ...(number <= 7 ? ['0xB1'] : []),
      ...(number > 8 ? ['0xC1'] : []),
    ]
    for (const [at, voter] of voters.entries())
      await all.ctx.db
        .insertInto('vote')
        .values({
          proposal_id: id,
          voter,
          block_hash: `0x${number}`,
          log_index: at,
          block_number: String(number),
          tx_hash: '0x',
          support: 1,
          weight: '1',
          reason: '',
          orphaned_at: null,
        })
        .execute()
  }
  await insertProposal(all.ctx, dao, { number: 13, block_number: '13' })
  // Of votes 3 to 12 alice took part in five, bob in five, carol in four.
  await say('role voter participation:nomic 50%')
  expect(await look()).toEqual(['alice +voter', 'bob +voter'])
})

describe('what stands in the way', () => {
  test('is told to the admin once, shown in /roles, and holds up no other role', async () => {
    await say('role high linked')
    await say('role member linked')
    faults = { high: new UserError('The role is above mine.', { hint: 'Drag it down.' }) }
    expect(await look()).toEqual(['alice +member', 'bob +member', 'carol +member'])
    await look()
    const told = await all.ctx.db.selectFrom('effect').select(['channel', 'view']).execute()
    expect(told.map(({ channel, view }) => [channel, wordsOf(view as View)])).toEqual([
      ['@admin', expect.stringContaining('The role is above mine. Drag it down.')],
    ])
    expect(await say('roles')).toContain('It does not work:  | The role is above mine. Drag it down.')
    faults = {}
    expect(await look()).toContain('alice +high')
    expect(await say('roles')).not.toContain('It does not work')
  })

  test('when the platform is busy the rest is done, and the job is tried again', async () => {
    await say('role busy linked')
    await say('role member linked')
    faults = { busy: new RetryableError('wait') }
    await expect(applyRoles(all.ctx)).rejects.toThrow('wait')
    expect(asked).toContain('alice +member')
  })
})

describe('/role', () => {
  test.each([
    ['role member wealth', '“wealth” is no rule.'],
    ['role member power', 'is no rule'],
    ['role member power:mars', 'mars'],
    ['role member power:nomic many', 'is not a number of tokens'],
    ['role member participation:nomic 101', 'is not a percentage'],
    ['role nowhere linked', 'This server has no such role.'],
    ['role-off member', 'AutoCo does not give this role.'],
  ])('%s is refused in words', async (line, words) => {
    expect(await say(line)).toContain(words)
  })

  test('is for managers, in a server, on a platform that has roles; the audit log has it', async () => {
    expect(await say('role member linked', { who: caller('bob', { platform: 'paper' }) })).toContain('Only people who')
    expect(await say('roles', { channel: { platform: 'plain', id: 'x' } })).toContain('has no roles that AutoCo')
    expect(await say('roles', { channel: { platform: 'paper', id: '@admin' } })).toContain('Roles belong to a server')
    await say('role <@&42> power:nomic 5')
    expect(await say('audit-log')).toContain('role @42: voting power of at least 5 in nomic')
  })

  test('a form asks for a role and a rule, and offers rules', async () => {
    expect(app.parse('role')).toMatchObject({ status: 'form', missing: ['role', 'rule'] })
    const offered = await app.complete({ caller: admin, channel: general, line: 'role 42 p' })
    expect(offered.map(({ value }) => value)).toEqual(['power:nomic', 'participation:nomic'])
  })
})

test('rules and hysteresis are plain arithmetic', () => {
  expect(readRule('power ens')).toEqual({ kind: 'power', dao: 'ens' })
  expect(readAtLeast('participation', undefined)).toBe('50')
  const standing = { has: true, belowSince: undefined }
  expect(nextStanding(standing, { value: 80n, atLeast: 100n, nowMs: 5 })).toEqual({ has: true, belowSince: 5 })
  expect(nextStanding(standing, { value: 79n, atLeast: 100n, nowMs: 5 }).has).toBe(false)
  expect(nextStanding({ ...standing, has: false }, { value: 99n, atLeast: 100n, nowMs: 5 }).has).toBe(false)
})
