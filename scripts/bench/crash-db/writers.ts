/** Three writers on an embedded database; every line on stdout is a row that the server acknowledged. */
import { startEmbedded } from '../../../core/db/embedded.ts'
import { openDatabase } from '../../../core/db/open.ts'

const [dataDir = ''] = process.argv.slice(2)
const server = await startEmbedded({ dataDir })
const database = openDatabase(server.url)
const { pool } = database
await pool.query('create table if not exists written (writer int, number int, primary key (writer, number))')
const { rows } = await pool.query<{ next: number }>('select coalesce(max(number), 0) + 1 as next from written')
console.log('up')

let isEnding = false
process.on('SIGTERM', () => (isEnding = true))
await Promise.all([0, 1, 2].map((writer) => write(writer, rows[0]?.next ?? 1)))
await database.close()
await server.stop()

async function write(writer: number, from: number): Promise<void> {
  for (let number = from; !isEnding; number += 1) {
    try {
      const client = await pool.connect()
      try {
        await client.query('begin')
        await client.query('insert into written values ($1, $2)', [writer, number])
        await client.query('commit')
      } finally {
        client.release()
      }
      console.log(`${writer} ${number}`)
    } catch {
      // Not acknowledged, so it may be there or not; the next number is written instead.
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
}
