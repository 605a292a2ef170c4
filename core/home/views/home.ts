import { plainLine } from '../../markdown.ts'
import type { BallotState } from '../../db/tables/ballots.ts'
import { heading, list, note, run, strong, text, type Action, type Block, type Inline, type View } from '../../view.ts'

/** A decision as a line of the list, and the command that shows it. */
export type HomeLine = { ref: string; item: Inline[]; line: string }

export type HomeBallot = { id: string; ref: string; state: BallotState; block: string | null }

/** What waits for somebody, and what became of their last votes: the first thing they see of AutoCo. */
export function homeView(data: {
  wallets: number
  waiting: readonly HomeLine[]
  voted: readonly HomeLine[]
  /** Where people take part by work and money. */
  challenges: readonly HomeLine[]
  ballots: HomeBallot[]
  /** What all wallets weigh in a DAO now, in words. */
  power: { dao: string; votes: string }[]
}): View {
  const { wallets, waiting, voted, challenges, ballots, power } = data
  const isLinked = wallets > 0
  return {
    title: 'What waits for you',
    body: [
      isLinked
        ? note(`${wallets} ${wallets === 1 ? 'wallet is' : 'wallets are'} linked to you.`)
        : text(strong('No wallet is linked to this account yet.'), ' Link one to vote from here, without gas.'),
      ...(waiting.length > 0
        ? [heading('Your vote is open'), list(...items(waiting))]
        : [
            note(
              voted.length > 0 ? 'You have voted on everything that is open.' : 'Nothing is open for votes right now.',
            ),
          ]),
      ...(power.length > 0
        ? [
            heading('Your votes now'),
            list(...power.map(({ dao, votes }) => `${plainLine(dao).slice(0, 80)}: ${votes}`)),
          ]
        : []),
      ...(voted.length > 0 ? [heading('You voted'), list(...items(voted))] : ([] satisfies Block[])),
      ...(challenges.length > 0 ? [heading('Open challenges'), list(...items(challenges))] : ([] satisfies Block[])),
      ...(ballots.length > 0 ? [heading('Your last votes'), list(...ballots.map(ballotLine))] : ([] satisfies Block[])),
    ],
    actions: [
      ...(isLinked ? [] : [run('Link a wallet', 'link', 'primary')]),
      ...waiting.slice(0, 5).map(({ ref, line }): Action => run(`Vote on ${ref}`, line)),
      ...(isLinked ? [run('My power', 'power')] : []),
      ...ballots.slice(0, 2).map(({ id, ref }): Action => run(`Receipt ${ref}`, `receipt ${id.slice(2, 12)}`)),
      run('Help', 'help'),
    ],
  }
}

const items = (lines: readonly HomeLine[]): Inline[][] => lines.map(({ item }) => item)

const stateWords: Record<BallotState, string> = {
  accepted: 'signed, on its way',
  batched: 'sent',
  counted: 'counted',
  final: 'counted, final',
  refused: 'not counted',
  superseded: 'replaced by a newer one',
  voted_elsewhere: 'voted with the wallet itself',
}

const ballotLine = ({ ref, state, block }: HomeBallot): Inline[] => [
  strong(ref),
  `: ${stateWords[state]}${block !== null && (state === 'counted' || state === 'final') ? ` in block ${block}` : ''}`,
]
