import fs from 'node:fs'
import path from 'node:path'
import { sql, TableNode, type KyselyPlugin, type RootOperationNode } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { migrations } from '../../core/db/migrations/index.ts'
import { commands, features, jobs, kinds, ticks } from '../../core/features.ts'
import { erase } from '../../core/forget/erase.ts'
import { kept } from '../../core/forget/kept.ts'
import { account, caller, linkWallet, linkWorld, type LinkWorld } from '../support/linking.ts'

const twice = (names: readonly string[]): string[] => names.filter((name, at) => names.indexOf(name) !== at)
const root = path.join(import.meta.dirname, '../..')
const sources = fs
  .globSync('core/**/*.ts', { cwd: root })
  .map((file) => [file.replaceAll('\\', '/'), fs.readFileSync(path.join(root, file), 'utf8')] as const)

describe('features', () => {
  test('bring commands and jobs, each name once', () => {
    expect(twice(commands.map(({ name }) => name))).toEqual([])
    expect(twice(jobs.map(({ name }) => name))).toEqual([])
  })

  test('are listed, each of them', () => {
    const declared = sources.filter(([, text]) => text.includes('= defineFeature({')).map(([file]) => file)
    expect(features).toHaveLength(declared.length)
  })

  test('run each job that is declared somewhere', () => {
    const declared = sources.flatMap(([, text]) =>
      [...text.matchAll(/declareJob\(\s*'([^']+)'/g)].map(([, name]) => name),
    )
    expect(declared.length).toBeGreaterThan(5)
    expect(declared.filter((name) => !jobs.some((job) => job.name === name))).toEqual([])
  })

  // Renaming one leaves what waits in the queue to nobody; one that a release brings is added here.
  test('run what older releases may have left waiting, under the names that it has there', () => {
    const left =
      'action announce announce-poll announce-spell approvals challenge challenge-duties chief delegate deliver digests enrol heal papers polls power-moved redeliver register relay remind reverify roles settle summarize tidy'
    const run = new Set(jobs.map(({ name }) => name))
    expect(left.split(' ').filter((name) => !run.has(name))).toEqual([])
  })

  test('ring only for jobs that are run', () => {
    expect(ticks.map(({ job }) => job.name).filter((name) => !jobs.some((job) => job.name === name))).toEqual([])
  })
})

describe('kinds of DAOs', () => {
  test('have names and roles of their own', () => {
    expect(twice(kinds.daos.map(({ name }) => name))).toEqual([])
    expect(twice(kinds.contracts.map(({ role }) => role))).toEqual([])
  })

  test('hear something of each contract, and read only events that it has', () => {
    for (const { role, abi, reads } of kinds.contracts) {
      const events = abi.flatMap((item) => (item.type === 'event' ? [item.name] : []))
      expect(events, role).not.toEqual([])
      expect(
        (reads ?? []).filter((name) => !events.includes(name)),
        role,
      ).toEqual([])
    }
  })
})

describe('kinds of decisions', () => {
  test('show their messages under the keys that these have always had', () => {
    const keys = kinds.decisions.map(({ name, notes, prefixes = [] }) => [name, notes, ...prefixes].join(' '))
    expect(keys.toSorted()).toEqual([
      'challenge challenge-step challenge-reveal',
      'poll poll',
      'proposal event',
      'spell spell',
    ])
  })
})

describe('kinds of signed messages', () => {
  test('have tables, purposes and queues under the names that these have always had', () => {
    const names = kinds.signed.map((kind) => [kind.name, kind.table, kind.purpose, kind.job.name, kind.jobKey('7')])
    expect(names.map((each) => each.join(' ')).toSorted()).toEqual([
      'approval approval approvals approvals 7',
      'ballot ballot ballots relay relay/7',
      'paper paper_ballot papers papers 7',
    ])
  })
})

describe('/erase', () => {
  let world: LinkWorld
  beforeAll(async () => {
    world = await linkWorld()
  })
  afterAll(() => world.stop())

  test('takes a person out of each table that has one, or says why not', async () => {
    const { ctx, chain } = world
    const who = caller('nobody-left')
    await linkWallet(ctx, who, account(chain, 6))
    const touched = new Set<string>()
    await erase({ ...ctx, db: ctx.db.withPlugin(noting(touched)) }, { caller: who })
    const { rows } = await sql<{ table: string; isOwned: boolean }>`
      select distinct columns.table_name as "table", exists (
        select from pg_constraint where contype = 'f' and confdeltype = 'c'
        and conrelid = columns.table_name::regclass and confrelid in ('person'::regclass, 'wallet'::regclass)
      ) as "isOwned"
      from information_schema.columns join information_schema.tables using (table_schema, table_name)
      where table_schema = 'public' and table_type = 'BASE TABLE' and column_name = any(${persons}::text[])
    `.execute(ctx.db)
    const tables = rows.map(({ table }) => table)
    expect(tables.length).toBeGreaterThan(20)
    const isGone = new Set([...touched, ...rows.filter(({ isOwned }) => isOwned).map(({ table }) => table)])
    expect(tables.filter((table) => !isGone.has(table) && !(table in kept))).toEqual([])
    expect(Object.keys(kept).filter((table) => !tables.includes(table) || isGone.has(table))).toEqual([])
  })
})

/** Columns that name a person, an account of theirs, a wallet or a private conversation. */
const persons =
  'person person_id user_id author author_id created_by installed_by proposer voter delegator delegate controller wallet channel'.split(
    ' ',
  )

/** Notes the tables that are deleted from or updated. */
const noting = (tables: Set<string>): KyselyPlugin => ({
  transformQuery({ node }) {
    const table = changedBy(node)
    if (table !== undefined) tables.add(table)
    return node
  },
  transformResult: ({ result }) => Promise.resolve(result),
})

function changedBy(node: RootOperationNode): string | undefined {
  const target =
    node.kind === 'DeleteQueryNode' ? node.from.froms[0] : node.kind === 'UpdateQueryNode' ? node.table : undefined
  return target && TableNode.is(target) ? target.table.identifier.name : undefined
}

test('migrations are listed in the order in which they run', () => {
  const names = Object.keys(migrations)
  expect(names).toEqual([...names].sort())
})
