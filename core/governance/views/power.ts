import type { NoPower, Power, WalletPower } from '../power.ts'
import { address, fields, note, run, text, time, type Action, type Block, type Inline, type View } from '../../view.ts'
import { amount } from '../../amount.ts'

export type PowerData = {
  dao: { slug: string; name: string; clock: 'timestamp' | 'blocknumber' }
  proposal?: { ref: string; title: string } | undefined
  power: Power
}

/** What each wallet weighs, why it is zero, and the way out. */
export function powerView(data: PowerData): View {
  const { power, dao } = data
  const total = power.wallets.reduce((sum, wallet) => sum + wallet.weight, 0n)
  return {
    title: data.proposal ? `Your power in ${data.proposal.ref}: ${data.proposal.title}` : `Your power in ${dao.name}`,
    tone: total > 0n ? 'good' : 'info',
    body: [
      text(...timepointWords(data)),
      ...power.wallets.flatMap((wallet) => walletBlocks(wallet, data)),
      ...(power.wallets.length > 1
        ? [
            note(
              'Each wallet counts for itself. To vote with all of them at once, delegate them to the one you vote with.',
            ),
          ]
        : []),
    ],
    ...actionsOf(data),
  }
}

function timepointWords({ power, dao, proposal }: PowerData): Inline[] {
  const at: Inline = dao.clock === 'timestamp' ? time(Number(power.timepoint), 'datetime') : `block ${power.timepoint}`
  if (power.isSnapshot) return ['Weight is counted as it was at the snapshot, ', at, '.']
  return proposal
    ? ['The snapshot is still to come; this is what would count now.']
    : ['This is what would count in a proposal that starts now.']
}

function walletBlocks(wallet: WalletPower, { power }: PowerData): Block[] {
  return [
    fields({
      Wallet: address(wallet.address),
      Weight: amount(wallet.weight, power),
      ...(wallet.weightNow === wallet.weight ? {} : { 'Weight now': amount(wallet.weightNow, power) }),
      Holds: amount(wallet.balance, power),
      ...(wallet.delegate
        ? { 'Delegated to': wallet.delegate === wallet.address ? 'itself' : address(wallet.delegate) }
        : {}),
    }),
    ...(wallet.why ? [text(...whyWords(wallet.why, wallet, power))] : []),
    ...(wallet.seatTooLate
      ? [
          note(
            'The seat that makes votes cheap was taken after the snapshot; a vote still counts, in a transaction of its own.',
          ),
        ]
      : []),
  ]
}

function whyWords(why: NoPower, wallet: WalletPower, power: Power): Inline[] {
  const table: Record<NoPower, Inline[]> = {
    'nothing-held': [`Weight is zero because this wallet holds no ${power.symbol} and nobody delegates to it.`],
    'not-delegated': [
      `Weight is zero because this wallet holds ${amount(wallet.balance, power)} but has not delegated it, and undelegated tokens do not vote. Delegate to yourself, by one signature and without gas, and it counts in proposals whose snapshot is still to come.`,
    ],
    'delegated-away': [
      'Weight is zero because this wallet gave its vote to ',
      address(wallet.delegate ?? wallet.address),
      '. Delegate to yourself to take it back for proposals to come.',
    ],
    'too-late': [
      'Weight is zero because the tokens or the delegation came after the snapshot. They count in the next proposal; nothing more to do.',
    ],
  }
  return table[why]
}

function actionsOf(data: PowerData): { actions?: Action[] } {
  const helps = data.power.wallets.some((wallet) => wallet.why === 'not-delegated' || wallet.why === 'delegated-away')
  const actions = [
    ...(helps ? [run('Delegate to yourself', `delegate ${data.dao.slug}`, 'primary')] : []),
    ...(data.proposal ? [run('Show the proposal', `proposal ${data.proposal.ref}`)] : []),
  ]
  return actions.length > 0 ? { actions } : {}
}
