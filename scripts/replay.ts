/** `npm run replay -- [folder …]`: real proposals through the whole path, and whether the chain counts what the data says. */
import fs from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { UserError } from '../core/index.ts'
import { readFolder } from './replay/folder.ts'
import { planVotes } from './replay/plan.ts'
import { replay } from './replay/replay.ts'
import { figuresOf, tableOf } from './replay/report.ts'
import { startServer } from './replay/server.ts'

const shared = path.resolve(import.meta.dirname, '../../shared')
const defaults = ['data/ai/optimism-snapshot', 'data/ai/optimism-forum', 'data/governance/maker/executives-sample']

const help = `Usage: npm run replay -- [folder …]
Puts the proposals of a folder on an embedded chain, posts their cards, has voters link, sign and vote, and compares.
A folder holds Snapshot proposals (.jsonl), forum topics (.json) or executive votes (.md). Without one: ../shared/data.
Options: --voters <n>  least voters of each proposal that has a result (default 100)
         --limit <n>   only so many proposals of each folder, for a quick look
         --json        end with one JSON object
Passed on: AI_BASE_URL and its companions (without them summaries are extracts), RELAY_FLUSH_SECONDS, RELAY_BATCH_SIZE.`

try {
  await main()
} catch (error) {
  if (!(error instanceof UserError)) throw error
  console.error(`${error.message}${error.hint ? `\n${error.hint}` : ''}`)
  process.exitCode = 2
}

async function main(): Promise<void> {
  const { values, positionals } = readArguments()
  if (values.help) return console.log(help)
  const voters = whole(values.voters, '--voters')
  const limit = values.limit === undefined ? Number.POSITIVE_INFINITY : whole(values.limit, '--limit')
  const reads = foldersOf(positionals).map((folder) => readFolder(folder))
  const plan = planVotes(
    reads.flatMap(({ matters }) => matters.slice(0, limit)),
    voters,
  )
  plan.notExpressed.unshift(...reads.flatMap(({ notExpressed }) => notExpressed))
  for (const { name, votes, holdings, rule } of plan.houses)
    console.log(`${name}: ${votes.length} proposals, ${holdings.length} voters, ${rule}`)

  const server = await startServer(process.env)
  const stop = (): void => void server.stop().then(() => process.exit(130))
  process.once('SIGINT', stop)
  try {
    const result = await replay(server, plan, (words) => console.log(words))
    console.log(`\n${tableOf(result)}`)
    if (values.json) console.log(JSON.stringify(figuresOf(result)))
    process.exitCode = figuresOf(result).tallyEqual ? 0 : 1
  } catch (error) {
    console.error(server.faults())
    throw error
  } finally {
    process.off('SIGINT', stop)
    await server.stop()
  }
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        voters: { type: 'string', default: '100' },
        limit: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
  } catch (cause) {
    throw new UserError((cause as Error).message, { hint: help, cause })
  }
}

function foldersOf(named: readonly string[]): string[] {
  if (named.length > 0) return named.map((folder) => path.resolve(folder))
  if (fs.existsSync(shared)) return defaults.map((folder) => path.join(shared, folder))
  throw new UserError('Which folder? There is no ../shared beside this repository to replay from.', { hint: help })
}

function whole(text: string, name: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 1 && value <= 2_000) return value
  throw new UserError(`${name} must be a whole number from 1 to 2000, not “${text}”.`)
}
