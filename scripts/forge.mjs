// `npm run contracts:test`, or any forge command: `node scripts/forge.mjs test --match-test "late"`. Of our own are `gas`, the
// tests of what the shipped bytecode costs, and `all`, both.
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

const require = createRequire(import.meta.url)
const root = path.resolve(import.meta.dirname, '..')
const binary = findForge()
const [command, ...args] = process.argv.slice(2)

if (!binary) {
  console.error(
    `npm has no forge for ${process.platform}-${process.arch}: the contract tests were left out. They run on linux-x64.`,
  )
  // On a developer's own machine the other tests are worth something without these; in CI nothing may be missing.
  process.exitCode = process.env.CI ? 1 : 0
} else if (command === 'gas') process.exitCode = await gas()
else if (command === 'all') process.exitCode = Math.max(await forge(['test', ...args]), await gas())
else process.exitCode = await forge(process.argv.slice(2))

function findForge() {
  const arch = { x64: 'amd64' }[process.arch] ?? process.arch
  try {
    const folder = path.dirname(require.resolve(`@foundry-rs/forge-${process.platform}-${arch}/package.json`))
    return path.join(folder, 'bin', process.platform === 'win32' ? 'forge.exe' : 'forge')
  } catch {
    return undefined
  }
}

/** Gives the tests what is shipped, as artifacts that forge can deploy. */
async function gas() {
  const shipped = await import('../contracts/generated.ts')
  const folder = path.join(root, 'contracts', 'out', 'shipped')
  fs.mkdirSync(folder, { recursive: true })
  for (const { contract, optimizerRuns, abi, bytecode } of Object.values(shipped)) {
    if (!contract) continue
    const artifact = JSON.stringify({ optimizerRuns, abi, bytecode: { object: bytecode } })
    fs.writeFileSync(path.join(folder, `${contract}.json`), artifact)
  }
  return forge(['test', ...args], { ...process.env, FOUNDRY_PROFILE: 'gas' })
}

function forge(args, env = process.env) {
  return new Promise((resolve) => {
    const child = spawn(binary, args, { cwd: root, stdio: 'inherit', env })
    const forward = (signal) => child.kill(signal)
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, forward)
    child.on('error', (error) => {
      console.error(`forge does not start: ${error.message}`)
      resolve(1)
    })
    // What was stopped is not followed by more.
    child.on('close', (code) => (code === null ? process.exit(1) : resolve(code)))
  })
}
