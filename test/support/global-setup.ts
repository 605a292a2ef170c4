import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { startEmbedded } from '../../core/db/embedded.ts'
import { migrate } from '../../core/db/migrate.ts'
import { openDatabase } from '../../core/db/open.ts'
import { createQueue } from '../../core/queue/queue.ts'
import { jobs } from '../../core/features.ts'
import { createLogger } from '../../core/log.ts'
import { hasShared } from './shared.ts'

declare module 'vitest' {
  interface ProvidedContext {
    databaseUrl: string
    /** For what a run keeps while it lasts. */
    folder: string
  }
}

/** One throw-away server a run with a migrated template database; every test file clones it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'autoco-test-'))
  fs.chmodSync(folder, 0o755)
  const server = await startEmbedded({ dataDir: path.join(folder, 'pg'), throwAway: true, maxConnections: 200 })
  const admin = new pg.Client({ connectionString: server.url })
  await admin.connect()
  await admin.query('create database template_autoco')
  await admin.query('create table saved (name text primary key, value jsonb not null)')
  await admin.end()
  const url = server.url.replace('/postgres?', '/template_autoco?')
  const template = openDatabase(url)
  await migrate(template.db)
  await template.close()
  const queue = await createQueue({ url, jobs, log: createLogger({ level: 'silent' }) })
  await queue.stop()
  project.provide('databaseUrl', server.url)
  project.provide('folder', folder)
  if (!hasShared) console.log('../shared is not here: tests that read its data are left out')
  return async () => {
    await server.stop()
    fs.rmSync(folder, { recursive: true, force: true })
  }
}
