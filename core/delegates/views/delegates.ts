import type { ListedDelegate } from '../directory.ts'
import type { Participation, PastVote, WeightAt } from '../record.ts'
import type { DelegateWeight } from '../weight.ts'
import type { Token } from '../../chain/token.ts'
import { supports } from '../../voting/support.ts'
import { cut, shortAddress } from '../../plain.ts'
import {
  address,
  code,
  fields,
  heading,
  list,
  note,
  quote,
  run,
  text,
  time,
  type Block,
  type Inline,
  type View,
} from '../../view.ts'
import { amount } from '../../amount.ts'

type Dao = { slug: string; name: string }

/** Who votes for others in a DAO, the heaviest first. */
export function delegatesView(data: { dao: Dao; token: Token; delegates: readonly ListedDelegate[] }): View {
  const { dao, token, delegates } = data
  return {
    title: `Delegates in ${cut(dao.name, 80)}`,
    body: [
      delegates.length > 0
        ? list(...delegates.map((delegate) => lineOf(delegate, token)))
        : text('Nobody is known here to whom others have delegated.'),
      note(
        'Weights are the token’s own, now. Whoever got votes before AutoCo watched, and has neither voted nor written since, is not known here. Would you like to be delegated to? ',
        code(`/delegate-statement ${dao.slug}`),
      ),
    ],
    actions: delegates
      .slice(0, 5)
      .map((delegate) => run(shortAddress(delegate.address), `delegate-card ${dao.slug} ${delegate.address}`)),
  }
}

function lineOf(
  { address: account, weight, delegated, participation, statement }: ListedDelegate,
  token: Token,
): Inline[] {
  return [
    address(account),
    `: ${amount(weight, token)}, ${amount(delegated, token)} of it from others; ${participationWords(participation)}`,
    ...(statement === undefined ? [] : [` “${cut(statement, 160)}”`]),
  ]
}

export type DelegateCard = {
  dao: Dao
  token: Token
  weight: DelegateWeight
  statement: string | undefined
  participation: Participation
  votes: readonly PastVote[]
  weights: readonly WeightAt[]
}

/** A delegate's report card: figures of the chain, and no judgement. */
export function delegateCardView(card: DelegateCard): View {
  const { dao, token, weight, statement, participation, votes, weights } = card
  return {
    title: `Delegate ${shortAddress(weight.address)} in ${cut(dao.name, 80)}`,
    body: [
      ...(statement === undefined ? [note('They have written no statement.')] : [quote(statement)]),
      fields({
        Delegate: address(weight.address),
        'Votes with': amount(weight.weight, token),
        'Of it from others': amount(weight.delegated, token),
        'Their own go to':
          weight.gaveTo === undefined
            ? 'nobody'
            : weight.gaveTo === weight.address
              ? 'themselves'
              : address(weight.gaveTo),
        'Took part in': ofWords(participation.cast, participation.of, 'votes that are over'),
        'Gave a reason in': ofWords(participation.withReason, participation.cast, 'of those'),
        'Voted as the majority in': ofWords(participation.withMajority, participation.sided, 'for or against'),
      }),
      ...historyBlocks(votes, token),
      ...weightBlocks(weights, token),
    ],
    actions: [
      run('Delegate to them', `delegate ${dao.slug} ${weight.address}`, 'primary'),
      run('All delegates', `delegates ${dao.slug}`),
    ],
  }
}

function historyBlocks(votes: readonly PastVote[], token: Token): Block[] {
  if (votes.length === 0) return []
  return [
    heading('Their last votes'),
    list(
      ...votes.map(({ ref, title, support, weight, hasReason, state }): Inline[] => [
        `${ref}: ${cut(title, 90)}: `,
        supports.find((each) => each.support === support)?.label ?? '',
        ` with ${amount(weight, token)}, ${hasReason ? 'with a reason' : 'without a reason'} (${state})`,
      ]),
    ),
  ]
}

function weightBlocks(weights: readonly WeightAt[], token: Token): Block[] {
  if (weights.length === 0) return []
  return [
    heading('Their weight over time'),
    list(...weights.map(({ at, weight }): Inline[] => [time(at, 'date'), `: ${amount(weight, token)}`])),
  ]
}

function participationWords({ of, cast, withReason }: Participation): string {
  if (of === 0) return 'no vote is over yet.'
  return `took part in ${cast} of the last ${of} votes, with a reason in ${withReason}.`
}

const ofWords = (part: number, whole: number, what: string): string =>
  whole === 0 ? 'none yet' : `${part} of ${whole} ${what} (${Math.round((part / whole) * 100)} %)`

/** To whom wallets have given their votes so far, which a new signature ends. */
export function givenWords(given: readonly DelegateWeight[]): Inline[][] {
  return given.map(({ address: wallet, gaveTo }): Inline[] => [
    address(wallet),
    ...(gaveTo === undefined
      ? [' has not delegated yet: its tokens vote for nobody.']
      : gaveTo === wallet
        ? [' votes for itself now.']
        : [' is delegated to ', address(gaveTo), ' already; signing ends that.']),
  ])
}

export function statementView(data: { dao: Dao; wallet: string; text: string }): View {
  const { dao, wallet, text: words } = data
  return {
    title: words === '' ? 'Your statement is gone' : 'Your statement',
    body:
      words === ''
        ? [text('The delegates of ', cut(dao.name, 80), ' are listed without it.')]
        : [
            quote(words),
            text(
              'Everyone who looks at the delegates of ',
              cut(dao.name, 80),
              ' sees it beside ',
              address(wallet),
              '.',
            ),
          ],
    actions: [run('See the directory', `delegates ${dao.slug}`)],
  }
}
