import { fields, note, open, strong, text, time, type Block, type Text, type View } from '../../view.ts'

/** The answer to whatever a wallet has to do on a page: what it comes to, and who decides. */
export function actView(data: {
  title: string
  words: string
  rows?: Record<string, Text>
  page: { url: string; expiresAt: number; isProposal?: boolean }
  /** Who decides, where it is a proposal. */
  decides?: string | undefined
  /** The vote would end after the time for it is over. */
  isTooSlow?: boolean
  more?: readonly Block[]
}): View {
  const { title, words, rows, page, decides, more = [] } = data
  return {
    title,
    body: [
      text(words),
      ...(rows ? [fields(rows)] : []),
      ...more,
      ...(page.isProposal
        ? [
            text(
              `${decides ?? 'The DAO'} decides it by a vote: your wallet proposes it, and it happens once it is executed.`,
            ),
          ]
        : []),
      ...(data.isTooSlow
        ? [text(strong('Careful:'), ' the vote and its timelock end after the time for this is over.')]
        : []),
      note('The page expires ', time(page.expiresAt), '.'),
    ],
    actions: [open(page.isProposal ? 'Propose it with your wallet' : 'Do it with your wallet', page.url, 'primary')],
  }
}
