import type { ReadCall } from '../calls.ts'
import type { ProposalRecord } from '../record.ts'
import { address, code, list, note, strong, text, type Block, type Inline } from '../../view.ts'
import { amount } from '../../amount.ts'

type Calls = Pick<ProposalRecord, 'calls' | 'coin' | 'token'>

const mostCalls = 20
const mostHex = 300
const mostWord = 120

/** Every call, in words where its data is understood; else as it is, and flagged. */
export function callBlocks(record: Calls): Block[] {
  const { calls } = record
  if (calls.length === 0) return [text('Nothing on the chain: it is a statement.')]
  const rest = calls.length - mostCalls
  return [
    list(...calls.slice(0, mostCalls).map((call) => callWords(call, record))),
    ...(rest > 0 ? [note(`${rest} more calls: see “Full text”.`)] : []),
    ...worthBlocks(record),
  ]
}

/** The two things that nobody may overlook: what leaves the DAO, and what no program here understands. */
export function worthBlocks({ calls, coin, token }: Calls): Block[] {
  const coins = calls.reduce((sum, { value }) => sum + value, 0n)
  const moves = calls.flatMap(({ moves, target }) => (moves ? [{ ...moves, target }] : []))
  const unread = calls.filter(isUnread).length
  return [
    ...(coins > 0n ? [text(strong('Careful:'), ` it sends ${amount(coins, coin)} of the chain's own coin.`)] : []),
    ...moves
      .slice(0, 5)
      .map(({ kind, to, amount: sum, ofOwnToken, target }) =>
        text(
          strong('Careful:'),
          kind === 'transfer' ? ' it moves ' : ' it lets ',
          ...(kind === 'transfer' ? [] : [address(to), ' take up to ']),
          ofOwnToken ? amount(sum, token) : `${sum} base units of the token `,
          ...(ofOwnToken ? [] : [address(target)]),
          ...(kind === 'transfer' ? [' to ', address(to)] : []),
          '.',
        ),
      ),
    ...(moves.length > 5 ? [text(strong('Careful:'), ` ${moves.length - 5} more moves of tokens.`)] : []),
    ...(unread > 0
      ? [
          text(
            strong('Not decoded: read it carefully.'),
            ` ${unread} of ${calls.length} calls ${unread === 1 ? 'has' : 'have'} data that AutoCo cannot explain.`,
          ),
        ]
      : []),
  ]
}

const isUnread = ({ known, data }: ReadCall): boolean => known === undefined && data !== '0x'

function callWords(call: ReadCall, { coin }: Calls): Inline[] {
  const to: Inline[] = [address(call.target, call.targetName)]
  const value: Inline[] = call.value > 0n ? [` with ${amount(call.value, coin)}`] : []
  if (call.known) {
    const words = call.known.arguments.map(({ name, value: word }) => `${name}: ${short(word, mostWord)}`)
    return ['Calls ', code(`${call.known.name}(${words.join(', ')})`), ' on ', ...to, ...value]
  }
  if (call.data === '0x') return ['Sends to ', ...to, ...value]
  return ['Calls ', ...to, ...value, ', not decoded: read it carefully. Data: ', code(short(call.data, mostHex))]
}

function short(word: string, most: number): string {
  return word.length > most ? `${word.slice(0, most).toWellFormed()}… (${word.length} characters)` : word
}
