/** The languages that cards can be read in, each in its own name. */
export const languages = { en: 'English', de: 'Deutsch', es: 'Español', fr: 'Français' } as const
export type Language = keyof typeof languages
