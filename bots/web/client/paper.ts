import { amount } from './amount.ts'
import { get, post } from './api.ts'
import { byId, el, say } from './dom.ts'
import { question, type Answer, type Poll, type Question } from './poll-question.ts'
import { attempt } from './signing.ts'
import { localiseTimes } from './time.ts'
import { short } from './wallet.ts'

type Wallet = { address: string; weight: string; answers: Answer[]; why?: string; hint?: string }
type Page = {
  dao: string
  closes: string
  isAtClose: boolean
  token: { symbol: string; decimals: number }
  polls: Poll[]
  wallets: Wallet[]
  origin: string
}

const api = `/api/paper/${location.pathname.split('/').pop() ?? ''}`
let wallet = ''

void start()

async function start(): Promise<void> {
  byId('paper').hidden = false
  const page = await attempt(() => get<Page>(api))
  if (!page) {
    byId('title').textContent = 'This page cannot be used'
    byId('go').hidden = true
    return
  }
  const questions = page.polls.map((poll) => question(poll, tell))
  byId('polls').replaceChildren(...questions.map(({ element }) => element))
  draw(page)
  drawWallets(page, questions)
  byId('paper').addEventListener('submit', (event) => {
    event.preventDefault()
    void goOn(questions)
  })
}

/** For screen readers: what a key has just done. */
function tell(words: string): void {
  byId('said').textContent = words
}

function draw({ dao, closes, isAtClose, polls }: Page): void {
  byId('dao').textContent = dao
  byId('title').textContent = polls.length === 1 ? 'Answer the poll' : `Answer ${polls.length} polls`
  const time = el('time', { datetime: new Date(Number(closes) * 1_000).toISOString(), 'data-as': 'relative' })
  byId('about').replaceChildren(
    'They close ',
    time,
    isAtClose ? '. The votes that you have at the close count.' : '. The votes that you had at the opening count.',
  )
  localiseTimes(byId('about'))
}

function drawWallets({ wallets, token, polls }: Page, questions: readonly Question[]): void {
  const choose = (chosen: Wallet): void => {
    wallet = chosen.address
    // What was typed in chat comes before what was signed last.
    for (const [at, each] of questions.entries()) each.set(polls[at]?.typed ?? chosen.answers[at] ?? null)
  }
  byId('signers').replaceChildren(
    ...wallets.map((each, at) => {
      const input = el('input', {
        type: 'radio',
        name: 'wallet',
        value: each.address,
        disabled: each.why !== undefined,
      })
      input.checked = at === 0 && each.why === undefined
      input.addEventListener('change', () => choose(each))
      const words = each.why ?? `Weight ${amount(each.weight, token)}`
      const hint = each.hint ? ` In your chat: ${each.hint}` : ''
      return el(
        'label',
        {},
        input,
        el(
          'span',
          {},
          el('b', { class: 'address', title: each.address }, short(each.address)),
          el('small', {}, words + hint),
        ),
      )
    }),
  )
  const [first] = wallets
  if (first && first.why === undefined) choose(first)
  else {
    byId('go').hidden = true
    say(byId('status'), 'None of your wallets can answer these polls.', 'bad')
  }
}

async function goOn(questions: readonly Question[]): Promise<void> {
  const answers = questions.map((each) => each.get())
  const page = await attempt(() => post<{ url: string }>(`${api}/answers`, { wallet, answers }))
  if (page) location.assign(page.url)
}
