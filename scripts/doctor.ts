/** `npm run doctor [-- --json]`: holds every setting against the outside, and says what to do about what is wrong. */
import fs from 'node:fs'
import { parseConfig } from '../core/config.ts'
import { UserError } from '../core/errors.ts'
import { fileFaults } from '../core/chain/setting-files.ts'
import { checkChainSide } from './doctor/chain.ts'
import { checkDatabase } from './doctor/database.ts'
import type { Finding } from './doctor/finding.ts'
import { checkDiscussions, checkModel, checkPublicUrl } from './doctor/servers.ts'

if (fs.existsSync('.env')) process.loadEnvFile('.env')
const findings = await examine()
const isWell = findings.every((finding) => finding.state !== 'bad')

for (const { state, what, found, todo } of findings) {
  const mark = { ok: 'ok  ', note: 'note', bad: 'BAD ' }[state]
  console.log(`${mark} ${what}: ${found}${todo ? `\n       → ${todo}` : ''}`)
}
console.log(isWell ? '\nNothing is wrong.' : '\nMend what is marked BAD, then run this again.')
if (process.argv.includes('--json')) console.log(JSON.stringify({ ok: isWell, findings }))
process.exitCode = isWell ? 0 : 1

async function examine(): Promise<Finding[]> {
  let config: ReturnType<typeof parseConfig>
  try {
    config = parseConfig(process.env, fileFaults)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const faults = error.message.split('\n').slice(1)
    return faults.map((fault) => ({ state: 'bad', what: 'settings', found: fault.trim(), todo: error.hint }))
  }
  const groups = await Promise.all([
    checkChainSide(config),
    checkDatabase(config),
    checkPublicUrl(config),
    checkModel(config),
    checkDiscussions(config),
  ])
  return [{ state: 'ok', what: 'settings', found: 'all can be read' }, ...groups.flat()]
}
