import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'

const root = path.resolve(import.meta.dirname, '..', '..', 'contracts')
const read = (file: string) => readFileSync(path.join(root, file), 'utf8')
const tests = new Set(
  globSync('test/*.sol', { cwd: root }).flatMap((file) =>
    Array.from(read(file).matchAll(/function ((?:test|testFuzz|invariant)_\w+)\(/g), ([, name]) => name!),
  ),
)
const lists = globSync('src/**/*.sol', { cwd: root }).flatMap((file) => {
  const [, list] = /^\/\/\/ Invariants, and the test that holds each:\n((?:\/\/\/ - .*\n)+)/m.exec(read(file)) ?? []
  return list ? [{ file, list: list.trimEnd().split('\n') }] : []
})

describe('invariants at the head of a contract', () => {
  test.each(lists)('of $file are each held by a test that there is', ({ list }) => {
    for (const line of list) {
      const [, name] = /^\/\/\/ - .+: `(\w+)`$/.exec(line) ?? []
      expect(tests, line).toContain(name)
    }
  })

  test('are listed wherever votes or money are counted', () => {
    const files = lists.map(({ file }) => path.basename(file, '.sol'))
    const counting = ['BallotCounter', 'PaperCounter', 'Electorate', 'IdVotes', 'Slates', 'VoiceBook', 'Escrow']
    expect(files).toEqual(expect.arrayContaining(counting))
  })

  test('name every invariant that forge plays', () => {
    const listed = new Set(lists.flatMap(({ list }) => list.map((line) => /`(\w+)`/.exec(line)?.[1])))
    for (const name of tests) if (name.startsWith('invariant_')) expect(listed, name).toContain(name)
  })
})
