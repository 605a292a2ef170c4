import path from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Small files that take long, longest first: what begins last should be short, so that all workers end together. */
const long = [
  'journeys/challenge',
  'journeys/crash',
  'bots/main',
  'bots/process',
  'core/listen/storm',
  'core/reminders/remind',
  'scripts/deploy',
  'core/mesh/model',
  'journeys/browser',
  'journeys/three-platforms',
  'scripts/replay',
]

/** Longest first. vitest goes by the last run where it remembers one and else by size; what it cannot know stands above. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const rank = ({ moduleId }: TestSpecification): number => {
      const name = path.relative(path.resolve(import.meta.dirname, '..'), moduleId).replace('.test.ts', '')
      return long.includes(name) ? long.indexOf(name) : long.length
    }
    return sorted.toSorted((a, b) => rank(a) - rank(b))
  }
}
