import { arg, defineCommand } from '../../command.ts'
import { UserError } from '../../errors.ts'
import { findNomic } from '../contracts.ts'
import { openFree, openLock, type LockPage } from '../lock.ts'
import { address, fields, note, open, text, time, type View } from '../../view.ts'

/** `/lock 100`, `/lock all`: what is locked approves of spells. */
export const lock = defineCommand({
  name: 'lock',
  description: 'Lock NOMIC in the chief, to approve of spells with it',
  args: { amount: arg.word('How much, such as 100, or all') },
  audience: 'caller',
  access: 'linked',
  byLink: () => true,
  async run(ctx, { caller, person, args }) {
    if (!person) throw new UserError('This account is not linked to a wallet yet.', { hint: '/link' })
    const page = await openLock(ctx, { person, caller, dao: await findNomic(ctx), amount: args.amount })
    return pageView(page, {
      title: `Lock ${page.words}`,
      words: 'It stays yours, keeps its voice in polls, and you can free it at any time.',
      more: page.isMore ? 'What you approve of gets it at once.' : undefined,
      action: 'Lock it',
    })
  },
})

/** `/free 100`, `/free all`: nothing can forbid it. */
export const free = defineCommand({
  name: 'free',
  description: 'Take back NOMIC that you have locked in the chief',
  args: { amount: arg.word('How much, such as 100, or all') },
  audience: 'caller',
  access: 'linked',
  byLink: () => true,
  async run(ctx, { caller, person, args }) {
    if (!person) throw new UserError('This account is not linked to a wallet yet.', { hint: '/link' })
    const page = await openFree(ctx, { person, caller, dao: await findNomic(ctx), amount: args.amount })
    return pageView(page, {
      title: `Free ${page.words}`,
      words: 'It goes back to your wallet at once.',
      more: page.isMore ? 'What you approve of loses as much.' : undefined,
      action: 'Free it',
    })
  },
})

function pageView(
  page: LockPage,
  { title, words, more, action }: { title: string; words: string; more: string | undefined; action: string },
): View {
  return {
    title,
    body: [
      text(words, ...(more === undefined ? [] : [` ${more}`])),
      fields({ Wallet: address(page.wallet) }),
      note(
        page.isSigned
          ? 'One signature; AutoCo sends it and pays the gas.'
          : 'Your wallet sends this itself and pays the gas.',
        ' The page expires ',
        time(page.expiresAt),
        '.',
      ),
    ],
    actions: [open(action, page.url, 'primary')],
  }
}
