import type { Source } from '../../ai/types.ts'
import { link, list, note, quote, run, text, type View } from '../../view.ts'

const longest = 600

/** An answer without a model: where it stands, word for word. */
export function passagesView(data: { ref: string; page: string; passages: readonly Source[] }): View {
  const { ref, page, passages } = data
  const actions = [run('Show the proposal', `proposal ${ref}`)]
  if (passages.length === 0)
    return {
      title: `${ref}: nothing found`,
      body: [text('Nothing in the proposal or its discussion has these words.')],
      actions,
    }
  return {
    title: `${ref}: where it stands`,
    body: [
      text('I cannot phrase an answer without a model. These passages come nearest:'),
      ...passages.flatMap(({ id, kind, text: words, author, url }) => {
        const cut = words.length > longest ? `${words.slice(0, longest).toWellFormed()}…` : words
        const label = kind === 'proposal' ? `¶${id.slice(1)}` : `— ${author || 'someone'}`
        const source = kind === 'proposal' ? `${page}#${id}` : url
        return [quote(cut), list([source ? link(label, source) : label])]
      }),
      note('Extract, no AI model: passages copied word by word, found by program.'),
    ],
    actions,
  }
}
