import type { View } from '../../core/view.ts'
import { screens } from './screens.ts'
import {
  address,
  code,
  divider,
  fields,
  heading,
  link,
  list,
  note,
  open,
  quote,
  run,
  strong,
  tally,
  text,
  time,
  tx,
} from '../../core/view.ts'

const alice = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
const hash = '0x5c504ed432cb51138bcf09aa5e8a410dd4a1e204ef84bfed1be16dfba1b22060'
const markup =
  '</p><script>alert(1)</script><img src=x onerror=alert(2)> **bold** [a](javascript:alert(3)) @everyone <@1234> `x`'
const emoji = '👩‍👩‍👧‍👦🏳️‍🌈🇩🇪'
const rightToLeft = 'اقتراح لتمويل المراجعة \u202eevil\u202c הצעה'

/** All of AutoCo's screens, and cards as somebody who means harm would have them: every renderer draws all of them. */
export const gallery: Record<string, View> = {
  ...screens,
  proposal: {
    title: 'nomic-3: Fund the audit of the bridge',
    url: 'https://vote.example.org/p/nomic-3',
    body: [
      text(strong('Open for votes.'), ' Ends ', time(1_893_456_000), ' (', time(1_893_456_000, 'datetime'), ').'),
      fields({
        Proposer: address(alice, 'Alice'),
        'Sent in': tx(hash),
        Seen: [time(1_767_225_600, 'date'), ', not final yet'],
      }),
      tally(
        [
          { label: 'For', share: 0.624, value: '62,400 NOMIC' },
          { label: 'Against', share: 0.3, value: '30,000 NOMIC' },
          { label: 'Abstain', share: 0.076, value: '7,600 NOMIC' },
        ],
        'Quorum reached: 100,000 of 40,000 NOMIC.',
      ),
      heading('What it does'),
      list(
        ['Pays 40,000 USDC to the auditors. ', link('1', 'https://vote.example.org/p/nomic-3#p2')],
        ['Work starts in March. ', link('2', 'https://vote.example.org/p/nomic-3#p3')],
      ),
      quote('We should not open the bridge before somebody looked at it.'),
      divider,
      note('Extract, no AI model: verbatim sentences of the proposal.'),
    ],
    actions: [
      run('For', 'vote nomic-3 for', 'primary'),
      run('Against', 'vote nomic-3 against', 'danger'),
      open('Details', 'https://vote.example.org/p/nomic-3'),
    ],
  },
  problem: {
    tone: 'bad',
    body: [text('This account is not linked to a wallet yet.'), text('Type ', code('/link'))],
    actions: [run('/link', 'link')],
  },
  good: { title: 'Counted', tone: 'good', body: [text('Your vote counted in block 1234.')] },
  image: { body: [{ type: 'image', url: 'https://images.example.org/a.png', alt: 'A chart' }] },
  empty: { body: [] },
  markup: {
    title: markup,
    url: 'javascript:alert(4)',
    body: [
      text(
        markup,
        strong(markup),
        code(markup),
        link(markup, 'javascript:alert(5)'),
        link('data', 'data:text/html,<script>alert(6)</script>'),
      ),
      fields({ [markup]: markup }),
      tally([{ label: markup, share: Number.NaN, value: markup }], markup),
      list([markup]),
      quote(markup),
      text(
        { mention: { platform: 'web', user: '"><script>', name: markup } },
        address('"><script>alert(7)</script>', markup),
        tx('"><script>alert(8)</script>'),
      ),
      { type: 'image', url: 'javascript:alert(9)', alt: markup },
    ],
    actions: [run(markup, 'vote "><script> for'), open(markup, 'javascript:alert(10)')],
  },
  bidi: { title: rightToLeft, body: [text(rightToLeft), fields({ [rightToLeft]: rightToLeft }), list([rightToLeft])] },
  emoji: {
    title: emoji.repeat(200),
    body: [text(emoji.repeat(3_000)), tally([{ label: emoji, share: 7, value: emoji }])],
    actions: [run(emoji.repeat(50), 'help')],
  },
  huge: {
    title: 'A'.repeat(100_000),
    url: 'https://vote.example.org/p/huge-1',
    body: [
      text('word '.repeat(20_000)),
      text('x'.repeat(100_000)),
      ...Array.from({ length: 200 }, (_, index) => text(`Paragraph ${index}`)),
      list(...Array.from({ length: 500 }, (_, index) => `Item ${index}`)),
    ],
    actions: Array.from({ length: 60 }, (_, index) => run(`Button ${index}`, `proposal nomic-${index}`)),
  },
  wide: {
    title: 'Many parts',
    body: [
      fields(Object.fromEntries(Array.from({ length: 80 }, (_, index) => [`Field ${index}`, `Value ${index}`]))),
      tally(
        Array.from({ length: 60 }, (_, index) => ({ label: `Choice ${index}`, share: index / 60, value: `${index}` })),
      ),
    ],
  },
  halves: { title: '\ud83d', body: [text('\ud83d', '\udc00 lonely halves \0 and a null')] },
}
