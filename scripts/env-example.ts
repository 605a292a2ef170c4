/** Writes `.env.example` from the settings; `--check` only says whether it is fresh. */
import fs from 'node:fs'
import path from 'node:path'
import { environmentExample } from '../core/config.ts'

const file = path.join(import.meta.dirname, '..', '.env.example')
const text = environmentExample()

if (!process.argv.includes('--check')) fs.writeFileSync(file, text)
else if (!fs.existsSync(file) || fs.readFileSync(file, 'utf8') !== text) {
  console.error('.env.example is stale: run node scripts/env-example.ts')
  process.exitCode = 1
}
