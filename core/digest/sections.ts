import { UserError } from '../errors.ts'
import type { SectionName } from '../db/tables/digest.ts'

/** What a digest can be made of. */
export const sections = {
  due: 'Votes due',
  decided: 'Decided',
  power: 'Power moved',
  tasks: 'Open tasks',
} as const satisfies Record<SectionName, string>

export const sectionNames = Object.keys(sections) as SectionName[]

/** Several words in one, as forms send them: `due,decided`. */
export const wordsIn = (typed: string): string[] => [
  ...new Set(
    typed
      .toLowerCase()
      .split(/[\s,;]+/)
      .filter(Boolean),
  ),
]

export function readSections(typed: string): SectionName[] {
  const words = wordsIn(typed)
  if (words.includes('all')) return [...sectionNames]
  const unknown = words.find((word) => !sectionNames.includes(word as SectionName))
  if (unknown !== undefined || words.length === 0)
    throw new UserError(`“${(unknown ?? typed).slice(0, 40)}” is no section of a digest.`, {
      hint: `Say all, or some of ${sectionNames.join(',')}`,
      code: 'usage',
    })
  return sectionNames.filter((name) => words.includes(name))
}
