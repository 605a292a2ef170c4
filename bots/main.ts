/** Starts AutoCo: settings → database and chain → context → app → web → listener, workers, clock. */
import fs from 'node:fs'
import path from 'node:path'
import { parseConfig } from '../core/config.ts'
import { createLogger } from '../core/log.ts'
import { fileFaults } from '../core/chain/setting-files.ts'
import { startChain } from './start/chain.ts'
import { startDatabase } from './start/database.ts'
import { fail } from './start/fail.ts'
import { banner } from './start/banner.ts'
import { createStops } from './start/stops.ts'
import { freePort } from './world/devchain.ts'

const stops = createStops()
const starting: Promise<unknown>[] = []

try {
  await start()
} catch (error) {
  process.exitCode = fail(error)
  // What is still starting can be stopped once it stands.
  await Promise.allSettled(starting)
  await stops.run()
  process.exit()
}

async function start(): Promise<void> {
  if (fs.existsSync('.env')) process.loadEnvFile('.env')
  const settings = parseConfig(process.env, fileFaults)
  const isEmbedded = settings.RPC_URL === undefined
  // Links are made with the port, so it has to be known before the server listens.
  const config = settings.PORT === 0 ? Object.freeze({ ...settings, PORT: await freePort() }) : settings
  const home = path.resolve(config.AUTOCO_HOME)
  const logFile = isEmbedded ? path.join(home, 'autoco.log') : undefined
  const log = createLogger({ level: config.LOG_LEVEL, file: logFile })
  stops.onSignals(log)
  const step = (done: string): void => log.info({ ms: Math.round(performance.now()) }, done)

  // The servers start while the code is still being read from the disk.
  const databaseStart = startDatabase({ config, home, log, stops })
  const chainStart = startChain({ config, home, log, stops })
  starting.push(databaseStart, chainStart)
  const servers = Promise.all([databaseStart, chainStart])
  servers.catch(() => {})
  const [
    { createApp },
    { createKv },
    { jobs, kinds, ticks },
    { createQueue },
    { startClock },
    { heal },
    { startListener },
    { createModelFrom },
    { createWeb },
    platforms,
    { notesOf },
  ] = await Promise.all([
    import('../core/app.ts'),
    import('../core/db/keyv.ts'),
    import('../core/features.ts'),
    import('../core/queue/queue.ts'),
    import('../core/queue/clock.ts'),
    import('../core/relay/jobs/heal.ts'),
    import('../core/listen/listener.ts'),
    import('./start/model.ts'),
    import('./web/index.ts'),
    import('./start/platforms.ts').then(({ loadPlatforms }) => loadPlatforms(config)),
    import('./start/notes.ts'),
    import('pg-boss'),
  ])
  const [database, { chain, world }] = await servers

  step('database and chain are up')
  const queue = await createQueue({ url: database.url, jobs, log })
  stops.add('queue', () => queue.stop())
  const { db, pool } = database
  const kv = createKv(pool)
  const ai = createModelFrom(config, db)
  const ctx = { config, db, kv, queue, chain, ai, log, now: Date.now, kinds }

  const hasPlayground = config.PLAYGROUND ? config.PLAYGROUND === 'on' : isEmbedded
  const web = createWeb({
    config,
    playground: hasPlayground
      ? { people: world?.people ?? [], ...(world ? { welcome: (address) => world.welcome(address) } : {}) }
      : undefined,
  })
  const app = createApp(ctx, [web, ...platforms])
  await web.start(app)
  step('web server is up')
  stops.add('web', () => web.stop())

  await queue.work(jobs, ctx)
  await world?.introduce(ctx)
  step('work begins')
  for (const platform of platforms) stops.add(platform.name, () => platform.stop())
  await Promise.all(platforms.map((platform) => platform.start(app)))
  if (platforms.length > 0) step('chat platforms are up')
  const listener = await startListener(ctx)
  stops.add('listener', () => listener.stop())
  const clock = startClock(ctx, ticks)
  stops.add('clock', async () => clock.stop())
  heal(ctx).catch((error: unknown) => log.warn({ error }, 'what waits for the relayer waits for the clock'))
  await world?.live(ctx, web.url)

  const runFile = path.join(home, 'run.json')
  fs.mkdirSync(home, { recursive: true })
  fs.writeFileSync(
    runFile,
    JSON.stringify({ pid: process.pid, url: web.url, databaseUrl: database.url, rpcUrl: chain.url }),
    { mode: 0o600 },
  )
  stops.add('run file', () => fs.promises.rm(runFile, { force: true }))
  await world?.firstCard(ctx)
  console.log(
    banner({ config, url: web.url, home, logFile, isEmbedded, rpcUrl: world && chain.url, notes: notesOf(platforms) }),
  )
  console.log(`ready in ${Math.round(performance.now())} ms`)
}
