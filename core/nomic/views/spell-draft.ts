import type { SpellDraft } from '../draft.ts'
import { address, fields, heading, list, note, open, strong, text, time, type View } from '../../view.ts'
import { callBlocks } from '../../governance/views/proposal-calls.ts'

/** What a spell would be, before a wallet puts it on the chain. */
export function spellDraftView(draft: SpellDraft): View {
  const { title, expiration, officeHours, drops, problems } = draft
  return {
    title: `A new spell: ${title}`.slice(0, 240).toWellFormed(),
    ...(problems.length > 0 ? { tone: 'bad' as const } : {}),
    body: [
      heading('What it would do'),
      ...(drops === undefined
        ? callBlocks(draft)
        : [text('It drops the plan of ', strong(drops), ', at once and without waiting.')]),
      ...(problems.length > 0
        ? [
            text(strong('The dry run fails:')),
            list(...problems),
            note('Each call was tried alone, as the treasury, on the chain as it is now.'),
          ]
        : drops === undefined
          ? [text('The dry run went well: each call was tried as the treasury, on the chain as it is now.')]
          : []),
      fields({
        'Has to be plotted before': [time(expiration, 'datetime')],
        'Office hours': officeHours ? 'Monday to Friday, 14:00 to 21:00 UTC' : 'none, it may be cast at any time',
        'Will be at': draft.address === undefined ? undefined : address(draft.address),
      }),
      note(
        'Making it costs your wallet gas, because its whole text goes on the chain. Nothing of it can be changed later.',
      ),
    ],
    actions: [open('Put it on the chain', draft.url, 'primary')],
  }
}
