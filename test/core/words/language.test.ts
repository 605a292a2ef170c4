import { describe, expect, test } from 'vitest'
import { languages, type Language } from '../../../core/words/languages.ts'
import { quote, text, type View } from '../../../core/view.ts'
import { proposalCard } from '../../../core/governance/views/proposal.ts'
import { inLanguage } from '../../../core/words/language.ts'
import { phrases } from '../../../core/words/phrases.ts'
import { page, recordOf } from '../../support/record.ts'

const others = Object.keys(languages).filter((lang): lang is Exclude<Language, 'en'> => lang !== 'en')
const places = (words: string): string[] => (words.match(/\{\d\}/g) ?? []).toSorted()

/** What a reader sees of a card but its title. */
function read({ body, actions = [] }: View): string[] {
  const strings = (node: unknown): string[] => {
    if (typeof node === 'string') return [node]
    if (Array.isArray(node)) return node.flatMap(strings)
    if (typeof node !== 'object' || node === null) return []
    return Object.entries(node).flatMap(([key, value]) =>
      ['type', 'style', 'as', 'run', 'open'].includes(key) ? [] : strings(value),
    )
  }
  return strings([body, actions])
}

describe.each(others)('the phrases in %s', (lang) => {
  test('are the same ones as in every other language, with the same values in them', () => {
    expect(Object.keys(phrases[lang])).toEqual(Object.keys(phrases.de))
    for (const [english, own] of Object.entries(phrases[lang])) expect(places(own), english).toEqual(places(english))
  })

  test('leave no word of the card of a proposal in English', () => {
    for (const state of ['pending', 'active', 'defeated', 'succeeded', 'queued', 'executed', 'canceled', 'expired']) {
      const record = recordOf({ proposal: { state, stage: state === 'active' ? 'ending' : null } })
      const card = proposalCard({ record, page })
      const [english, own] = [read(card), read(inLanguage(card, { zone: 'UTC', lang }))]
      const same = own.filter((words, index) => words === english[index] && /[a-z]{3}/.test(words))
      expect(same, state).toEqual([])
    }
  })
})

test('a card in German reads as German, with German figures, and its buttons do the same', () => {
  const record = recordOf({ proposal: { in_favour: '12500500000000000000000' } })
  const card = proposalCard({ record, page })
  const view = inLanguage(card, { zone: 'Europe/Berlin', lang: 'de' })
  expect(view).toMatchObject({ lang: 'de', zone: 'Europe/Berlin', title: card.title, url: card.url })
  expect(view.body).toContainEqual(
    expect.objectContaining({
      rows: expect.arrayContaining([expect.objectContaining({ label: 'Dafür', value: '12.500,5 NOMIC' })]) as object,
      note: 'Quorum erreicht: 12.510,5 NOMIC, nötig sind 40 NOMIC.',
    }),
  )
  expect(view.actions?.map((action) => ('run' in action ? action.run : action.open))).toEqual(
    card.actions?.map((action) => ('run' in action ? action.run : action.open)),
  )
})

test('what people wrote stays as they wrote it, and so does English', () => {
  const view: View = {
    title: 'x-1: For',
    body: [quote('Against'), text('I said: Open for votes.'), text('1,000 reasons to stay')],
  }
  expect(inLanguage(view, { zone: 'UTC', lang: 'fr' })).toEqual({ ...view, lang: 'fr' })
  expect(inLanguage(view, { zone: 'UTC', lang: 'en' })).toEqual(view)
})
