import fs from 'node:fs'
import path from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const root = path.resolve(import.meta.dirname, '..', '..')
/** Seconds of small files that take long. */
const long = JSON.parse(fs.readFileSync(path.join(import.meta.dirname, 'long.json'), 'utf8')) as Record<string, number>

/** Longest first, so that all workers end together. vitest goes by the last run, or by size; what size hides is in the list. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const seconds = ({ moduleId }: TestSpecification): number => long[path.relative(root, moduleId)] ?? 0
    return sorted.toSorted((a, b) => seconds(b) - seconds(a))
  }
}
