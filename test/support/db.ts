import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { openDatabase, type OpenDatabase } from '../../core/db/open.ts'

/** A database of its own for a test file: a clone of the migrated template, about 50 ms. */
export async function testDb(): Promise<OpenDatabase & { url: string }> {
  const base = inject('databaseUrl')
  const name = `t_${randomBytes(6).toString('hex')}`
  const admin = new pg.Client({ connectionString: base })
  await admin.connect()
  await admin.query(`create database ${name} template template_autoco`)
  await admin.end()
  const url = base.replace('/postgres?', `/${name}?`)
  return { ...openDatabase(url, { max: 8 }), url }
}
