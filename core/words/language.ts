import type { Language } from '../settings/names.ts'
import type { View } from '../view.ts'

/** A view as a channel reads it: in its language, with its time zone for platforms that write times themselves. */
export function inLanguage(view: View, { zone, lang }: { zone: string; lang: Language }): View {
  return { ...(zone === 'UTC' ? {} : { zone }), ...(lang === 'en' ? {} : { lang }), ...view }
}
