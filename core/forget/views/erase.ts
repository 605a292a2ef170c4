import { note, run, text, type View } from '../../view.ts'
import { counts } from '../../identity/views/identity.ts'

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
