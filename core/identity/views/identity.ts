import { platformLabel } from '../../account-name.ts'
import type { Unlinked } from '../unlink.ts'
import { address, code, note, open, run, text, time, type View } from '../../view.ts'

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

export const counts = (accounts: number, wallets: number): string =>
  `${accounts} ${accounts === 1 ? 'account' : 'accounts'} and ${wallets} ${wallets === 1 ? 'wallet' : 'wallets'}`
