import fs from 'node:fs'
import path from 'node:path'
import { UserError } from '../../core/index.ts'
import { readExecutive } from './executive.ts'
import { readTopic } from './forum.ts'
import type { Matter, NotExpressed, Read } from './matter.ts'
import { readSnapshot } from './snapshot.ts'

type File = { text: string; source: string }
type Kind = (file: File) => (Matter | NotExpressed)[]

const kinds: Record<string, Kind> = {
  '.jsonl': ({ text, source }) => {
    const { matters, notExpressed } = readSnapshot(text, source)
    return [...matters, ...notExpressed]
  },
  '.json': ({ text, source }) => [readTopic(text, source) ?? []].flat(),
  '.md': ({ text, source }) => [readExecutive(text, source) ?? []].flat(),
}

/** Everything in a folder that can be put to a vote, in the order of the file names; which kind it is, its files say. */
export function readFolder(folder: string): Read {
  const names = namesIn(folder)
  const rows = names.flatMap((name) => {
    const read = kinds[path.extname(name)]
    const text = read && fs.readFileSync(path.join(folder, name), 'utf8')
    return read && text !== undefined ? read({ text, source: path.join(path.basename(folder), name) }) : []
  })
  if (rows.length === 0)
    throw new UserError(`There is nothing to replay in ${folder}.`, {
      hint: 'It may hold Snapshot proposals (.jsonl), forum topics (.json) or executive votes (.md).',
    })
  return {
    matters: rows.filter((row) => 'body' in row),
    notExpressed: rows.filter((row) => 'reason' in row),
  }
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder).toSorted()
  } catch (cause) {
    throw new UserError(`There is no folder ${folder}.`, { hint: 'npm run replay -- <folder>', cause })
  }
}
