import { z } from 'zod'
import { extractDecisions } from '../../core/ai/extract/decisions.ts'
import { readPassages } from '../../core/ai/sources.ts'

const lines = 20
const nearMs = 60_000
const decided = z.object({ key_decisions: z.array(z.object({ timestamp: z.string() })) })

/** Forkcast calls: the share of moments with a noted decision that lie within a minute of one of the picked lines, in percent. */
export function evaluateCalls(calls: { transcript: string; decisions: string }[]): number {
  let found = 0
  let all = 0
  for (const { transcript, decisions } of calls) {
    const messages = readPassages({ title: '', body: '', messages: readCues(transcript) })
    const picked = extractDecisions(messages, lines, { cuesOnly: false })
    const moments = new Set(decided.parse(JSON.parse(decisions)).key_decisions.map(({ timestamp }) => ms(timestamp)))
    for (const at of moments) {
      all += 1
      if (picked.some(({ source }) => Math.abs((source.at ?? 0) - at) <= nearMs)) found += 1
    }
  }
  return (100 * found) / all
}

function readCues(vtt: string): { author: string; at: number; text: string }[] {
  return vtt.split(/\r?\n\r?\n/).flatMap((block) => {
    const [, from = '', author = '', text = ''] =
      /(\d\d:\d\d:\d\d\.\d{3}) --> [^\n]*\n(?:([^:\n]{1,60}): )?([^]*)/.exec(block.replaceAll('\r', '')) ?? []
    return text ? [{ author, at: ms(from), text: text.replaceAll('\n', ' ') }] : []
  })
}

function ms(clock: string): number {
  return clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0) * 1_000
}
