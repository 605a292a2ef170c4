import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, posix } from 'node:path'
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

/** The generated files. Each is compiled alone, so that a change of one leaves the other fresh. */
const outputs: Record<string, Artifact[]> = {
  'contracts/generated.ts': product,
  'test/support/generated.ts': forTests,
}

const manyRuns = 10_000
const settings = {
  viaIR: true,
  evmVersion: 'cancun',
  metadata: { bytecodeHash: 'none', appendCBOR: false },
}
const asked = ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object']
/** Of a contract's code on chain, EIP-170. */
const sizeLimit = 24_576

/** All that decides what the compiler says. */
type Input = {
  compiler: string
  settings: object
  artifacts: Required<Artifact>[]
  /** By path: the artifacts' files and all that they import, the library's too. */
  sources: Record<string, string>
}
type Compiled = { abi: unknown[]; evm: { bytecode: { object: string }; deployedBytecode: { object: string } } }
type Output = {
  errors?: { severity: string; formattedMessage: string }[]
  contracts: Record<string, Record<string, Compiled>>
}

/** What each generated file is to be made of, by its path. */
export function readInputs(): Record<string, Input> {
  const compiler = (JSON.parse(read('node_modules/solc/package.json')) as { version: string }).version
  return Object.fromEntries(
    Object.entries(outputs).map(([path, list]) => {
      const artifacts = list.map((artifact) => ({ runs: manyRuns, ...artifact }))
      return [path, { compiler, settings, artifacts, sources: readSources(list.map(({ file }) => file)) }]
    }),
  )
}

export function hashOf(input: Input): string {
  return sha256(JSON.stringify(input))
}

/**
 * Why a generated file is not to be trusted, without compiling anything; undefined when it is fresh. Who edits it and seals it
 * anew on purpose is found by `--verify` only.
 */
export function faultOf(text: string, input: Input): string | undefined {
  const [, sourceHash, contentHash, content] = sealed.exec(text) ?? []
  if (sourceHash !== hashOf(input)) return 'older than the Solidity sources'
  if (contentHash !== sealOf(sourceHash, content!)) return 'edited by hand'
  return undefined
}

/** Compiles, and returns the text of the generated file. */
function generate(input: Input): string {
  const compiled = compile(input)
  const consts = input.artifacts.map(({ name, contract, runs }) => {
    const { abi, evm } = compiled[contract]!
    const size = evm.deployedBytecode.object.length / 2
    if (size > sizeLimit) throw new Error(`${contract} has ${size} bytes, the limit is ${sizeLimit}`)
    const facts = `  contract: '${contract}',\n  optimizerRuns: ${runs},\n  size: ${size},\n`
    const made = `  abi: ${JSON.stringify(abi)},\n  bytecode: '0x${evm.bytecode.object}',\n`
    return `export const ${name} = {\n${facts}${made}} as const\n`
  })
  return seal(hashOf(input), consts.join('\n'))
}

/** Contracts by name, each as its own settings say. */
function compile({ settings, artifacts, sources }: Input): Record<string, Compiled> {
  const solc = require('solc') as { compile(input: string, callbacks: object): string }
  // Nothing that is not hashed is compiled.
  const find = (path: string) => (path in sources ? { contents: sources[path] } : { error: `${path} was not read` })
  const compiled = [...Map.groupBy(artifacts, ({ runs }) => runs)].map(([runs, group]) => {
    const files = group.map(({ file }) => file)
    const input = {
      language: 'Solidity',
      sources: Object.fromEntries(files.map((file) => [file, { content: sources[file] }])),
      settings: {
        ...settings,
        optimizer: { enabled: true, runs },
        outputSelection: Object.fromEntries(files.map((file) => [file, { '*': asked }])),
      },
    }
    const output = JSON.parse(solc.compile(JSON.stringify(input), { import: find })) as Output
    const faults = output.errors?.filter((error) => error.severity === 'error') ?? []
    if (faults.length > 0) throw new Error(faults.map((fault) => fault.formattedMessage).join('\n'))
    return group.map(({ file, contract }) => {
      const made = output.contracts[file]?.[contract]
      if (!made) throw new Error(`${contract} is not in ${file}`)
      return [contract, made] as const
    })
  })
  return Object.fromEntries(compiled.flat())
}

const head = '// Generated by `npm run contracts` from the Solidity sources. Do not edit.\n'
const sealed = new RegExp(
  `^${head}\nexport const sourceHash = '(\\w+)'\nexport const contentHash = '(\\w+)'\n\n([^]*)$`,
)

function seal(sourceHash: string, content: string): string {
  const contentHash = sealOf(sourceHash, content)
  return `${head}\nexport const sourceHash = '${sourceHash}'\nexport const contentHash = '${contentHash}'\n\n${content}`
}

/** Covers the hash of the sources too, so that a new one cannot be pasted over what was compiled from older ones. */
function sealOf(sourceHash: string, content: string): string {
  return sha256(`${sourceHash}\n${content}`)
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** The files and all that they import, in the order of their paths. */
function readSources(files: string[]): Record<string, string> {
  const sources = new Map<string, string>()
  const visit = (file: string): void => {
    if (sources.has(file)) return
    const text = read(/^(@|oz4\/)/.test(file) ? `node_modules/${file}` : file)
    sources.set(file, text)
    for (const [, path] of text.matchAll(/^import\s[^"';]*["']([^"']+)["']/gm)) {
      visit(path!.startsWith('.') ? posix.join(posix.dirname(file), path!) : path!)
    }
  }
  files.forEach(visit)
  return Object.fromEntries([...sources].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

/**
 * `npm run contracts` compiles what is not fresh. `--check` only says so; `--verify` compiles everything anew, two minutes on a
 * processor, and compares.
 */
function main(args: string[]): void {
  for (const [path, input] of Object.entries(readInputs())) {
    const verify = args.includes('--verify')
    const fault = verify ? differenceOf(path, input) : faultOf(readGenerated(path), input)
    if (!fault) console.log(`${path}: ${verify ? 'what the sources compile to' : 'fresh'}`)
    else if (verify || args.includes('--check')) {
      console.error(`${path}: ${fault}. Run: npm run contracts`)
      process.exitCode = 1
    } else {
      const text = generate(input)
      writeFileSync(join(root, path), text)
      console.log(`${path}: ${Math.round(text.length / 1000)} kB`)
    }
  }
}

function differenceOf(path: string, input: Input): string | undefined {
  return readGenerated(path) === generate(input) ? undefined : 'not what the sources compile to'
}

function readGenerated(path: string): string {
  return existsSync(join(root, path)) ? read(path) : ''
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv.slice(2))
