import { platformLabel } from '../account-name.ts'
import type { Unlinked } from '../identity/unlink.ts'
import type { Known, KnownWallet } from '../home/whoami.ts'
import { recentWords } from './receipt.ts'
import {
  address,
  code,
  divider,
  fields,
  heading,
  list,
  note,
  open,
  run,
  text,
  time,
  type Inline,
  type View,
} from '../view.ts'

const proofs: Record<KnownWallet['verified'], string> = {
  eoa: 'its key signed',
  erc1271: 'its contract agreed (EIP-1271)',
  erc6492: 'its contract agrees, not deployed yet (EIP-6492)',
}

/** The answer to `/link`: an address for the caller alone. */
export function linkView(link: { url: string; expiresAt: number }): View {
  return {
    title: 'Link a wallet',
    body: [
      text(
        'Open this page and sign one text with your wallet. If the page shows six digits, type them here, in this chat.',
      ),
      note(
        'The page works once, in one browser, and expires ',
        time(link.expiresAt),
        '. It is for you alone: do not pass it on.',
      ),
      note('A link moves no funds and gives no voting right. Every vote is a signature of its own.'),
    ],
    actions: [open('Link a wallet', link.url, 'primary')],
  }
}

export function linkedView(data: { wallet: string; merged: boolean; wallets: number; accounts: number }): View {
  return {
    title: 'Linked',
    tone: 'good',
    body: [
      text('The wallet ', address(data.wallet), ' is now linked to this account.'),
      ...(data.merged
        ? [text('It was linked elsewhere before; both are one person now: ', counts(data.accounts, data.wallets), '.')]
        : []),
      note('Was that not you? Take it away again: ', code(`/unlink ${data.wallet}`)),
    ],
    actions: [run('What I can vote on', 'proposals', 'primary'), run('What AutoCo knows of me', 'whoami')],
  }
}

/** What the other accounts of a person are told. */
export function linkNoticeView(data: { wallet: string; platform: string; name: string }): View {
  return {
    title: 'Something was linked to you',
    body: [
      text(
        `The ${platformLabel(data.platform)} account ${data.name} was linked with the wallet `,
        address(data.wallet),
        ', and both belong to you from now on.',
      ),
      note('Was that not you? Then take the wallet away: ', code(`/unlink ${data.wallet}`)),
    ],
    actions: [run('What AutoCo knows of me', 'whoami')],
  }
}

/** For the owner of a link on whose page somebody else logged in. */
export const strangerView: View = {
  title: 'Somebody else opened your link',
  tone: 'bad',
  body: [
    text('They logged in with another account than yours, so the link was closed. Nothing was linked.'),
    note('A link is for you alone. If you did not pass it on, somebody can read what you read here.'),
  ],
  actions: [run('New link', 'link')],
}

export function unlinkedView({ wallet, person }: Unlinked): View {
  return {
    title: 'Unlinked',
    body: [
      text(
        ...(wallet ? ['The wallet ', address(wallet), ' is no longer linked.'] : ['This account is no longer linked.']),
      ),
      person
        ? text('What remains: ', counts(person.accounts.length, person.wallets.length), '.')
        : text('Nothing else was linked to it, so AutoCo knows nothing of you any more.'),
      note('Votes that were signed stay as they are.'),
    ],
  }
}

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

export const eraseQuestionView: View = {
  title: 'Erase what AutoCo knows of you?',
  body: [
    text('Your accounts, wallets, links and drafts are deleted, and your name is taken off what you said in threads.'),
    text('Votes already sent stay on the chain for ever: nobody can take them back there.'),
  ],
  actions: [run('Erase everything', 'erase yes', 'danger')],
}

export function erasedView(erased: { accounts: number; wallets: number }): View {
  return {
    title: 'Erased',
    body: [
      text('Deleted: ', counts(erased.accounts, erased.wallets), '. AutoCo no longer knows who you are.'),
      note('What is on the chain stays there.'),
    ],
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

const counts = (accounts: number, wallets: number): string =>
  `${accounts} ${accounts === 1 ? 'account' : 'accounts'} and ${wallets} ${wallets === 1 ? 'wallet' : 'wallets'}`
