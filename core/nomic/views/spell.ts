import { plainLine } from '../../markdown.ts'
import type { SpellRow, SpellState } from '../../db/tables/nomic.ts'
import type { SpellRecord } from '../record.ts'
import { cut } from '../../plain.ts'
import {
  address,
  code,
  divider,
  fields,
  heading,
  note,
  quote,
  run,
  strong,
  tally,
  text,
  time,
  tx,
  type Action,
  type Block,
  type Inline,
  type View,
} from '../../view.ts'
import { amount } from '../../amount.ts'
import { callBlocks, worthBlocks } from '../../governance/views/proposal-calls.ts'

const fullText = 3_000
const opening = 280

/** The one card of a spell in a channel: every step of its life is an edit of it. */
export function spellCard(record: SpellRecord): View {
  if (record.spell.orphaned_at) return takenBackView(record)
  return {
    ...head(record),
    talk: true,
    body: [
      ...stateBlocks(record),
      ...tallyBlocks(record),
      ...openingBlocks(record),
      ...doesBlocks(record, shortCalls(record)),
      divider,
      note(...seenWords(record)),
    ],
    actions: [...stepActions(record), run('More', `spell-show ${record.spell.ref}`)],
  }
}

/** The answer to `/spell-show`: the card, with what it does and its whole text. */
export function spellView(record: SpellRecord): View {
  const { spell } = record
  return {
    ...head(record),
    body: [
      ...stateBlocks(record),
      ...tallyBlocks(record),
      fields({
        Address: address(spell.address),
        Author: spell.author === null ? undefined : address(spell.author),
        'Has to be plotted before': spell.expiration === '0' ? undefined : [time(Number(spell.expiration), 'datetime')],
        'Office hours': spell.office_hours ? 'It can be cast Monday to Friday, 14:00 to 21:00 UTC.' : undefined,
        'Made in': spell.tx_hash === null ? undefined : tx(spell.tx_hash),
      }),
      heading('What it would do'),
      ...doesBlocks(record, callBlocks(record)),
      heading('The text'),
      ...textBlocks(spell),
      divider,
      note(...seenWords(record)),
    ],
    actions: stepActions(record),
  }
}

export function spellTitle({ ref, title }: Pick<SpellRow, 'ref' | 'title'>): string {
  return `${ref}: ${cut(plainLine(title), 200) || 'a spell without a title'}`
}

/** `nomic-s3: Fund the audit (collects approvals, 120 NOMIC)` */
export function spellLine(spell: SpellRow, token: SpellRecord['token']): Inline[] {
  const when: Inline[] =
    spell.state === 'plotted' && spell.stage !== 'castable' && spell.next_cast !== null
      ? [', can be cast ', time(Number(spell.next_cast))]
      : []
  const words =
    spell.stage === 'liftable' ? 'may be lifted' : spell.stage === 'castable' ? 'can be cast' : lists[spell.state]
  return [
    cut(spellTitle(spell), 120),
    ' (',
    strong(words),
    ...(spell.state === 'open' || spell.state === 'hat' ? [`, ${amount(BigInt(spell.approvals), token)}`] : []),
    ...when,
    ')',
  ]
}

const lists: Record<SpellState, string> = {
  open: 'collects approvals',
  hat: 'holds the hat',
  plotted: 'plotted',
  cast: 'cast',
  dropped: 'dropped',
  expired: 'expired',
  missed: 'nobody cast it in time',
  dead: 'ended by the shutdown',
}

const tones: Record<SpellState, NonNullable<View['tone']>> = {
  open: 'info',
  hat: 'good',
  plotted: 'good',
  cast: 'good',
  dropped: 'bad',
  expired: 'bad',
  missed: 'bad',
  dead: 'bad',
}

const head = ({ spell }: SpellRecord): Pick<View, 'title' | 'tone'> => ({
  title: spellTitle(spell),
  tone: tones[spell.state],
})

function takenBackView({ spell }: SpellRecord): View {
  return {
    title: spellTitle(spell),
    tone: 'bad',
    body: [
      text(strong('This spell was taken back by a chain reorganisation.'), ' It does not exist any more.'),
      note('If it is made again, it appears here as before.'),
    ],
  }
}

function stateBlocks(record: SpellRecord): Block[] {
  const name = plainLine(record.dao.name).slice(0, 80)
  return [text(...stateWords(record), ` A spell of ${name}.`), ...strangerBlocks(record)]
}

const strangerBlocks = ({ spell }: SpellRecord): Block[] =>
  spell.kind === 'foreign'
    ? [
        text(
          strong('Not made by AutoCo’s factory:'),
          ' what it does is in its own code, which AutoCo cannot read. Do not approve of what you have not checked.',
        ),
      ]
    : []

function stateWords({ spell, chief }: SpellRecord): Inline[] {
  const ends: Inline[] = spell.expiration === '0' ? [] : [' It expires ', time(Number(spell.expiration)), '.']
  const table: Record<SpellState, () => Inline[]> = {
    open: () =>
      spell.stage === 'liftable'
        ? [strong('Ready to lift:'), ' more stands on it than on the hat. Anybody may give it the hat now.', ...ends]
        : [strong('Collects approvals.'), ...ends],
    hat: () => [
      strong('Holds the hat.'),
      spell.kind === 'drop'
        ? ' Anybody may have it drop the plan now.'
        : ' Anybody may plot it now; then it waits before it can be cast.',
      ...ends,
    ],
    plotted: () => plottedWords(spell),
    cast: () => [strong('Cast.'), spell.kind === 'drop' ? ' The plan is dropped.' : ' What it says was done.'],
    dropped: () => [strong('Dropped.'), ' A later hat stopped it, and it does nothing.'],
    expired: () => [strong('Expired.'), ' It was not plotted in time and does nothing any more.'],
    missed: () => [strong('Missed.'), ' Nobody cast it in time, and it does nothing any more.'],
    dead: () => [strong('Ended.'), ' The emergency shutdown was fired: nothing is cast any more.'],
  }
  return chief === undefined ? [strong('New.')] : table[spell.state]()
}

function plottedWords({ stage, next_cast, office_hours }: SpellRow): Inline[] {
  const hours = office_hours ? ' Only in office hours, Monday to Friday, 14:00 to 21:00 UTC.' : ''
  if (stage === 'castable')
    return [strong('Ready to cast:'), ` it has waited long enough, and anybody may cast it now.${hours}`]
  const at = Number(next_cast ?? 0)
  return [strong('Plotted.'), ' It can be cast ', time(at), ' (', time(at, 'datetime'), `).${hours}`]
}

/** What stands on it against what stands on the hat. */
function tallyBlocks(record: SpellRecord): Block[] {
  const { spell, chief, token, hat } = record
  if (!chief || (spell.state !== 'open' && spell.state !== 'hat')) return []
  const [mine, others] = [BigInt(spell.approvals), BigInt(chief.hat_approvals)]
  const most = mine > others ? mine : others
  const row = (label: string, weight: bigint) => ({
    label,
    share: most === 0n ? 0 : Number((weight * 10_000n) / most) / 10_000,
    value: amount(weight, token),
  })
  if (spell.state === 'hat')
    return [tally([row('This spell, the hat', mine)], 'Who wants another one has to beat this.')]
  return [
    tally(
      [row('This spell', mine), row(hat ? `The hat, ${hat.ref}` : 'The hat', others)],
      marginWords(record, mine, others),
    ),
  ]
}

function marginWords({ chief, token }: SpellRecord, mine: bigint, others: bigint): string {
  if (!chief) return ''
  if (!chief.live) return 'The chief is not awake yet, so nothing can be lifted.'
  const floor = BigInt(chief.floor)
  if (mine === others) return 'It has exactly as much as the hat: the least bit more passes it.'
  if (mine < others) return `It needs more than ${amount(others - mine, token)} more to pass the hat.`
  if (mine < floor) return `It needs ${amount(floor - mine, token)} more to reach the floor of ${amount(floor, token)}.`
  return `It is ${amount(mine - others, token)} ahead of the hat.`
}

/** Few calls are shown as they are; of many, what nobody may overlook. */
const shortCalls = (record: SpellRecord): Block[] =>
  record.calls.length <= 3
    ? callBlocks(record)
    : [text(`It makes ${record.calls.length} calls: see “More”.`), ...worthBlocks(record)]

/** How its text begins. */
function openingBlocks({ spell }: SpellRecord): Block[] {
  const words = plainLine(spell.text.slice(0, 2_000))
  return words === '' ? [] : [quote(cut(words, opening))]
}

function doesBlocks(record: SpellRecord, calls: Block[]): Block[] {
  const { spell, drops } = record
  if (spell.kind === 'foreign') return []
  if (spell.kind === 'calls') return calls
  const what: Inline[] = drops?.by ? [strong(drops.by)] : [code(spell.drops ?? '')]
  return [text('It drops the plan of ', ...what, ', at once and without waiting.')]
}

function textBlocks({ text: words, kind, text_hash }: SpellRow): Block[] {
  if (kind === 'foreign') return [note('Its text is not known here.')]
  if (words.trim() === '') return [note('It has no text.')]
  return [
    text(words.length > fullText ? `${words.slice(0, fullText).toWellFormed()}…` : words),
    note('Hash of the text, as the spell keeps it: ', code(text_hash)),
  ]
}

function seenWords({ chief, spell }: SpellRecord): Inline[] {
  if (!chief) return ['Just seen.']
  return [
    `Seen at block ${chief.block_number}.`,
    ...(spell.state === 'open' ? [' Approvals have no end: they move until one is lifted.'] : []),
  ]
}

function stepActions({ spell }: SpellRecord): Action[] {
  const { ref, state, stage, kind } = spell
  if (state === 'open')
    return [
      ...(stage === 'liftable' ? [run('Lift it', `lift ${ref}`, 'primary')] : []),
      run('Approve', `approve ${ref}`),
      run('The hat', 'nomic'),
    ]
  if (state === 'hat')
    return [
      run(kind === 'drop' ? 'Drop the plan' : 'Plot it', `spell-schedule ${ref}`, 'primary'),
      run('Approve', `approve ${ref}`),
    ]
  if (stage === 'castable') return [run('Cast it', `spell-cast ${ref}`, 'primary')]
  return []
}
