/**
 * `npm run bench -- chat [--people n] [--channels n] [--only slack] [--json]`: AutoCo as a process with each platform's emulator. So many
 * people press a button at the same moment: until each is acknowledged; then a message to so many channels: its share of
 * the rate that the platform allows.
 */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { showCards } from '../../core/chat/outbox.ts'
import { openDatabase } from '../../core/db/open.ts'
import { createQueue } from '../../core/queue/queue.ts'
import { deliverJob } from '../../core/chat/jobs/deliver.ts'
import { createLogger } from '../../core/log.ts'
import { text } from '../../core/view.ts'
import { runScript } from '../../test/support/process.ts'
import { sides, type Side } from './chat/sides.ts'

type Row = { ackP50: number; ackP99: number; fanoutShare: number }

export async function run(args: string[]): Promise<object> {
  const { values } = parseArgs({
    args,
    options: {
      people: { type: 'string', default: '500' },
      channels: { type: 'string', default: '1000' },
      only: { type: 'string' },
      json: { type: 'boolean' },
    },
  })
  const [people, channels] = [Number(values.people), Number(values.channels)]
  const rows: Record<string, Row> = {}
  for (const [name, create] of Object.entries(sides)) {
    if (values.only !== undefined && values.only !== name) continue
    const side = await create()
    const row = await measure(side, { people, channels })
    rows[side.name] = row
    console.log(
      `${side.name.padEnd(9)} ${people} presses at once: acknowledged p50 ${row.ackP50} ms, p99 ${row.ackP99} ms; ` +
        `${channels} channels at ${(row.fanoutShare * side.allowed).toFixed(1)} a second, ${Math.round(row.fanoutShare * 100)} % of ${side.allowed}`,
    )
  }
  return rows
}

async function measure(side: Side, { people, channels }: { people: number; channels: number }): Promise<Row> {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'autoco-chat-'))
  fs.chmodSync(home, 0o755)
  const app = runScript('bots/main.ts', { cwd: home, env: { AUTOCO_HOME: home, PORT: '0', ...side.settings } })
  try {
    await app.ready
    const { databaseUrl } = JSON.parse(fs.readFileSync(path.join(home, 'run.json'), 'utf8')) as { databaseUrl: string }
    const acks = await pressed(side, people, databaseUrl)
    const fanoutShare = await fanOut(side, channels, databaseUrl)
    if (side.violations.length > 0)
      console.log(`${side.name}: ${side.violations.length} breaches, the first: ${side.violations[0]}`)
    return { ackP50: rank(acks, 0.5), ackP99: rank(acks, 0.99), fanoutShare }
  } finally {
    app.kill('SIGTERM')
    await app.ended
    await side.stop()
    fs.rmSync(home, { recursive: true, force: true })
  }
}

/** A card of an open proposal, and everybody presses the same button of it. */
async function pressed(side: Side, people: number, databaseUrl: string): Promise<number[]> {
  const database = openDatabase(databaseUrl, { max: 1 })
  const dao = await database.db.selectFrom('dao').select(['address', 'slug']).orderBy('id').executeTakeFirstOrThrow()
  await database.close()
  await side.type(`watch ${dao.address}`)
  const line = await until(() => side.card(`vote ${dao.slug}-`))
  return await side.pressAll(people, line)
}

/** The same message to all channels, as an announcement leaves the outbox. */
async function fanOut(side: Side, count: number, databaseUrl: string): Promise<number> {
  const database = openDatabase(databaseUrl, { max: 2 })
  const queue = await createQueue({ url: databaseUrl, jobs: [deliverJob], log: createLogger({ level: 'silent' }) })
  const view = { title: 'Fan-out', body: [text('The same words to every channel.')] }
  const cards = side.addRooms(count).map((channel) => ({ key: `bench/${channel}`, platform: side.name, channel, view }))
  await until(async () => {
    const { open } = await database.db
      .selectFrom('effect')
      .select((eb) => eb.fn.countAll<string>().as('open'))
      .where('shown_hash', 'is distinct from', (eb) => eb.ref('wanted_hash'))
      .where('state', '<>', 'gone')
      .where('platform', '=', side.name)
      .executeTakeFirstOrThrow()
    const answering = await database.db
      .selectFrom('inbox')
      .select('key')
      .where('done_at', 'is', null)
      .limit(1)
      .execute()
    return (open === '0' && answering.length === 0) || undefined
  })
  await database.db.transaction().execute((trx) => showCards(trx, queue, cards))
  const posted = await until(() => (side.posted().length >= count ? side.posted() : undefined))
  await queue.stop()
  await database.close()
  const sorted = [...posted].sort((a, b) => a - b)
  // The first tenth is the burst that a platform allows after a rest.
  const from = Math.floor(count / 10)
  const seconds = ((sorted.at(-1) ?? 0) - (sorted[from] ?? 0)) / 1_000
  return Number(((count - 1 - from) / seconds / side.allowed).toFixed(3))
}

async function until<T>(look: () => T | undefined | Promise<T | undefined>, patienceMs = 300_000): Promise<T> {
  const deadline = Date.now() + patienceMs
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (Date.now() > deadline) throw new Error('It did not come to pass in time.')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const rank = (list: readonly number[], share: number): number =>
  Math.round([...list].sort((a, b) => a - b)[Math.ceil(list.length * share) - 1] ?? 0)
