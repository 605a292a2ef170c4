import fs from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '../../../shared')

/** The team's data lies beside the repository; a user's clone has none, and then the tests that need it say so. */
export const hasShared = fs.existsSync(root)

export function shared(file: string): string {
  return path.join(root, file)
}

export function readShared(file: string): string {
  return fs.readFileSync(shared(file), 'utf8')
}
