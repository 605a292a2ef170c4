import { get } from './api.ts'
import { byId, el, say } from './dom.ts'
import { attempt, startSigning } from './signing.ts'
import { short } from './wallet.ts'

type Page = {
  dao: { name: string; slug: string }
  wallets: string[]
  to: string | null
  origin: string
  chain: { id: number; name: string }
}
type State = 'accepted' | 'sent' | 'done' | 'failed'

const api = `/api/delegation/${location.pathname.split('/').pop() ?? ''}`
const pollMs = 1_500

void start()

async function start(): Promise<void> {
  const page = await attempt(() => get<Page>(api))
  if (!page) {
    byId('title').textContent = 'This page cannot be used'
    return
  }
  const { dao, to, wallets, origin, chain } = page
  byId('dao').textContent = dao.name
  byId('title').textContent = 'Delegate your weight'
  byId('about').textContent = 'A weight counts only once it is delegated: to yourself, or to whom you trust.'
  byId('choice').replaceChildren('Its weight goes to ', el('b', { title: to ?? '' }, to ? short(to) : 'itself'))
  byId('what').hidden = false
  if (origin !== location.origin) {
    say(byId('status'), `Open this page at ${origin}: a wallet signs for that address only.`, 'warn')
    return
  }
  const signers = wallets.map((address) => ({ address, words: `Votes of ${dao.name}` }))
  await startSigning({ api, chain, signers, labels, onSigned: (id) => void follow(id) })
}

const labels = { delegatee: 'Who votes with it', nonce: 'Number of this signature', expiry: 'Signature works until' }

async function follow(id: string): Promise<void> {
  for (const panel of ['what', 'text', 'sign']) byId(panel).hidden = true
  draw('accepted')
  byId('done').hidden = false
  byId('done').focus()
  for (let state: State = 'accepted'; state === 'accepted' || state === 'sent';) {
    await new Promise((resolve) => setTimeout(resolve, pollMs))
    const answer = await get<{ state: State }>(`/api/delegated/${id}`).catch(() => undefined)
    if (!answer || answer.state === state) continue
    state = answer.state
    draw(state)
    if (state === 'done') say(byId('status'), 'Delegated. The token says so.', 'good')
    if (state === 'failed')
      say(byId('status'), 'The token did not take it. In your chat, /power shows where the weight is now.', 'bad')
  }
}

function draw(state: State): void {
  const reached = { accepted: 0, sent: 1, failed: 1, done: 2 }[state]
  const names = ['Signed', 'Sent', state === 'failed' ? 'Not delegated' : 'Delegated']
  byId('steps').replaceChildren(
    ...names.map((name, step) => {
      const kind = step <= reached ? 'done' : step > reached + 1 ? 'next' : state === 'failed' ? 'failed' : 'now'
      return el('li', { class: kind }, el('b', {}, name))
    }),
  )
}
