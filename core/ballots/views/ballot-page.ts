import type { MyVote } from '../mine.ts'
import type { Support } from '../../voting/support.ts'
import { single } from '../../voting/single.ts'
import { address, fields, note, open, quote, run, strong, text, time, type View } from '../../view.ts'
import { amount } from '../../amount.ts'
import { myVoteBlocks } from './my-votes.ts'

export type OpenedPage = {
  url: string
  expiresAt: number
  proposal: { ref: string; title: string; deadline: string; dao: { name: string; clock: 'timestamp' | 'blocknumber' } }
  support: Support
  reason: string
  /** The wallets that may vote, with their weight at the snapshot. */
  wallets: { address: string; weight: bigint }[]
  token: { symbol: string; decimals: number }
  mine: readonly MyVote[]
}

/** The answer to `/vote`: nothing is cast yet, one of the wallets signs on the page. */
export function ballotPageView(page: OpenedPage): View {
  const { proposal, token } = page
  const choice = single.describe(page.support)
  return {
    title: `Vote ${choice} on ${proposal.ref}`,
    body: [
      text(strong(choice), ' on ', proposal.title, ', in ', proposal.dao.name, '.'),
      ...(page.reason ? [quote(page.reason)] : []),
      ...myVoteBlocks(page.mine, proposal.ref),
      ...(page.mine.length > 0 ? [note('A new signature takes the place of that vote.')] : []),
      ...page.wallets.map((wallet) =>
        fields({ Wallet: address(wallet.address), Weight: amount(wallet.weight, token) }),
      ),
      fields({
        'Voting ends':
          proposal.dao.clock === 'timestamp' ? time(Number(proposal.deadline)) : `block ${proposal.deadline}`,
      }),
      note(
        'Nothing is cast before you sign on the page. It is for you alone and expires ',
        time(page.expiresAt),
        '. AutoCo pays the gas and tells you in private how far your vote has come.',
      ),
    ],
    actions: [open(`Sign ${choice}`, page.url, 'primary'), run('My power', `power ${proposal.ref}`)],
  }
}
