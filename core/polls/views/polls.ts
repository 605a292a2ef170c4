import { plainLine } from '../../markdown.ts'
import type { PollRecord } from '../record.ts'
import { heading, list, note, open, run, text, time, type View } from '../../view.ts'
import { pollLine, pollTitle } from './poll.ts'

type Listed = Pick<PollRecord, 'poll' | 'paper' | 'together'>

/** What can be answered now or soon, then what came out. */
export function pollsView(data: { dao: { name: string }; live: readonly Listed[]; over: readonly Listed[] }): View {
  const { dao, live, over } = data
  const papers = new Map(live.filter(({ poll }) => poll.state === 'open').map((each) => [each.paper.number, each]))
  const first = [...papers.values()]
  return {
    title: `Polls of ${plainLine(dao.name).slice(0, 80)}`,
    body: [
      heading('Under way'),
      live.length > 0 ? list(...live.map(pollLine)) : note('No poll is open right now.'),
      ...(papers.size > 1
        ? [note('Polls with different times are on papers of their own, each answered with one signature.')]
        : []),
      ...(over.length > 0 ? [heading('Closed'), list(...over.map(pollLine))] : []),
    ],
    actions: [
      ...first
        .slice(0, 2)
        .map(({ poll, together }, at) =>
          run(
            papers.size > 1 ? `Answer ${together} with ${poll.ref}` : 'Answer all open polls',
            `answer ${poll.ref}`,
            ...(at === 0 ? (['primary'] as const) : []),
          ),
        ),
      ...[...live, ...over].slice(0, 3).map(({ poll }) => run(poll.ref, `poll ${poll.ref}`)),
    ],
  }
}

/** The answer to `/answer`: the way to the page. */
export function answerView(data: {
  polls: readonly { ref: string; title: string }[]
  /** What was typed, in words. */
  typed: string | undefined
  closes: number
  url: string
  expiresAt: number
}): View {
  const { polls, typed, closes, url, expiresAt } = data
  return {
    title: polls.length === 1 ? 'Answer the poll' : `Answer ${polls.length} polls with one signature`,
    body: [
      list(...polls.slice(0, 24).map((poll) => pollTitle(poll).slice(0, 120).toWellFormed())),
      ...(typed === undefined ? [] : [text(`Filled in for you: ${typed}. Nothing counts before you sign.`)]),
      text(
        'What you answered before is filled in. The newest paper counts, whole, until the polls close ',
        time(closes),
        '.',
      ),
      note('One signature, no gas. The page expires ', time(expiresAt), '.'),
    ],
    actions: [open(polls.length === 1 ? 'Answer it' : 'Answer all open polls', url, 'primary')],
  }
}
