import type { DaoRow } from '../../core/db/tables/governance.ts'
import type { ChiefRow, SpellRow } from '../../core/db/tables/nomic.ts'
import type { Moment } from '../../core/governance/record.ts'
import type { SpellRecord } from '../../core/nomic/record.ts'
import type { PollRow } from '../../core/db/tables/polls.ts'
import type { PollRecord } from '../../core/polls/record.ts'
import { presets } from '../../core/dao/presets.ts'
import type { Preview } from '../../core/drafts/preview.ts'
import type { IdFacts } from '../../core/ids/read.ts'
import { listLine, type ListedProposal } from '../../core/governance/views/proposals.ts'
import { challengeOf } from './challenge.ts'
import { dao, other, recordOf } from './record.ts'

/** What a stranger may write where AutoCo shows it: signs of every platform's markup, calls, addresses, a whole novel. */
export const evil =
  '@everyone <!channel> <@U123> **b** `c` [a](https://evil.example) <https://evil.example|pay> /vote x for #tag https://evil.example'
export const novel = `${evil} ${'Long words that never end. '.repeat(400)}`
export const url = 'https://vote.example.org/p/nomic-3'
export const hash = `0x${'ab'.repeat(32)}` as const
export const second = 1_893_456_000
export const at = new Date(second * 1_000)
export const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))

export const newDao = {
  ...presets['research']!.plan,
  name: evil,
  preset: 'research',
  votes: { kind: 'new' as const, symbol: 'GOLD', holders: many(200, () => ({ address: other, amount: '1000000' })) },
}

export const summary = {
  sections: [
    {
      title: 'What it is about',
      claims: many(12, (index) => ({
        text: `${evil} ${'and so on '.repeat(20)}`,
        cites: ['p1', `m${index}`],
        kind: 'point' as const,
        state: index % 3 === 0 ? ('weak' as const) : ('ok' as const),
      })),
    },
  ],
  sources: [
    { id: 'p1', kind: 'proposal' as const, text: novel },
    ...many(12, (index) => ({ id: `m${index}`, kind: 'message' as const, text: evil, author: evil, url })),
  ],
  facts: [],
  label: 'AI summary by a model, prompt summary v1.',
  mode: 'model' as const,
  shown: 12,
  dropped: { N1: 2 },
  coverage: { seen: 12, total: 40 },
  textHash: hash,
}
export const record = (state: string, more: object = {}) =>
  recordOf({ proposal: { state, dao: { ...dao, name: evil }, title: novel, ...more }, summary, data: [{ data: hash }] })
export const row = { ...dao, name: evil, id: '1', kind: 'oz5' } as unknown as DaoRow
export const listed = (index: number): ListedProposal => ({
  ref: `nomic-${index}`,
  title: novel,
  state: index % 2 === 0 ? 'active' : 'executed',
  ends: { at: second },
})
export const homeLine = (index: number) => ({
  ref: listed(index).ref,
  item: listLine(listed(index)),
  line: `proposal ${listed(index).ref}`,
})
export const wallet = (index: number) => ({
  address: other as `0x${string}`,
  weight: index === 0 ? 5n * 10n ** 18n : 0n,
  weightNow: 7n * 10n ** 18n,
  balance: 2n ** 200n,
  delegate: other as `0x${string}`,
  seatTooLate: true,
  ...(index === 0
    ? {}
    : { why: (['nothing-held', 'not-delegated', 'delegated-away', 'too-late'] as const)[index % 4]! }),
})
export const ballot = {
  id: hash,
  ref: 'nomic-3',
  title: novel,
  choice: 'For',
  voter: other,
  reason: novel,
  tx: hash,
  block: '1234',
  reasonCode: null,
}
export const mine = [
  {
    voter: other,
    support: 1 as const,
    ballot: { id: hash, state: 'final' as const, platform: 'discord' },
    block: '12',
  },
]
export const moves = many(5, (index) => ({
  delegate: other,
  moved: -(10n ** 21n) * BigInt(index),
  current: 10n ** 22n,
}))
export const money = { symbol: evil, decimals: 18 }
export const when: Moment = { at: second, block: '123456' }
export const settings = {
  new: 'on',
  ending: 'on',
  result: 'off',
  queued: 'off',
  executed: 'on',
  power: 'off',
  reminders: '50,90',
  zone: 'Europe/Berlin',
  language: 'en',
  quiet: '22:00-08:00',
} as never

export const draft = (more: Partial<Preview>): Preview => ({
  draft: { id: '12', title: evil, channel: 'C1', calls: many(20, () => ({})), dao: row } as unknown as Preview['draft'],
  record: record('pending'),
  description: novel,
  proposer: { wallet: other, weight: 5n, needed: 10n ** 30n },
  trials: many(20, (index) =>
    index % 2 === 0 ? { status: 'works' as const } : { status: 'fails' as const, reason: novel },
  ),
  ref: undefined,
  ...more,
})
export const delegate = (index: number) => ({
  address: other as `0x${string}`,
  weight: 10n ** 24n,
  delegated: 10n ** 23n * BigInt(index),
  gaveTo: index % 2 === 0 ? (other as `0x${string}`) : undefined,
  statement: index % 3 === 0 ? undefined : novel,
  participation: { of: 10, cast: 9, withReason: 3, sided: 8, withMajority: 7 },
})
export const autoId: IdFacts = {
  id: 7n,
  kind: 'agent',
  controller: other,
  issuer: 6n,
  validUntil: second,
  certificate: hash,
  ended: undefined,
  rotation: { to: other, at: second },
  issuers: many(3, (index) => ({
    id: BigInt(index),
    kind: 'organisation' as const,
    controller: other as `0x${string}`,
    issuer: 0n,
    validUntil: 0,
    certificate: undefined,
    ended: index === 2 ? ('revoked' as const) : undefined,
    rotation: undefined,
  })),
  isLive: false,
  mandate: novel,
  keys: many(40, (index) => ({
    key: other as `0x${string}`,
    scope: index % 2 === 0 ? (other as `0x${string}`) : undefined,
    expiry: second,
  })),
  scores: many(40, () => ({ attestor: 3n, topic: evil, score: 80 })),
}
export const challenge = challengeOf(novel)
export const taskOf = (number: number) => ({ record: challenge, task: challenge.story.tasks[number]!, number })
export const chief: ChiefRow = {
  dao_id: '1',
  hat: other,
  hat_approvals: '1000',
  live: true,
  launch_threshold: '100',
  launch_approvals: '50',
  floor: '50',
  cool_down: 60,
  lifted_at: '1',
  delay: 172_800,
  locked: '5000',
  is_shut: false,
  block_number: '12',
  checked_at: String(second),
  due_at: null,
}
export const spellRow = (index: number): SpellRow =>
  ({
    id: '1',
    ref: `nomic-s${index}`,
    address: other,
    kind: (['calls', 'foreign', 'drop'] as const)[index % 3]!,
    author: other,
    title: novel,
    text: novel,
    text_hash: hash,
    drops: hash,
    expiration: String(second),
    office_hours: true,
    state: (['open', 'hat', 'plotted', 'cast', 'missed'] as const)[index % 5]!,
    stage: index % 5 === 0 ? 'liftable' : index % 5 === 2 ? 'castable' : null,
    approvals: '2000',
    eta: String(second),
    next_cast: String(second),
    tx_hash: hash,
    orphaned_at: null,
  }) as unknown as SpellRow
export const spellRecord = (index: number): SpellRecord => ({
  spell: spellRow(index),
  dao: row,
  chief,
  hat: spellRow(9),
  drops: undefined,
  token: money,
  coin: money,
  calls: record('active').calls,
})

export const pollRecord = (index: number, more: object = {}): PollRecord => ({
  poll: {
    id: '1',
    dao_id: '1',
    number: index,
    ref: `nomic-p${index}`,
    paper: 1,
    author: other,
    kind: (['single', 'approval', 'ranked'] as const)[index % 3]!,
    majority: (['none', 'participating', 'active'] as const)[index % 3]!,
    minimum: '100',
    fallback: 2,
    title: novel,
    body: novel,
    body_hash: hash,
    options: many([15, 24, 8][index % 3]!, (at) => `${at} ${evil}`.slice(0, 100)),
    state: 'open',
    votes: many([15, 24, 8][index % 3]!, (at) => String(at * 100)),
    participating: '5000',
    abstained: '70',
    rounds: index % 3 === 2 ? many(6, (round) => many(8, (at) => (at < round ? '0' : String(at * 100)))) : null,
    winner: 1,
    verdict: 'elected',
    tx_hash: hash,
    orphaned_at: null,
    ...more,
  } as unknown as PollRow,
  paper: {
    dao_id: '1',
    number: index,
    opens: String(second),
    closes: String(second),
    is_at_close: index % 3 === 1,
    is_weighed: false,
    checked_at: String(second),
    block_number: '12',
  },
  together: 24,
  dao: row,
  token: money,
})
