import { de } from './de.ts'
import { es } from './es.ts'
import { fr } from './fr.ts'
import type { Language } from './languages.ts'

/**
 * What cards say, by what they say in English. `{1}` stands for whatever comes there. Blanks at both ends belong to the
 * phrase: it stands between values. What is not here stays English.
 */
export const phrases: Record<Exclude<Language, 'en'>, Record<string, string>> = { de, es, fr }
