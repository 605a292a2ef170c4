import { plainLine } from '../../markdown.ts'
import type { SpellRow } from '../../db/tables/nomic.ts'
import type { Token } from '../../chain/token.ts'
import { heading, list, note, run, type View } from '../../view.ts'
import { spellLine } from './spell.ts'

/** What can be approved of or waits, then what is over. */
export function spellsView(data: {
  dao: { name: string }
  token: Token
  open: readonly SpellRow[]
  over: readonly SpellRow[]
}): View {
  const { dao, token, open, over } = data
  return {
    title: `Spells of ${plainLine(dao.name).slice(0, 80)}`,
    body: [
      heading('Under way'),
      open.length > 0
        ? list(...open.map((spell) => spellLine(spell, token)))
        : note('No spell is under way right now.'),
      ...(over.length > 0 ? [heading('Over'), list(...over.map((spell) => spellLine(spell, token)))] : []),
    ],
    actions: [
      ...[...open, ...over].slice(0, 4).map(({ ref }) => run(ref, `spell-show ${ref}`)),
      run('Write one', 'spell-new'),
    ],
  }
}
