import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const root = path.join(import.meta.dirname, '..')
const [, tree = ''] = /```\n(bots\/ [\s\S]*?)```/.exec(fs.readFileSync(path.join(root, 'README.md'), 'utf8')) ?? []
const [bots = '', core = ''] = tree.split(/^(?=core\/)|^(?=contracts\/)/m)
const folders = (place: string): string[] =>
  fs
    .readdirSync(path.join(root, place), { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
    .sort()
/** The folders that head a line: `db/  queue/` before what is said of them. */
const named = (part: string): string[] =>
  part
    .split('\n')
    .slice(1)
    .flatMap((line) => /^ {2}((?:[a-z]+\/ *)+)/.exec(line)?.[1]?.match(/[a-z]+(?=\/)/g) ?? [])
    .sort()

test("README's tree has every folder of bots and core, and no other", () => {
  expect(named(bots)).toEqual(folders('bots'))
  expect(named(core)).toEqual(folders('core'))
})

test("README's tree has every script that somebody runs", () => {
  const line = /^scripts\/ +(.*)$/m.exec(tree)?.[1] ?? ''
  const scripts = fs.readdirSync(path.join(root, 'scripts')).flatMap((name) => /^(.+)\.ts$/.exec(name)?.[1] ?? [])
  expect(line.split(' · ')).toEqual(scripts.sort())
})
