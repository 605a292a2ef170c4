// `npm run test:fast`: the tests that a change reaches, nearest first, as many as fit into a minute. Names what it leaves out.
import { execFileSync, spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')
const long = JSON.parse(fs.readFileSync(path.join(root, 'test', 'support', 'long.json'), 'utf8'))
/** Seconds of test time that two workers get through in a minute, start included. */
const budget = 50
const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).split('\n').filter(Boolean)

const base = process.argv[2] ?? 'main'
const since = git('merge-base', base, 'HEAD')[0]
const changed = new Set([...git('diff', '--name-only', since), ...git('ls-files', '--others', '--exclude-standard')])

const sources = git('ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.mjs').filter((file) =>
  fs.existsSync(path.join(root, file)),
)
const importers = new Map()
for (const file of sources) {
  for (const used of importsOf(file)) importers.set(used, [...(importers.get(used) ?? []), file])
}

const reached = new Map()
let ring = [...changed]
for (let distance = 0; ring.length > 0; distance += 1) {
  for (const file of ring) reached.set(file, distance)
  ring = [...new Set(ring.flatMap(usersOf))].filter((file) => !reached.has(file))
}
const durations = lastDurations()
const tests = [...reached]
  .filter(([file]) => file.endsWith('.test.ts') && fs.existsSync(path.join(root, file)))
  .map(([file, distance]) => ({ file, distance, seconds: durations.get(file) ?? guess(file) }))
  .sort((a, b) => a.distance - b.distance || a.seconds - b.seconds)

let left = budget
const chosen = tests.filter(({ seconds }) => {
  if (seconds > left) return false
  left -= seconds
  return true
})
const out = tests.filter((test) => !chosen.includes(test))
if (out.length > 0) {
  console.log(`Reached, but too far or too long for a minute (npm test runs them):`)
  for (const { file } of out) console.log(`  ${file}`)
}
if (chosen.length === 0) console.log(`No test is reached by what changed since ${base}.`)
else spawnTests(chosen.map(({ file }) => file))

/** Who imports a file, or the folder that it lies in, as prompts are. */
function usersOf(file) {
  return [...(importers.get(file) ?? []), ...(importers.get(`${path.posix.dirname(file)}/`) ?? [])]
}

/** What a file imports or reads by its path, as paths from the root. */
function importsOf(file) {
  const text = fs.readFileSync(path.join(root, file), 'utf8')
  const specifiers = [...text.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*|new URL\(\s*)['"](\.\.?\/[^'"\n]+)['"]/g)]
  return specifiers.map(([, specifier]) => path.posix.join(path.posix.dirname(file), specifier))
}

/** vitest remembers how long each file took on this machine. */
function lastDurations() {
  const folder = path.join(root, 'node_modules', '.vite', 'vitest')
  if (!fs.existsSync(folder)) return new Map()
  const results = fs.globSync('*/results.json', { cwd: folder }).flatMap((name) => {
    const { projects } = JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'))
    return Object.values(projects ?? {}).flatMap(({ files }) => Object.entries(files))
  })
  return new Map(results.map(([file, { duration }]) => [file, duration / 1_000]))
}

function guess(file) {
  return long[file] ?? fs.readFileSync(path.join(root, file), 'utf8').split('\n').length / 50
}

function spawnTests(files) {
  const child = spawn(process.execPath, [path.join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', ...files], {
    cwd: root,
    stdio: 'inherit',
  })
  child.on('close', (code) => (process.exitCode = code ?? 1))
}
