// `npm run contracts:test`, or any forge command: `node scripts/forge.mjs test --match-test "late"`.
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import path from 'node:path'

const require = createRequire(import.meta.url)
const root = path.resolve(import.meta.dirname, '..')
const binary = findForge()

if (binary) run(binary)
else {
  console.error(
    `npm has no forge for ${process.platform}-${process.arch}: the contract tests were left out. They run on linux-x64.`,
  )
  // On a developer's own machine the other tests are worth something without these; in CI nothing may be missing.
  process.exitCode = process.env.CI ? 1 : 0
}

function findForge() {
  const arch = { x64: 'amd64' }[process.arch] ?? process.arch
  try {
    const folder = path.dirname(require.resolve(`@foundry-rs/forge-${process.platform}-${arch}/package.json`))
    return path.join(folder, 'bin', process.platform === 'win32' ? 'forge.exe' : 'forge')
  } catch {
    return undefined
  }
}

function run(command) {
  const child = spawn(command, process.argv.slice(2), { cwd: root, stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    console.error(`forge does not start: ${error.message}`)
    process.exitCode = 1
  })
  child.on('close', (code) => (process.exitCode = code ?? 1))
}
