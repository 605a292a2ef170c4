import { z } from 'zod'
import { readChoices } from './choices.ts'
import type { Matter, NotExpressed, Read } from './matter.ts'

const proposal = z.object({
  space_name: z.string().trim().min(1).max(60).catch('Snapshot'),
  title: z.string().trim().min(1),
  body: z.string().default(''),
  choices: z.array(z.string()).max(200),
  scores: z.array(z.number().nonnegative()).max(200),
  votes: z.number().int().nonnegative(),
  type: z.string(),
  discussion: z.string().optional().catch(undefined),
})
const single = new Set(['basic', 'single-choice'])

/** Off-chain proposals of Snapshot, one JSON object a line, with the scores of each choice. */
export function readSnapshot(text: string, file: string): Read {
  const rows = text
    .split('\n')
    .map((line, index) => ({ line, source: `${file}:${index + 1}` }))
    .filter(({ line }) => line.trim() !== '')
    .map(({ line, source }) => readRow(line, source))
  return {
    matters: rows.filter((row) => 'body' in row),
    notExpressed: rows.filter((row) => 'reason' in row),
  }
}

function readRow(line: string, source: string): Matter | NotExpressed {
  const json = parse(line)
  const title = titleIn(json)
  const no = (reason: string): NotExpressed => ({ source, title, reason })
  const row = proposal.safeParse(json)
  if (!row.success) {
    const [issue] = row.error.issues
    return no(
      json === undefined ? 'the line is no JSON' : `the field ${issue?.path.join('.') ?? ''} is missing or wrong`,
    )
  }
  const { choices, scores, votes, type, body, discussion, space_name: house } = row.data
  if (!single.has(type)) return no(`its rule is “${type}”, and a Governor counts single choice only`)
  if (scores.length !== choices.length) return no(`it has ${choices.length} choices and ${scores.length} scores`)
  const supports = readChoices(choices)
  if (typeof supports === 'string') return no(supports)
  if (scores.every((score) => score === 0)) return no('nobody voted on it in the data')
  return {
    source,
    house,
    title,
    body: [body, ...(discussion ? [`Discussion: ${discussion}`] : [])].join('\n\n'),
    said: [],
    result: {
      voters: votes,
      choices: supports.map((support, index) => ({
        words: choices[index]?.trim() ?? '',
        support,
        score: scores[index] ?? 0,
      })),
    },
  }
}

const titleIn = (json: unknown): string => z.object({ title: z.string().trim() }).safeParse(json).data?.title ?? ''

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
