/** `npm run audit -- <ref>`: is the tally of a proposal what its ballots say? Reads the chain, trusts nothing of ours. */
import fs from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { isAddress, type Address } from 'viem'
import { z } from 'zod'
import { audit, tallyWords } from './audit/audit.ts'
import { connect, readEvidence, type Evidence } from './audit/chain.ts'
import { resolveRef } from './audit/database.ts'

const help = `Usage: npm run audit -- <ref>                                   a proposal of the AutoCo that runs in this folder
       npm run audit -- <governor address>/<proposal id> --rpc <url>   any governor, no database at all
Options: --rpc <url>        JSON-RPC to read from
         --database <url>   compare with this database too
         --home <folder>    where AutoCo runs (default .autoco)
         --save-logs <file> keep the logs that were read
         --logs <file>      judge this copy of the logs instead
         --json             end with one JSON object`

const running = z.object({ databaseUrl: z.string(), rpcUrl: z.string() })

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rpc: { type: 'string' },
    database: { type: 'string' },
    home: { type: 'string', default: '.autoco' },
    'save-logs': { type: 'string' },
    logs: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

const [subject] = positionals
if (values.help || !subject) stop(help, values.help ? 0 : 2)
else await main(subject)

async function main(subject: string): Promise<void> {
  const run = await fs.readFile(path.join(values.home, 'run.json'), 'utf8').then(
    (text) => running.parse(JSON.parse(text)),
    () => undefined,
  )
  const rpcUrl = values.rpc ?? run?.rpcUrl
  const databaseUrl = values.database ?? run?.databaseUrl
  if (!rpcUrl)
    return stop(
      `AutoCo does not run in ${values.home}, so name the chain: --rpc <url>. Or start it first: npm start`,
      2,
    )
  const target = await targetOf(subject, databaseUrl)
  if (!target)
    return stop(
      `I know no proposal “${subject}”. ${databaseUrl ? 'Type a ref as /proposals shows it' : 'Start AutoCo first'}, or <governor address>/<proposal id>.`,
      2,
    )

  const evidence = await evidenceOf(rpcUrl, target.governor)
  const database = databaseUrl && target.isRef ? { url: databaseUrl, ref: subject } : undefined
  const result = await audit({ rpcUrl, ...target, evidence, database })

  console.log(
    `Proposal ${subject}: ${result.votes} votes, ${result.ballots} by relayed ballot, ${result.direct} by the wallet itself`,
  )
  console.log(`Recount:  ${tallyWords(result.tally)}`)
  console.log(`Contract: ${tallyWords(result.contract)}`)
  console.log(database ? 'Compared with the database, row by row.' : 'No database was compared.')
  for (const finding of result.findings) console.log(`NOT EQUAL at ${finding.where}: ${finding.what}`)
  console.log(
    result.equal ? 'EQUAL' : `NOT EQUAL: ${result.findings.length} finding${result.findings.length === 1 ? '' : 's'}`,
  )
  if (values.json)
    console.log(
      JSON.stringify(result, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)),
    )
  process.exitCode = result.equal ? 0 : 1
}

async function targetOf(
  subject: string,
  databaseUrl: string | undefined,
): Promise<{ governor: Address; proposalId: bigint; isRef: boolean } | undefined> {
  const [governor, id] = subject.split('/')
  if (governor && id && isAddress(governor) && /^\d+$/.test(id))
    return { governor, proposalId: BigInt(id), isRef: false }
  if (!databaseUrl) return undefined
  const found = await resolveRef(databaseUrl, subject.toLowerCase())
  return found && { governor: found.governor, proposalId: found.proposalId, isRef: true }
}

async function evidenceOf(rpcUrl: string, governor: Address): Promise<Evidence> {
  if (values.logs) return JSON.parse(await fs.readFile(values.logs, 'utf8')) as Evidence
  const evidence = await readEvidence(connect(rpcUrl), { governor })
  if (values['save-logs']) await fs.writeFile(values['save-logs'], JSON.stringify(evidence, undefined, 1))
  return evidence
}

function stop(words: string, code: number): void {
  console.error(words)
  process.exitCode = code
}
