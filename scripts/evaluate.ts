import fs from 'node:fs'
import path from 'node:path'
import { measures } from './evaluate/figures.ts'

/** How good the extracts are on public data, against the floors they are held to. Needs the team's data beside the repository. */
const data = path.resolve(import.meta.dirname, '../../shared/data/ai')
if (!fs.existsSync(data)) {
  console.log(`nothing to measure: ${data} is not there`)
  process.exit(0)
}

const figures = Object.values(measures).flatMap((measure) => measure(data))
for (const { measure, value, floor } of figures)
  console.log(`${value >= floor ? 'ok  ' : 'LOW '} ${value.toFixed(1).padStart(6)} (floor ${floor})  ${measure}`)
if (figures.some(({ value, floor }) => value < floor)) process.exitCode = 1
