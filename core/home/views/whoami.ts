import { platformLabel } from '../../account-name.ts'
import type { Known, KnownWallet } from '../whoami.ts'
import {
  address,
  code,
  divider,
  fields,
  heading,
  list,
  note,
  run,
  text,
  time,
  type Inline,
  type View,
} from '../../view.ts'
import { recentWords } from '../../ballots/views/receipt.ts'

const proofs: Record<KnownWallet['verified'], string> = {
  eoa: 'its key signed',
  erc1271: 'its contract agreed (EIP-1271)',
  erc6492: 'its contract agrees, not deployed yet (EIP-6492)',
}

/** The answer to `/whoami`. */
export function whoamiView({ accounts, wallets, ballots, recent }: Known): View {
  return {
    title: 'What AutoCo knows of you',
    body: [
      heading('Accounts'),
      list(
        ...accounts.map((account): Inline[] => [
          `${platformLabel(account.platform)}: ${account.name} (${account.user_id}), proved by ${account.proof === 'code' ? 'a typed code' : 'signing in'}`,
        ]),
      ),
      heading('Wallets'),
      ...wallets.flatMap((wallet, index) => [
        ...(index > 0 ? [divider] : []),
        fields({
          Wallet: address(wallet.address),
          'Auto ID': autoIdWords(wallet, wallets),
          Proved: `${proofs[wallet.verified]}`,
          Linked: time(wallet.linkedAt, 'date'),
        }),
      ]),
      text(`Ballots signed through AutoCo: ${ballots}.`),
      ...(recent.length > 0 ? [list(...recent.slice(0, 3).map((ballot) => recentWords(ballot)))] : []),
      note(
        'An account can be taken away with ',
        code('/unlink'),
        ', a wallet with its address behind it, everything with ',
        code('/erase'),
        '.',
      ),
    ],
    actions: [run('Link another wallet', 'link'), run('My power', 'power')],
  }
}

function autoIdWords({ autoId }: KnownWallet, wallets: readonly KnownWallet[]): Inline[] {
  if (autoId === 'registering') return ['being registered']
  if (autoId === 'unknown') return ['the chain does not answer right now']
  if (autoId !== 'none') return [`${autoId.id} (${autoId.kind})`]
  const other = wallets.find((wallet) => typeof wallet.autoId === 'object')
  if (!other) return ['none yet; link this wallet again to get one']
  return ['none of its own; delegate its weight to ', address(other.address), ': ', code('/power')]
}
