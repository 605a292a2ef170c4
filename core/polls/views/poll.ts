import { plainLine } from '../../markdown.ts'
import type { PollRow, PollState } from '../../db/tables/polls.ts'
import { cut } from '../../plain.ts'
import { optionsOf, type PollRecord } from '../record.ts'
import {
  address,
  code,
  divider,
  fields,
  heading,
  list,
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
import type { PollKind } from '../../db/tables/polls.ts'
import type { Majority, Verdict } from '../../db/tables/polls.ts'
import { amount } from '../../amount.ts'

const fullText = 3_000
const opening = 280

/** The one card of a poll in a channel: what is counted and what it comes to are edits of it. */
export function pollCard(record: PollRecord): View {
  const { poll } = record
  if (poll.orphaned_at) return takenBackView(record)
  const words = plainLine(poll.body.slice(0, 2_000))
  return {
    ...head(record),
    talk: true,
    body: [
      text(...stateWords(record)),
      ...(words === '' ? [] : [quote(cut(words, opening))]),
      ...tallyBlocks(record),
      text(...rulesWords(record)),
      divider,
      note(...seenWords(record)),
    ],
    actions: [...answerActions(record), run('More', `poll ${poll.ref}`)],
  }
}

/** The answer to `/poll`: the card with its whole text, its rounds, and what it rests on. */
export function pollView(record: PollRecord): View {
  const { poll, paper, token } = record
  const options = optionsOf(poll)
  const fallback = options[poll.fallback - 1]
  return {
    ...head(record),
    body: [
      text(...stateWords(record)),
      ...tallyBlocks(record),
      text(...rulesWords(record)),
      ...roundBlocks(record),
      fields({
        Kind: kinds[poll.kind],
        'Least that must take part': poll.minimum === '0' ? undefined : amount(BigInt(poll.minimum), token),
        'If nothing is elected': fallback === undefined ? 'nothing wins' : `“${label(fallback)}” wins`,
        'Whose votes count': `those of ${paper.is_at_close ? 'the close' : 'the opening'}`,
        Opens: [time(Number(paper.opens), 'datetime')],
        Closes: [time(Number(paper.closes), 'datetime')],
        Author: address(poll.author),
        'Opened in': tx(poll.tx_hash),
      }),
      heading('The text'),
      poll.body.trim() === ''
        ? note('It has no text.')
        : text(poll.body.length > fullText ? `${poll.body.slice(0, fullText).toWellFormed()}…` : poll.body),
      note('Hash of the text, as the contract keeps it: ', code(poll.body_hash), '. It cannot be changed any more.'),
      divider,
      note(...seenWords(record)),
    ],
    actions: answerActions(record),
  }
}

/** Said once under the card, when the poll is over. */
export function pollResult(record: PollRecord): View {
  if (record.poll.orphaned_at || record.poll.state !== 'closed')
    return {
      title: pollTitle(record.poll),
      body: [note('This result does not stand any more: the chain was reorganised. The card says how it is now.')],
    }
  return {
    title: pollTitle(record.poll),
    body: [text('The poll is closed. ', ...outcomeWords(record)), text(...rulesWords(record))],
    actions: [run('More', `poll ${record.poll.ref}`)],
  }
}

export const pollTitle = ({ ref, title }: Pick<PollRow, 'ref' | 'title'>): string =>
  `${ref}: ${cut(plainLine(title), 200) || 'a poll without a title'}`

/** `nomic-p3: Where we meet (open, closes in 2 days)` */
export function pollLine({ poll, paper }: Pick<PollRecord, 'poll' | 'paper'>): Inline[] {
  const options = optionsOf(poll)
  const elected = options[poll.winner - 1]
  const words: Record<PollState, Inline[]> = {
    upcoming: [strong('opens '), time(Number(paper.opens))],
    open: [strong('open'), ', closes ', time(Number(paper.closes))],
    weighing: [strong('closed'), ', being weighed'],
    closed: [strong(elected === undefined ? 'nothing elected' : cut(label(elected), 60))],
    withdrawn: [strong('withdrawn')],
  }
  return [cut(pollTitle(poll), 120), ' (', ...words[poll.state], ')']
}

const kinds: Record<PollKind, string> = {
  single: 'One option',
  approval: 'Any number of options, each with the whole weight',
  ranked: 'A ranking, counted by instant run-off',
}

const tones: Record<PollState, NonNullable<View['tone']>> = {
  upcoming: 'info',
  open: 'info',
  weighing: 'info',
  closed: 'good',
  withdrawn: 'bad',
}

const head = ({ poll }: PollRecord): Pick<View, 'title' | 'tone'> => ({
  title: pollTitle(poll),
  tone: poll.state === 'closed' && poll.winner === 0 ? 'bad' : tones[poll.state],
})

const label = (option: string): string => cut(plainLine(option), 100)

function takenBackView({ poll }: PollRecord): View {
  return {
    title: pollTitle(poll),
    tone: 'bad',
    body: [
      text(strong('This poll was taken back by a chain reorganisation.'), ' It does not exist any more.'),
      note('If it is opened again, it appears here as before.'),
    ],
  }
}

function stateWords(record: PollRecord): Inline[] {
  const { poll, paper, dao } = record
  const closes = Number(paper.closes)
  const name = plainLine(dao.name).slice(0, 80)
  const table: Record<PollState, () => Inline[]> = {
    upcoming: () => [strong('Opens '), time(Number(paper.opens)), '. Closes ', time(closes, 'datetime'), '.'],
    open: () => [strong('Open for answers.'), ' Closes ', time(closes), ' (', time(closes, 'datetime'), ').'],
    weighing: () => [strong('Closed.'), ' The votes at the close are being weighed.'],
    closed: () => [strong('Closed.'), ' ', ...outcomeWords(record)],
    withdrawn: () => [strong('Withdrawn'), ' by its author before it opened.'],
  }
  return [...table[poll.state](), ` A poll of ${name}.`]
}

const verdicts: Record<Exclude<Verdict, 'elected'>, string> = {
  'no votes': 'Nobody chose anything',
  'too few votes': 'Too few took part',
  tie: 'It is a tie',
  'no majority': 'Nothing has more than half',
}

function outcomeWords({ poll }: PollRecord): Inline[] {
  const option = optionsOf(poll)[poll.winner - 1]
  if (poll.verdict === null) return ['Its outcome is not known yet.']
  if (poll.verdict === 'elected') return [strong(label(option ?? '')), ' is elected.']
  const why = verdicts[poll.verdict]
  return option === undefined
    ? [strong('Nothing is elected.'), ` ${why}.`]
    : [`${why}, so what was laid down for that wins: `, strong(label(option)), '.']
}

/** Bars by option; while votes at the close are to count, nothing is known. */
function tallyBlocks({ poll, paper, token }: PollRecord): Block[] {
  if (poll.state === 'upcoming' || poll.state === 'withdrawn')
    return [list(...optionsOf(poll).map((option, at) => `${at + 1}. ${label(option)}`))]
  const votes = (poll.votes as string[]).map(BigInt)
  const whole = BigInt(poll.participating)
  const row = (name: string, weight: bigint) => ({
    label: name,
    share: whole === 0n ? 0 : Math.min(1, Number((weight * 10_000n) / whole) / 10_000),
    value: amount(weight, token),
  })
  const isProvisional = paper.is_at_close && poll.state !== 'closed'
  const foot = isProvisional
    ? 'Provisional until the close: whose votes weigh how much is counted then, so all bars are empty until it is done.'
    : `${poll.kind === 'ranked' ? 'First choices. ' : ''}${amount(whole, token)} chose, ${amount(BigInt(poll.abstained), token)} abstained.`
  return [
    tally(
      optionsOf(poll).map((option, at) => row(`${at + 1}. ${label(option)}`, votes[at] ?? 0n)),
      foot,
    ),
  ]
}

const bases: Record<Majority, string> = {
  none: 'The most votes win',
  participating: 'It takes more than half of all who chose',
  active: 'It takes more than half of those who still have an option in',
}

/** What more than half is of decides who wins, so it is said wherever a tally is. */
function rulesWords({ poll, token }: PollRecord): Inline[] {
  const way = poll.kind === 'ranked' ? ', by instant run-off' : ''
  const base = poll.kind === 'ranked' || poll.majority === 'none' ? poll.majority : 'participating'
  return [
    strong(`${bases[base]}${way}.`),
    ...(poll.kind === 'ranked' && poll.majority === 'participating'
      ? [' Rankings of which nothing is left still count in that half.']
      : []),
    ...(poll.minimum === '0' ? [] : [` At least ${amount(BigInt(poll.minimum), token)} must take part.`]),
  ]
}

function roundBlocks({ poll, token }: PollRecord): Block[] {
  const rounds = (poll.rounds as string[][] | null) ?? []
  if (rounds.length === 0 || poll.participating === '0') return []
  const options = optionsOf(poll)
  return [
    heading(poll.state === 'closed' ? 'The rounds' : 'The rounds, if it closed now'),
    list(
      ...rounds.map((votes, at): Inline[] => {
        const out = at === 0 ? [] : goneIn(rounds, at)
        const standing = options.flatMap((option, number) => {
          const weight = BigInt(votes[number] ?? 0)
          const isOut = goneBefore(rounds, at, number)
          return isOut ? [] : [`${label(option)} ${amount(weight, token)}`]
        })
        const left = out.map((number) => label(options[number] ?? '')).join(', ')
        return [strong(`Round ${at + 1}`), ': ', standing.join(', '), ...(left === '' ? [] : [`. Out: ${left}`])]
      }),
    ),
  ]
}

/** Nobody loses votes in a run-off but who goes out; who never had any may go unnoticed. */
const goneBefore = (rounds: readonly string[][], at: number, option: number): boolean =>
  rounds.slice(1, at + 1).some((votes, before) => isGone(rounds[before]?.[option], votes[option])) ||
  (at > 0 && rounds[at]?.[option] === '0')

const isGone = (before: string | undefined, after: string | undefined): boolean => before !== '0' && after === '0'

const goneIn = (rounds: readonly string[][], at: number): number[] =>
  (rounds[at] ?? []).flatMap((votes, option) => (isGone(rounds[at - 1]?.[option], votes) ? [option] : []))

function seenWords({ paper, together }: PollRecord): Inline[] {
  return [
    'What is signed is the text of title and options as on chain.',
    ...(together > 1 ? [` One signature answers all ${together} polls of this paper.`] : []),
    ...(paper.block_number === null ? [] : [` Seen at block ${paper.block_number}.`]),
  ]
}

function answerActions({ poll, together }: Pick<PollRecord, 'poll' | 'together'>): Action[] {
  if (poll.state !== 'open') return []
  return [run(together > 1 ? 'Answer all open polls' : 'Answer', `answer ${poll.ref}`, 'primary')]
}
