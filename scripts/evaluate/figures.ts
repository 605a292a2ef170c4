import fs from 'node:fs'
import path from 'node:path'
import { evaluateSides } from './argkp.ts'
import { evaluateThreads } from './email.ts'
import { evaluateCalls } from './forkcast.ts'
import { evaluateMeetings } from './qmsum.ts'

export type Figure = { measure: string; value: number; floor: number }

/** How good the extracts are, by the public data in a folder, with the floors that they are held to. */
export const measures: Record<string, (folder: string) => Figure[]> = {
  meetings(folder) {
    const { r1, lead, topics, questions } = evaluateMeetings(read(folder, 'qmsum/val.jsonl'))
    return [
      { measure: 'QMSum meetings, 110 words: ROUGE-1 above the first words', value: r1 - lead, floor: 3.5 },
      { measure: 'QMSum meetings: topics touched, %', value: topics, floor: 55 },
      { measure: 'QMSum questions: gold words within 1,500, %', value: questions, floor: 48 },
    ]
  },
  threads(folder) {
    const { r1, lead } = evaluateThreads(read(folder, 'convosumm-email/val-120.jsonl'))
    return [{ measure: 'E-mail threads, 67 words: ROUGE-1 above the first words', value: r1 - lead, floor: -0.3 }]
  },
  sides(folder) {
    const { mean, worst } = evaluateSides({
      arguments: read(folder, 'argkp/arguments_dev.csv'),
      labels: read(folder, 'argkp/labels_dev.csv'),
    })
    return [
      { measure: 'ArgKP: key points of a side that are touched, mean, %', value: mean, floor: 55 },
      { measure: 'ArgKP: the same, worst side, %', value: worst, floor: 20 },
    ]
  },
  decisions(folder) {
    const calls = fs.readdirSync(path.join(folder, 'forkcast')).flatMap((name) => {
      const files = fs.readdirSync(path.join(folder, 'forkcast', name))
      const transcript = ['transcript_corrected.vtt', 'transcript.vtt'].find((file) => files.includes(file))
      if (!transcript || !files.includes('key_decisions.final.json')) return []
      const of = (file: string): string => read(folder, path.join('forkcast', name, file))
      return [{ transcript: of(transcript), decisions: of('key_decisions.final.json') }]
    })
    const value = evaluateCalls(calls)
    return [{ measure: 'Forkcast calls: decisions within a minute of 20 lines, %', value, floor: 60 }]
  },
}

const read = (folder: string, file: string): string => fs.readFileSync(path.join(folder, file), 'utf8')
