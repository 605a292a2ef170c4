import { address, list, note, run, text, tx as transaction, type Inline, type View } from '../../view.ts'
import { amount } from '../../amount.ts'

export type Moved = { delegate: string; moved: bigint; current: bigint }
type Token = { symbol: string; decimals: number }

/** A short note in channels that asked for it: one transaction moved much of a DAO's votes. */
export function powerMoveView(params: {
  dao: { name: string; slug: string }
  token: Token
  supply: bigint
  moves: readonly Moved[]
  tx: string
}): View {
  const { dao, moves, tx } = params
  return {
    title: `Voting power moved in ${dao.name}`,
    body: [
      list(...moves.map((move) => moveWords(move, params))),
      text('In ', transaction(tx), '. It counts in votes whose snapshot is still to come.'),
      note('You see this because “Voting power moves” is on in this channel.'),
    ],
    actions: [run('My power', `power ${dao.slug}`)],
  }
}

/** `0x… gained 400 NOMIC (4 % of all) and has 900 NOMIC now` */
export function moveWords(
  { delegate, moved, current }: Moved,
  { token, supply, quorum }: { token: Token; supply: bigint; quorum?: bigint | undefined },
): Inline[] {
  const size = moved < 0n ? -moved : moved
  const ofQuorum = quorum !== undefined && quorum > 0n ? `, ${percent(size, quorum)} of the quorum` : ''
  return [
    address(delegate),
    ` ${moved < 0n ? 'lost' : 'gained'} ${amount(size, token)} (${percent(size, supply)} of all${ofQuorum}) and has ${amount(current, token)} now`,
  ]
}

function percent(part: bigint, whole: bigint): string {
  if (whole === 0n) return '0 %'
  const thousandths = Number((part * 1_000n) / whole)
  return thousandths === 0 && part > 0n ? 'under 0.1 %' : `${thousandths / 10} %`
}
