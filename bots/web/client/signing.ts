import { ApiError, post, wordsOf } from './api.ts'
import { byId, el, say } from './dom.ts'
import {
  connectOn,
  isSame,
  sendTransaction,
  short,
  signTypedData,
  walletProblem,
  type Chain,
  type Connected,
  type Transaction,
  type Wallet,
} from './wallet.ts'
import { offerWallets } from './wallet-choice.ts'

/** Somebody's wallet that may sign here, or why it may not. */
export type Signer = { address: string; words: string; why?: string; hint?: string }

type TypedData = {
  domain: { name: string; version?: string; chainId: number; verifyingContract: string }
  message: Record<string, unknown>
}

/** What is before the wallet: text to sign, or a transaction that it sends itself. */
type Asked = { number?: number; typedData?: TypedData; transaction?: Transaction }

export type Signing = {
  api: string
  chain: Chain
  signers: readonly Signer[]
  /** What the fields of the message are called here, and their values in words. */
  labels: Record<string, string>
  onSigned(id: string): void
}

const status = byId('status')
let signer = ''
let asked: Asked | undefined

/** Takes somebody from the choice of their wallet over the text to the signature; whatever goes wrong is said. */
export async function startSigning(signing: Signing): Promise<void> {
  const able = signing.signers.filter(({ why }) => why === undefined)
  drawSigners(signing)
  const [first] = able
  if (!first) {
    const [{ why, hint } = { why: 'No wallet is linked to this account any more.' }] = signing.signers
    say(status, [why, hint && `In your chat: ${hint}`].filter(Boolean).join(' '), 'bad')
    return
  }
  offerWallets(
    ({ test }) => (test === undefined ? 1 : able.some(({ address }) => isSame(address, test.address)) ? 0 : undefined),
    (wallet, button) => void sign(signing, wallet, button),
  )
  await choose(signing, first.address)
}

function drawSigners(signing: Signing): void {
  let isChosen = false
  byId('signers').replaceChildren(
    ...signing.signers.map(({ address, words, why, hint }) => {
      const input = el('input', { type: 'radio', name: 'signer', value: address, disabled: why !== undefined })
      if (why === undefined && !isChosen) input.checked = isChosen = true
      input.addEventListener('change', () => void choose(signing, address))
      const more = why === undefined ? words : [why, hint && `In your chat: ${hint}`].filter(Boolean).join(' ')
      return el(
        'label',
        {},
        input,
        el('span', {}, el('b', { class: 'address', title: address }, short(address)), el('small', {}, more)),
      )
    }),
  )
}

async function choose(signing: Signing, address: string): Promise<void> {
  asked = undefined
  byId('sign').hidden = true
  const shown = await attempt(() => post<Asked>(`${signing.api}/typed-data`, { address }))
  if (!shown) return
  signer = address
  asked = shown
  byId('signed').replaceChildren(
    ...(shown.typedData ? rowsOf(signing, shown.typedData) : []),
    ...(shown.transaction ? transactionRows(signing, shown.transaction) : []),
  )
  byId('data').textContent = JSON.stringify(shown.typedData ?? shown.transaction, undefined, 2)
  byId('text').hidden = false
  byId('sign').hidden = false
}

function rowsOf({ labels, chain }: Signing, { domain, message }: TypedData): HTMLElement[] {
  const known = Object.keys(labels).filter((key) => key in message)
  const others = Object.keys(message).filter((key) => !(key in labels))
  const rows = [...known, ...others].map((key) => [labels[key] ?? key, wordsFor(key, message[key] ?? '')] as const)
  const version = domain.version === undefined ? '' : `, version ${domain.version}`
  const where = `${domain.name}${version}, ${domain.verifyingContract}`
  return [...rows, ['Contract', where] as const, ['Chain', `${chain.name} (${domain.chainId})`] as const].map(rowOf)
}

const transactionRows = ({ chain }: Signing, { to, value, data }: Transaction): HTMLElement[] =>
  (
    [
      ['To the contract', to],
      ['Sends with it', BigInt(value) === 0n ? 'nothing' : `${BigInt(value)} wei`],
      ['Data', data],
      ['Chain', `${chain.name} (${chain.id})`],
    ] as const
  ).map(rowOf)

const rowOf = ([name, value]: readonly [string, string]): HTMLElement =>
  el('div', {}, el('dt', {}, name), el('dd', { dir: 'auto', class: value.length > 60 ? 'long' : undefined }, value))

const supports = ['Against', 'For', 'Abstain']

function wordsFor(key: string, value: unknown): string {
  if (key === 'answers' && Array.isArray(value)) return answersIn(value as Answered[])
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  if (key === 'support') return `${text} (${supports[Number(value)] ?? 'unknown'})`
  if (key === 'expiry') return `${new Date(Number(value) * 1_000).toLocaleString()} (${text})`
  // A seat's ballot carries the hash of the reason; its text is kept beside it.
  if (key === 'reason' && /^0x0{64}$/.test(text)) return 'none'
  if (key === 'reason' && /^0x[0-9a-f]{64}$/i.test(text)) return `as above, by its hash ${text}`
  return text
}

type Answered = { poll: string; choice: string[] }

/** A paper of polls: each title with its labels, of a ranking in its order. */
const answersIn = (answers: readonly Answered[]): string =>
  answers.map(({ poll, choice }) => `${poll}: ${choice.join(', ') || 'no answer'}`).join('; ')

async function sign(signing: Signing, wallet: Wallet, button: HTMLButtonElement): Promise<void> {
  const what = asked
  if (!what) return
  button.disabled = true
  button.setAttribute('aria-busy', 'true')
  say(status, 'Your wallet asks you. Open it if it does not show.')
  await attempt(async () => {
    const connected = await connectOn(signing.chain, wallet, signer)
    const id = await handIn(signing, connected, what)
    say(status, '')
    signing.onSigned(id)
  })
  button.disabled = false
  button.removeAttribute('aria-busy')
  if (!status.hidden) button.focus()
}

async function handIn(
  { api }: Signing,
  connected: Connected,
  { number, typedData, transaction }: Asked,
): Promise<string> {
  if (transaction) {
    const hash = await sendTransaction(connected, transaction)
    say(status, 'Sent. Handing in where it can be followed…')
    await post(`${api}/sent`, { number, hash })
    return hash
  }
  const signature = await signTypedData(connected, typedData ?? {})
  say(status, 'Signed. Handing it in…')
  const { id } = await post<{ id: string }>(`${api}/signature`, { address: signer, number, signature })
  return id
}

/** Says what went wrong: the server in its words, a wallet in ours. */
export async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    say(status, error instanceof ApiError ? wordsOf(error) : walletProblem(error), 'bad')
    status.scrollIntoView({ block: 'nearest' })
    return undefined
  }
}
