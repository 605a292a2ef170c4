/** `npm run bench -- <name> [--json]`: runs `scripts/bench/<name>.ts`; with `--json` the last line is one object. */
import fs from 'node:fs'
import path from 'node:path'

type Bench = { run(args: string[]): Promise<object> }

const folder = path.join(import.meta.dirname, 'bench')
const names = fs
  .readdirSync(folder)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -3))
const [name, ...args] = process.argv.slice(2)

if (!name || !names.includes(name)) {
  console.error(`Usage: npm run bench -- <${names.join(' | ')}> [--json]`)
  process.exitCode = 2
} else {
  const bench = (await import(`./bench/${name}.ts`)) as Bench
  const result = await bench.run(args)
  if (args.includes('--json')) console.log(JSON.stringify(result))
}
