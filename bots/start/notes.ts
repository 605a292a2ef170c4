import { has, type Platform, type Tells } from '../../core/index.ts'

/** What the chat platforms say of themselves, each line under its platform's name. */
export const notesOf = (platforms: readonly Platform[]): string[] =>
  platforms.flatMap((platform) => {
    if (!has<Tells>(platform, 'notes')) return []
    const name = platform.name.charAt(0).toUpperCase() + platform.name.slice(1)
    return platform.notes().map((note, index) => `${(index === 0 ? name : '').padEnd(10)}${note}`)
  })
