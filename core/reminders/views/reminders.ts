import { note, run, strong, text, time, type Inline, type View } from '../../view.ts'

type Data = {
  said: { wanted: boolean | null; zone: string | null; snoozed_until: Date | null } | undefined
  isLinked: boolean
  /** What was just put off, and until when in unix milliseconds. */
  ref: string | undefined
  until: number | undefined
}

/** What this account said of private reminders, and how to change it. */
export function remindersView({ said, isLinked, ref, until }: Data): View {
  const isOn = said?.wanted !== false
  return {
    title: 'Your reminders',
    body: [
      text(...stateWords(said)),
      ...(until === undefined
        ? []
        : [text(`${ref ?? 'Every reminder'} is put off until `, time(Math.floor(until / 1_000), 'datetime'), '.')]),
      note(
        'You are reminded in private of votes in which you have weight and have not voted: at most three times a week in all, on the account that you chose last, and never of a vote you cast.',
        said?.zone ? ` Nights in ${said.zone} are quiet.` : ' To keep nights quiet: /reminders zone Europe/Berlin',
      ),
      ...(isLinked ? [] : [text(strong('No wallet is linked yet'), ', so there is nothing to remind you of.')]),
    ],
    actions: [
      ...(said?.wanted === true ? [] : [run('Write to me here', 'reminders on')]),
      ...(isOn ? [run('Never write to me', 'reminders off'), run('Quiet for a week', 'reminders snooze')] : []),
    ],
  }
}

function stateWords(said: Data['said']): Inline[] {
  if (typeof said?.wanted !== 'boolean') return ['You have not said whether AutoCo may write to this account.']
  if (!said.wanted) return [strong('Off.'), ' AutoCo does not write to this account of its own accord.']
  return [strong('On.'), ' AutoCo may write to this account in private.']
}
