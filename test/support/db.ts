import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { openDatabase, type OpenDatabase } from '../../core/db/open.ts'

/** A database of its own for a test file: a clone of a template, by default the one that is migrated and no more. Copying files is a quarter of the work. */
export async function testDb(template = 'template_autoco'): Promise<OpenDatabase & { url: string; name: string }> {
  const base = inject('databaseUrl')
  const name = `t_${randomBytes(6).toString('hex')}`
  const admin = new pg.Client({ connectionString: base })
  await admin.connect()
  await admin.query(`create database ${name} template ${template} strategy file_copy`)
  await admin.end()
  const url = base.replace('/postgres?', `/${name}?`)
  return { ...openDatabase(url, { max: 8 }), url, name }
}
