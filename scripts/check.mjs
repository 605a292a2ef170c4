// `npm run check`: types, lint, layers, format, dead code, generated files fresh. All at once.
import { spawn } from 'node:child_process'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')
const bin = path.join(root, 'node_modules', '.bin')
const checks = {
  types: ['tsc', '-p', '.'],
  lint: ['oxlint', '--type-aware', '--deny-warnings'],
  layers: ['node', 'scripts/layers.mjs'],
  format: ['oxfmt', '--check', '.'],
  'dead code': ['knip'],
  'contracts fresh': ['node', 'scripts/contracts.ts', '--check'],
  'settings example fresh': ['node', 'scripts/env-example.ts', '--check'],
}

const results = await Promise.all(Object.entries(checks).map(([name, [command, ...args]]) => run(name, command, args)))
for (const { name, ok, seconds, output } of results) {
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`)
  if (!ok) console.log(output.trimEnd().replaceAll(/^/gm, '     '))
}
process.exitCode = results.every((result) => result.ok) ? 0 : 1

function run(name, command, args) {
  const from = performance.now()
  return new Promise((resolve) => {
    const child = spawn(path.join(bin, command), args, {
      cwd: root,
      env: { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}` },
    })
    let output = ''
    const add = (chunk) => (output += chunk)
    child.stdout.on('data', add)
    child.stderr.on('data', add)
    child.on('error', (error) => add(error.message))
    child.on('close', (code) =>
      resolve({ name, ok: code === 0, seconds: ((performance.now() - from) / 1000).toFixed(1), output }),
    )
  })
}
