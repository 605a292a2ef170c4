/** `npm run audit -- <ref>`: is the tally of a proposal what its ballots say? Reads the chain, trusts nothing of ours. */
import fs from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { getAddress, isAddress, type Address, type PublicClient } from 'viem'
import { z } from 'zod'
import { audit, type Audit } from './audit/audit.ts'
import { connect, readGovernor } from './audit/chain.ts'
import { tallyWords } from './audit/counting.ts'
import { resolveRef } from './audit/database.ts'
import { parseEvidence, readEvidence, type Evidence } from './audit/evidence.ts'

const help = `Usage: npm run audit -- <ref>                                   a proposal of the AutoCo that runs in this folder
       npm run audit -- <governor address>/<proposal id> --rpc <url>   any governor, no database at all
Options: --rpc <url>        JSON-RPC to read from
         --database <url>   compare with this database too
         --home <folder>    where AutoCo runs (default .autoco)
         --from <block>     read logs from this block on (default 0)
         --save-logs <file> keep the logs that were read
         --logs <file>      judge this copy of the logs instead
         --json             end with one JSON object
Ends with 0 when all is equal, 1 when not, 2 when nothing could be compared.`

const running = z.object({ databaseUrl: z.string(), rpcUrl: z.string() })

class Unanswerable extends Error {}

const { values, positionals } = arguments_()
const [subject] = positionals
if (values.help || !subject) stop(help, values.help ? 0 : 2)
else await main(subject).catch((error: unknown) => stop(wordsOf(error), 2))

function arguments_() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        rpc: { type: 'string' },
        database: { type: 'string' },
        home: { type: 'string', default: '.autoco' },
        from: { type: 'string', default: '0' },
        'save-logs': { type: 'string' },
        logs: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    stop(`${(error as Error).message}\n${help}`, 2)
    process.exit()
  }
}

async function main(ref: string): Promise<void> {
  const run = await fs.readFile(path.join(values.home, 'run.json'), 'utf8').then(
    (text) => running.parse(JSON.parse(text)),
    () => undefined,
  )
  const rpcUrl = values.rpc ?? run?.rpcUrl
  const databaseUrl = values.database ?? run?.databaseUrl
  if (!rpcUrl)
    throw new Unanswerable(
      `AutoCo does not run in ${values.home}, so name the chain: --rpc <url>. Or start it first: npm start`,
    )
  const target = await targetOf(ref, databaseUrl)
  const client = connect(rpcUrl)
  const governor = await readGovernor(client, target.governor)
  if (typeof governor === 'string') throw new Unanswerable(governor)
  const evidence = await evidenceOf(client, target)
  const database = databaseUrl && target.isRef ? { url: databaseUrl, ref: ref.toLowerCase() } : undefined
  const result = await audit(client, { governor, evidence, database })
  show(ref, result, database !== undefined)
  if (values.json)
    console.log(
      JSON.stringify(result, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)),
    )
  process.exitCode = result.equal ? 0 : 1
}

type Target = { governor: Address; proposalId: bigint; isRef: boolean }

async function targetOf(ref: string, databaseUrl: string | undefined): Promise<Target> {
  const [governor, id] = ref.split('/')
  if (governor && id && isAddress(governor) && /^\d+$/.test(id))
    return { governor: getAddress(governor), proposalId: BigInt(id), isRef: false }
  const found = databaseUrl && (await resolveRef(databaseUrl, ref.toLowerCase()))
  if (found) return { ...found, isRef: true }
  const where = databaseUrl ? 'Type a ref as /proposals shows it' : 'Start AutoCo first'
  throw new Unanswerable(`I know no proposal “${ref}”. ${where}, or <governor address>/<proposal id>.`)
}

async function evidenceOf(client: PublicClient, target: Target): Promise<Evidence> {
  if (!/^\d+$/.test(values.from)) throw new Unanswerable(`--from must be a block number, not “${values.from}”.`)
  if (values.logs) {
    const copy = parseEvidence(await fs.readFile(values.logs, 'utf8'), target)
    if (typeof copy === 'string') throw new Unanswerable(copy)
    const chainId = await client.getChainId()
    if (copy.chainId !== chainId)
      throw new Unanswerable(`The copy is of chain ${copy.chainId}, and the RPC answers for chain ${chainId}.`)
    return copy
  }
  const evidence = await readEvidence(client, { ...target, fromBlock: BigInt(values.from) })
  if (values['save-logs']) await fs.writeFile(values['save-logs'], JSON.stringify(evidence, undefined, 1))
  return evidence
}

function show(ref: string, result: Audit, isCompared: boolean): void {
  const { votes, ballots, signed, direct, unseen, findings, tally, contract, equal } = result
  console.log(
    `Proposal ${ref}: ${votes} votes. Counted: ${ballots} ballots from seats, ${signed} signed votes, ${direct} by the wallet itself.`,
  )
  if (unseen > 0) console.log(`${unseen} of them came through a contract that hides their signature from me.`)
  console.log(`Recount:  ${tallyWords(tally)}`)
  console.log(`Contract: ${tallyWords(contract)}`)
  console.log(isCompared ? 'Compared with the database, row by row.' : 'No database was compared.')
  for (const { where, what } of findings) console.log(`NOT EQUAL at ${where}: ${what}`)
  console.log(equal ? 'EQUAL' : `NOT EQUAL: ${findings.length} finding${findings.length === 1 ? '' : 's'}`)
}

/** What went wrong outside, in a sentence; addresses of nodes and databases may hold keys and are not repeated. */
function wordsOf(error: unknown): string {
  if (error instanceof Unanswerable) return error.message
  const { name, code, shortMessage, message } = error as Error & { code?: string; shortMessage?: string }
  if (code === 'ENOENT') return `There is no file ${(error as { path?: string }).path ?? ''}.`
  if (code === 'ECONNREFUSED' || code === '3D000' || code === '28P01')
    return 'The database does not answer. Is AutoCo running?'
  if (name === 'HttpRequestError' || name === 'TimeoutError') return 'The chain does not answer. Is the RPC up?'
  return `That could not be compared: ${shortMessage ?? message}`
}

function stop(words: string, code: number): void {
  console.error(words)
  process.exitCode = code
}
