import fs from 'node:fs'
import type { Hex } from 'viem'
import { UserError } from '../errors.ts'

/** The relayer's key comes from a file that only its owner may read: not from a flag or a variable, which others can see. */
export function readRelayerKey(file: string): Hex {
  let stat: fs.Stats
  let text: string
  try {
    stat = fs.statSync(file)
    text = fs.readFileSync(file, 'utf8').trim()
  } catch (cause) {
    throw new UserError(`The key file ${file} cannot be read.`, {
      hint: 'It holds one line: 0x and 64 hex digits.',
      cause,
    })
  }
  if (process.platform !== 'win32' && (stat.mode & 0o077) !== 0) {
    throw new UserError(`Others may read the key file ${file}.`, { hint: `chmod 600 ${file}` })
  }
  if (!/^0x[0-9a-fA-F]{64}$/.test(text)) {
    throw new UserError(`The key file ${file} holds no key.`, { hint: 'It holds one line: 0x and 64 hex digits.' })
  }
  return text as Hex
}
