import { createHash } from 'node:crypto'
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const require = createRequire(import.meta.url)

type Artifact = { file: string; name: string; contract: string; runs?: number }

/** The contracts that TypeScript deploys or calls, by the name of their export. */
const product: Artifact[] = [
  { name: 'autoIds', contract: 'AutoIds', file: 'contracts/src/AutoIds.sol' },
  { name: 'nomic', contract: 'Nomic', file: 'contracts/src/nomic/Nomic.sol' },
  { name: 'polls', contract: 'Polls', file: 'contracts/src/nomic/Polls.sol' },
  { name: 'chief', contract: 'Chief', file: 'contracts/src/nomic/Chief.sol' },
  { name: 'pause', contract: 'Pause', file: 'contracts/src/nomic/Pause.sol' },
  { name: 'shutdown', contract: 'Shutdown', file: 'contracts/src/nomic/Shutdown.sol' },
  { name: 'spellFactory', contract: 'SpellFactory', file: 'contracts/src/nomic/SpellFactory.sol' },
  { name: 'callsSpell', contract: 'CallsSpell', file: 'contracts/src/nomic/CallsSpell.sol' },
  { name: 'dropSpell', contract: 'DropSpell', file: 'contracts/src/nomic/DropSpell.sol' },
  { name: 'transferSpell', contract: 'TransferSpell', file: 'contracts/src/nomic/TransferSpell.sol' },
  { name: 'tokenPolls', contract: 'TokenPolls', file: 'contracts/src/polls/TokenPolls.sol' },
  // Near the size limit: what would be faster would not fit.
  { name: 'autoDao', contract: 'AutoDao', file: 'contracts/src/dao/AutoDao.sol', runs: 200 },
  { name: 'autoDaoTimelock', contract: 'AutoDaoTimelock', file: 'contracts/src/dao/AutoDaoTimelock.sol' },
  { name: 'autoDaoToken', contract: 'AutoDaoToken', file: 'contracts/src/dao/AutoDaoToken.sol' },
  { name: 'charter', contract: 'Charter', file: 'contracts/src/dao/Charter.sol' },
  { name: 'idVotes', contract: 'IdVotes', file: 'contracts/src/dao/IdVotes.sol' },
  { name: 'autoDaoFactory', contract: 'AutoDaoFactory', file: 'contracts/src/dao/AutoDaoFactory.sol' },
  { name: 'globalDao', contract: 'GlobalDao', file: 'contracts/src/global/GlobalDao.sol' },
  { name: 'challenge', contract: 'Challenge', file: 'contracts/src/global/Challenge.sol', runs: 200 },
  { name: 'multicall', contract: 'Multicall', file: 'contracts/src/Multicall.sol' },
  { name: 'ozGovernor', contract: 'OzGovernor', file: 'contracts/src/plain/OzGovernor.sol' },
  { name: 'ozToken', contract: 'OzToken', file: 'contracts/src/plain/OzToken.sol' },
  {
    name: 'ozTimelock',
    contract: 'TimelockController',
    file: '@openzeppelin/contracts/governance/TimelockController.sol',
  },
]

const forTests: Artifact[] = [
  { name: 'bravoGovernor', contract: 'BravoGovernor', file: 'contracts/fixtures/BravoGovernor.sol' },
  { name: 'compToken', contract: 'CompToken', file: 'contracts/fixtures/CompToken.sol' },
  { name: 'oz4BravoGovernor', contract: 'Oz4BravoGovernor', file: 'contracts/fixtures/Oz4BravoGovernor.sol' },
  { name: 'oz4Governor', contract: 'Oz4Governor', file: 'contracts/fixtures/Oz4Governor.sol' },
  { name: 'oz4Token', contract: 'Oz4Token', file: 'contracts/fixtures/Oz4Token.sol' },
  { name: 'testWallet', contract: 'TestWallet', file: 'contracts/test/Wallets.sol' },
  { name: 'testWalletFactory', contract: 'TestWalletFactory', file: 'contracts/test/Wallets.sol' },
  { name: 'testRunOff', contract: 'TestRunOff', file: 'contracts/test/RunOffs.sol' },
]

const outputs = [
  { path: 'contracts/generated.ts', artifacts: product },
  { path: 'test/support/generated.ts', artifacts: forTests },
]

const manyRuns = 10_000
const settings = {
  viaIR: true,
  evmVersion: 'cancun',
  metadata: { bytecodeHash: 'none', appendCBOR: false },
}
const asked = ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object']

type Compiled = { abi: unknown[]; evm: { bytecode: { object: string }; deployedBytecode: { object: string } } }
type Output = {
  errors?: { severity: string; formattedMessage: string }[]
  contracts: Record<string, Record<string, Compiled>>
}

/** Identifies what was compiled and how: our sources, the settings, the versions of compiler and library. */
export function sourceHash(): string {
  const hash = createHash('sha256')
  for (const file of sourceFiles()) hash.update(`${file}\0${readFileSync(join(root, file), 'utf8')}\0`)
  for (const name of ['solc', '@openzeppelin/contracts', '@openzeppelin/contracts-upgradeable', 'oz4']) {
    hash.update(`${name}@${versionOf(name)}\0`)
  }
  return hash.update(JSON.stringify({ settings, outputs })).digest('hex')
}

/** Compiles everything and returns the text of each generated file by its path. */
export function generate(): Record<string, string> {
  const compiled = compile()
  const hash = sourceHash()
  return Object.fromEntries(outputs.map(({ path, artifacts }) => [path, render(artifacts, compiled, hash)]))
}

/** Contracts by name, each as its own settings say. */
function compile(): Record<string, Compiled | undefined> {
  const solc = require('solc') as { compile(input: string, callbacks: object): string }
  const callbacks = { import: (path: string) => ({ contents: read(path) }) }
  const groups = Map.groupBy([...product, ...forTests], ({ runs = manyRuns }) => runs)
  const compiled = [...groups].map(([runs, artifacts]) => {
    const input = {
      language: 'Solidity',
      sources: Object.fromEntries(artifacts.map(({ file }) => [file, { content: read(file) }])),
      settings: {
        ...settings,
        optimizer: { enabled: true, runs },
        outputSelection: Object.fromEntries(artifacts.map(({ file }) => [file, { '*': asked }])),
      },
    }
    const output = JSON.parse(solc.compile(JSON.stringify(input), callbacks)) as Output
    const faults = output.errors?.filter((error) => error.severity === 'error') ?? []
    if (faults.length > 0) throw new Error(faults.map((fault) => fault.formattedMessage).join('\n'))
    return artifacts.map(({ file, contract }) => [contract, output.contracts[file]?.[contract]] as const)
  })
  return Object.fromEntries(compiled.flat())
}

function render(artifacts: Artifact[], compiled: ReturnType<typeof compile>, hash: string): string {
  const consts = artifacts.map(({ file, contract, name }) => {
    const made = compiled[contract]
    if (!made) throw new Error(`${contract} is not in ${file}`)
    const size = made.evm.deployedBytecode.object.length / 2
    if (size > 24_576) throw new Error(`${contract} has ${size} bytes, the limit is 24576`)
    return `export const ${name} = {\n  abi: ${JSON.stringify(made.abi)},\n  bytecode: '0x${made.evm.bytecode.object}',\n} as const\n`
  })
  return [
    '// Generated by `npm run contracts` from the Solidity sources. Do not edit.\n',
    `export const sourceHash = '${hash}'\n`,
    ...consts,
  ].join('\n')
}

function sourceFiles(): string[] {
  return [
    ...globSync(['contracts/src/**/*.sol', 'contracts/fixtures/*.sol'], { cwd: root }),
    'contracts/test/Wallets.sol',
    'contracts/test/RunOffs.sol',
  ]
    .map((file) => file.split(sep).join('/'))
    .toSorted()
}

function read(path: string): string {
  return readFileSync(join(root, /^(@|oz4\/)/.test(path) ? `node_modules/${path}` : path), 'utf8')
}

function versionOf(name: string): string {
  return (JSON.parse(read(`node_modules/${name}/package.json`)) as { version: string }).version
}

function isFresh(path: string): boolean {
  try {
    return read(path).includes(`export const sourceHash = '${sourceHash()}'`)
  } catch {
    return false
  }
}

function main(args: string[]): void {
  if (args.includes('--check')) {
    const stale = outputs.map((output) => output.path).filter((path) => !isFresh(path))
    if (stale.length === 0) return
    console.error(`${stale.join(', ')}: older than the Solidity sources. Run: npm run contracts`)
    process.exitCode = 1
    return
  }
  for (const [path, text] of Object.entries(generate())) {
    writeFileSync(join(root, path), text)
    console.log(`${relative(process.cwd(), join(root, path))}  ${Math.round(text.length / 1000)} kB`)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv.slice(2))
