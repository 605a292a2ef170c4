import { amount } from './amount.ts'
import { get } from './api.ts'
import { byId, el, say } from './dom.ts'
import { attempt, startSigning } from './signing.ts'
import { localiseTimes } from './time.ts'

type Page = {
  proposal: { ref: string; title: string; dao: string; deadline: string; clock: 'timestamp' | 'blocknumber' }
  choice: string
  reason: string
  token: { symbol: string; decimals: number }
  wallets: { address: string; weight: string; why?: string; hint?: string }[]
  ballot?: string
  expiresAt: number
  origin: string
  chain: { id: number; name: string }
}

const api = `/api/ballot/${location.pathname.split('/').pop() ?? ''}`

void start()

async function start(): Promise<void> {
  const page = await attempt(() => get<Page>(api))
  if (!page) {
    byId('title').textContent = 'This ballot cannot be signed here'
    return
  }
  if (page.ballot) return toReceipt(page.ballot)
  draw(page)
  if (page.origin !== location.origin) {
    say(byId('status'), `Open this page at ${page.origin}: a wallet signs for that address only.`, 'warn')
    return
  }
  const { chain, wallets, token } = page
  const signers = wallets.map(({ weight, ...wallet }) => ({ ...wallet, words: `Weight ${amount(weight, token)}` }))
  await startSigning({ api, chain, signers, labels, onSigned: toReceipt })
}

// What a person compares comes first, then the numbers that make it one ballot of one wallet.
const labels = {
  proposal: 'Proposal',
  choice: 'Choice',
  support: 'Choice',
  reason: 'Reason',
  voter: 'Wallet',
  proposalId: 'Proposal number',
  seat: 'Seat of your Auto ID',
  sequence: 'Your vote number',
  nonce: 'Signature number',
  params: 'Further data',
}

function draw({ proposal, choice, reason }: Page): void {
  byId('dao').textContent = `${proposal.dao} · ${proposal.ref}`
  byId('title').textContent = proposal.title
  byId('about').replaceChildren('Voting ends ', deadlineOf(proposal), '.')
  localiseTimes(byId('about'))
  byId('choice').replaceChildren('You vote ', el('b', {}, choice))
  byId('choice').classList.add(choice.toLowerCase())
  byId('reason').textContent = reason
  byId('reason').hidden = reason === ''
  byId('what').hidden = false
  document.title = `Vote ${choice} on ${proposal.ref} · AutoCo`
}

function deadlineOf({ clock, deadline }: Page['proposal']): HTMLElement | string {
  if (clock === 'blocknumber') return `with block ${deadline}`
  return el('time', { datetime: new Date(Number(deadline) * 1_000).toISOString(), 'data-as': 'relative' })
}

/** In this page's place, so that the back button does not lead to a ballot that is signed. */
function toReceipt(id: string): void {
  location.replace(`/r/${id}`)
}
