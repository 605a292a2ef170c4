import type { SpellEvent } from '../../db/tables/nomic.ts'
import { spellHolds } from '../life.ts'
import type { SpellRecord } from '../record.ts'
import { note, run, text, time, type Action, type Inline, type View } from '../../view.ts'
import { amount } from '../../amount.ts'
import { spellTitle } from './spell.ts'

/** A short message under a spell's card. What a reorg took back says so. */
export function spellEventView(event: SpellEvent, record: SpellRecord): View {
  const { spell } = record
  const isTrue = !spell.orphaned_at && (spellHolds[event](spell) || isPast(event, record))
  return {
    title: spellTitle(spell),
    body: isTrue
      ? [text(...words(event, record))]
      : [
          note(
            'This step does not stand any more: votes moved, or the chain was reorganised. The card says how it is now.',
          ),
        ],
    actions: isTrue ? actionsOf(event, record) : [],
  }
}

/** What could be lifted or cast has been since: said once, it stays true. */
const isPast = (event: SpellEvent, { spell }: SpellRecord): boolean =>
  (event === 'liftable' && spell.state !== 'open') || (event === 'castable' && spell.state === 'cast')

function words(event: SpellEvent, { spell, chief, token }: SpellRecord): Inline[] {
  const table: Record<SpellEvent, () => Inline[]> = {
    liftable: () => [
      `More stands on it than on the hat: ${amount(BigInt(spell.approvals), token)}. Anybody may lift it now.`,
    ],
    hat: () => ['It was given the hat. The spell that holds the hat may be plotted.'],
    plotted: () => [
      'Plotted. It waits, so that everybody can see it, and can be cast ',
      time(Number(spell.next_cast ?? spell.eta ?? 0), 'datetime'),
      ' at the earliest.',
    ],
    castable: () => ['It has waited long enough: anybody may cast it now.'],
    cast: () => [spell.kind === 'drop' ? 'Done: the plan is dropped.' : 'Cast: what it says was done.'],
    dropped: () => ['Dropped by a later hat: it does nothing any more.'],
    expired: () => ['Expired: it was not plotted in time.'],
    missed: () => ['Nobody cast it in time: it does nothing any more.'],
    dead: () => ['The emergency shutdown was fired: nothing is cast any more.'],
  }
  return chief ? table[event]() : []
}

function actionsOf(event: SpellEvent, { spell }: SpellRecord): Action[] {
  const { ref, state, stage } = spell
  if (event === 'liftable' && stage === 'liftable') return [run('Lift it', `lift ${ref}`, 'primary')]
  if (event === 'hat' && state === 'hat') return [run('Plot it', `spell-schedule ${ref}`, 'primary')]
  if (event === 'castable' && stage === 'castable') return [run('Cast it', `spell-cast ${ref}`, 'primary')]
  return []
}
