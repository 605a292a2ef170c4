import type { DaoPlan } from '../plan.ts'
import type { Preview } from '../preview.ts'
import {
  address,
  code,
  fields,
  heading,
  list,
  note,
  run,
  text,
  time,
  type Inline,
  type Text,
  type View,
} from '../../view.ts'

const mostHolders = 5

/** A DAO before it is made: what it would be, what may go wrong with it, and how its first proposal would go. */
export function daoDraftView(data: {
  plan: DaoPlan
  preset: string
  settings: { name: string; label: string; value: string }[]
  warnings: readonly string[]
  preview: Preview
}): View {
  const { plan, settings, warnings, preview } = data
  return {
    title: `${plan.name}: a DAO in the making`,
    body: [
      text(`Made from “${data.preset}”. Nothing is on the chain yet, and every value can still be changed.`),
      fields({
        'Who votes': votesWords(plan),
        ...Object.fromEntries(settings.map(({ label, value }) => [label, value])),
      }),
      ...(warnings.length > 0 ? [heading('Mind this'), list(...warnings)] : []),
      heading('How its first proposal would go'),
      list(...previewWords(preview)),
      note(
        'To change a value: ',
        code('/dao-set quorum 10'),
        '. Names: ',
        settings.map(({ name }) => name).join(', '),
        '.',
      ),
    ],
    actions: [
      run('Make this DAO', 'dao-create wallet', 'primary'),
      run('Have AutoCo make it', 'dao-create relayed'),
      run('Change the quorum', 'dao-set quorum'),
      run('Change the time to vote', 'dao-set period'),
    ],
  }
}

function votesWords({ votes, name }: DaoPlan): Text {
  if (votes.kind === 'token') return ['holders of the token ', address(votes.address), ', as delegated']
  if (votes.kind === 'club')
    return `a club: one vote for each member; founders are Auto IDs ${votes.founders.join(', ')}`
  const shown = votes.holders.slice(0, mostHolders)
  const more = votes.holders.length - shown.length
  return [
    `holders of a new token ${votes.symbol} (${name}): `,
    ...shown.flatMap(({ address: who, amount }, at): Inline[] => [at === 0 ? '' : ', ', address(who), ` ${amount}`]),
    ...(more > 0 ? [` and ${more} more`] : []),
  ]
}

function previewWords({ opens, closes, latest, done, decide }: Preview): Text[] {
  return [
    [
      'Made now, voting on it starts ',
      time(opens),
      ' and ends ',
      time(closes),
      latest > closes ? ', or ' : '',
      ...(latest > closes ? [time(latest), ' when the quorum comes late'] : []),
      '.',
    ],
    ['If it passes, it can be done ', time(done), ' at the earliest.'],
    ...(decide ? [decideWords(decide)] : []),
  ]
}

function decideWords({ voters, forQuorum, forMajority, alone }: NonNullable<Preview['decide']>): string {
  if (alone)
    return voters === 1
      ? 'Its one voter decides everything.'
      : 'One voter alone reaches the quorum and outvotes all others.'
  const voices = (count: number): string => (count === 1 ? 'one voter' : `${count} voters`)
  return `Of ${voters} voters, the largest ${voices(forQuorum)} reach the quorum, and the largest ${voices(forMajority)} outvote all others.`
}
