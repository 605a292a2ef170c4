import { plainLine } from '../../markdown.ts'
import type { ChiefRow, SpellRow } from '../../db/tables/nomic.ts'
import type { Token } from '../../chain/token.ts'
import {
  address,
  fields,
  heading,
  list,
  note,
  run,
  strong,
  text,
  type Action,
  type Block,
  type Inline,
  type View,
} from '../../view.ts'
import { amount } from '../../amount.ts'
import { spellLine, spellTitle } from './spell.ts'

export type NomicData = {
  dao: { name: string; slug: string }
  token: Token
  chief: ChiefRow | undefined
  hat: SpellRow | undefined
  /** By how much the hat is ahead of the next spell. */
  margin: bigint | undefined
  /** Those that are not over, the one with most approvals first. */
  spells: readonly SpellRow[]
  mine: readonly { wallet: string; locked: bigint; free: bigint; approves: readonly string[]; waiting: boolean }[]
}

/** How the Nomic DAO stands: who holds the hat and how firmly, what may be lifted, what waits, and what is yours. */
export function nomicView(data: NomicData): View {
  const { dao, chief, token, spells } = data
  const liftable = spells.filter(({ stage }) => stage === 'liftable')
  const plotted = spells.filter(({ state }) => state === 'plotted')
  const rest = spells.filter(({ state, stage }) => state === 'open' && stage !== 'liftable')
  return {
    title: plainLine(dao.name).slice(0, 80),
    body: chief
      ? [
          ...hatBlocks(data, chief),
          ...section('Ready to lift', liftable, token),
          ...section('Plotted, waiting to be cast', plotted, token),
          ...section('Collect approvals', rest.slice(0, 5), token),
          fields({
            'Locked by all': amount(BigInt(chief.locked), token),
            'Least to lift with': amount(BigInt(chief.floor), token),
            'A plan waits': hours(chief.delay),
          }),
          heading('You'),
          ...mineBlocks(data),
        ]
      : [note('It was added just now; how it stands is being read.')],
    actions: actionsOf(data, { liftable, plotted }),
  }
}

function hatBlocks({ hat, margin, token }: NomicData, chief: ChiefRow): Block[] {
  if (chief.is_shut)
    return [text(strong('Shut down.'), ' Nothing is plotted or cast any more; what is locked can be freed.')]
  if (!chief.live)
    return [
      text(
        strong('Not awake yet.'),
        ` ${amount(BigInt(chief.launch_approvals), token)} of ${amount(BigInt(chief.launch_threshold), token)} stand on nobody, which it takes to wake the chief.`,
      ),
    ]
  const who: Inline[] = hat ? [strong(spellTitle(hat))] : isNobody(chief) ? ['nobody'] : [address(chief.hat)]
  return [
    text('The hat: ', ...who, ` with ${amount(BigInt(chief.hat_approvals), token)}.`),
    ...(margin === undefined ? [] : [text(marginWords(margin, token))]),
  ]
}

const isNobody = ({ hat }: ChiefRow): boolean => /^0x0+$/.test(hat)

const marginWords = (margin: bigint, token: Token): string =>
  margin > 0n
    ? `It is ${amount(margin, token)} ahead of the next spell.`
    : margin === 0n
      ? 'Another spell has just as much; it takes strictly more to lift it.'
      : `Another spell is ${amount(-margin, token)} ahead of it and may be lifted.`

const section = (title: string, spells: readonly SpellRow[], token: Token): Block[] =>
  spells.length === 0 ? [] : [heading(title), list(...spells.map((spell) => spellLine(spell, token)))]

function mineBlocks({ mine, token }: NomicData): Block[] {
  if (mine.length === 0) return [note('Link a wallet to see what you have locked: /link')]
  return mine.map(({ wallet, locked, free, approves, waiting }) =>
    text(
      address(wallet),
      ` has locked ${amount(locked, token)} and could lock ${amount(free, token)} more.`,
      ...(locked === 0n
        ? []
        : [approves.length > 0 ? ` It approves of ${approves.join('; ')}.` : ' It approves of no spell.']),
      ...(waiting ? [' A newer approval is on its way.'] : []),
    ),
  )
}

function hours(seconds: number): string {
  const [count, unit] =
    seconds % 86_400 === 0 ? [seconds / 86_400, 'day'] : [Math.round((seconds / 3_600) * 10) / 10, 'hour']
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

function actionsOf(
  { mine, chief, spells }: NomicData,
  { liftable, plotted }: { liftable: readonly SpellRow[]; plotted: readonly SpellRow[] },
): Action[] {
  if (!chief) return [run('Look again', 'nomic', 'primary')]
  const [lift] = liftable
  const cast = plotted.find(({ stage }) => stage === 'castable')
  const plot = spells.find(({ state }) => state === 'hat')
  return [
    ...(lift ? [run(`Lift ${lift.ref}`, `lift ${lift.ref}`, 'primary')] : []),
    ...(plot ? [run(`Plot ${plot.ref}`, `spell-schedule ${plot.ref}`, 'primary')] : []),
    ...(cast ? [run(`Cast ${cast.ref}`, `spell-cast ${cast.ref}`, 'primary')] : []),
    run('Spells', 'spell'),
    ...(mine.some(({ free }) => free > 0n) ? [run('Lock', 'lock')] : []),
    ...(!chief.live && !chief.is_shut ? [run('Approve of the launch', 'approve launch')] : []),
  ].slice(0, 5)
}
