/** `npm run simulate -- <name> [--json] [--seed=n]`: runs `scripts/simulate/<name>/index.ts`; with `--json` the last line is one object. */
import fs from 'node:fs'
import path from 'node:path'

type Simulation = { run(args: string[]): object }

const folder = path.join(import.meta.dirname, 'simulate')
const names = fs.readdirSync(folder)
const [name, ...args] = process.argv.slice(2)

if (!name || !names.includes(name)) {
  console.error(`Usage: npm run simulate -- <${names.join(' | ')}> [--json] [--seed=n]`)
  process.exitCode = 2
} else {
  const simulation = (await import(`./simulate/${name}/index.ts`)) as Simulation
  const result = simulation.run(args)
  if (args.includes('--json')) console.log(JSON.stringify(result))
}
