import fs from 'node:fs'
import path from 'node:path'
import { evaluateThreads } from './evaluate/email.ts'
import { evaluateMeetings } from './evaluate/qmsum.ts'

/** How good the extracts are on public data, against the floors they are held to. Needs the team's data beside the repository. */
const data = path.resolve(import.meta.dirname, '../../shared/data/ai')
if (!fs.existsSync(data)) {
  console.log(`nothing to measure: ${data} is not there`)
  process.exit(0)
}

const read = (file: string): string => fs.readFileSync(path.join(data, file), 'utf8')
const meetings = evaluateMeetings(read('qmsum/val.jsonl'))
const threads = evaluateThreads(read('convosumm-email/val-120.jsonl'))

const figures = [
  {
    measure: 'QMSum meetings, 110 words: ROUGE-1 above the first words',
    value: meetings.r1 - meetings.lead,
    floor: 3.5,
  },
  { measure: 'QMSum meetings: topics touched, %', value: meetings.topics, floor: 55 },
  { measure: 'QMSum questions: gold words within 1,500, %', value: meetings.questions, floor: 48 },
  { measure: 'E-mail threads, 67 words: ROUGE-1 above the first words', value: threads.r1 - threads.lead, floor: -0.3 },
]
for (const { measure, value, floor } of figures)
  console.log(`${value >= floor ? 'ok  ' : 'LOW '} ${value.toFixed(1).padStart(6)} (floor ${floor})  ${measure}`)
if (figures.some(({ value, floor }) => value < floor)) process.exitCode = 1
