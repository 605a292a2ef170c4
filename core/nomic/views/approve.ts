import type { Approving } from '../approving.ts'
import { address, fields, list, note, open, strong, text, time, type View } from '../../view.ts'
import { amount } from '../../amount.ts'

/** The answer to `/approve`: what one may sign, and what that does to the hat. */
export function approveView(data: Approving): View {
  const { options, hat, token, locked, now, others } = data
  const isLosing = hat !== undefined && now.includes(hat.label) && options.some(({ keepsHat }) => !keepsHat)
  return {
    title: 'Approve of spells',
    body: [
      text('Sign once, without gas. The newest signature counts, with all that this wallet has locked.'),
      fields({
        Wallet: address(data.wallet),
        Weight: amount(locked, token),
        'You approve of': now.length > 0 ? now.join('; ') : 'no spell so far',
        'You would approve of': options[0]?.spells.join('; ') || 'no spell',
      }),
      ...(isLosing
        ? [
            text(
              strong('Mind the hat:'),
              ` if you leave out ${hat.label}, it loses ${amount(locked, token)}`,
              ...(hat.margin === undefined ? [] : [`; by now it is ${signed(hat.margin, token)} of the next spell`]),
              '. A weak hat is easy to take.',
            ),
          ]
        : []),
      ...(options.length > 1 ? [list(...options.map(({ label }) => label))] : []),
      ...(others > 0 ? [note(`${others} more of your wallets have locked; each approves for itself.`)] : []),
      note('The page expires ', time(data.expiresAt), '. Its private message says when it is counted.'),
    ],
    actions: options.map(({ label, url }, at) =>
      open(label.slice(0, 70).toWellFormed(), url, ...(at === 0 ? (['primary'] as const) : [])),
    ),
  }
}

const signed = (margin: bigint, token: Approving['token']): string =>
  margin >= 0n ? `${amount(margin, token)} ahead` : `${amount(-margin, token)} behind`
