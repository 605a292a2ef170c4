import { get } from './api.ts'
import { byId, el, say } from './dom.ts'
import { attempt, startSigning } from './signing.ts'

type State = 'open' | 'accepted' | 'sent' | 'done' | 'failed' | 'replaced'
type Step = { label: string; kind: 'send' | 'sign' | 'relay'; state: State; reason: string | null; tx: string | null }
type Page = {
  title: string
  about: string
  wallet: string
  rows: { label: string; value: string }[]
  steps: Step[]
  origin: string
  chain: { id: number; name: string }
}

const api = `/api/action/${location.pathname.split('/').pop() ?? ''}`
const pollMs = 1_500

void start()

async function start(): Promise<void> {
  const page = await attempt(() => get<Page>(api))
  if (!page) {
    byId('title').textContent = 'This page cannot be used'
    return
  }
  byId('title').textContent = page.title
  byId('about').textContent = page.about
  byId('rows').replaceChildren(
    ...page.rows.map(({ label, value }) => el('div', {}, el('dt', {}, label), el('dd', { dir: 'auto' }, value))),
  )
  byId('what').hidden = false
  draw(page.steps)
  if (page.origin !== location.origin) {
    say(byId('status'), `Open this page at ${page.origin}: a wallet signs for that address only.`, 'warn')
    return
  }
  await goOn(page)
}

/** The wallet's turn, the chain's turn, or the end. */
async function goOn(page: Page): Promise<void> {
  const step = page.steps.find(({ state }) => state !== 'done')
  for (const panel of ['text', 'sign']) byId(panel).hidden = true
  if (!step) {
    byId('done').hidden = false
    byId('done').focus()
    return
  }
  if (isOver(step)) {
    const why = step.state === 'replaced' ? 'You have signed a newer one since.' : 'The chain refused it.'
    say(byId('status'), `${step.reason ?? why} Ask for it again in your chat.`, 'bad')
    return
  }
  if (step.state !== 'open') {
    await follow()
    return
  }
  if (step.reason) say(byId('status'), step.reason, 'warn')
  const words = step.kind === 'sign' ? `Signs: ${step.label}` : `Sends, and pays the gas: ${step.label}`
  await startSigning({
    api,
    chain: page.chain,
    signers: [{ address: page.wallet, words }],
    labels: {},
    onSigned: () => void follow(),
  })
}

/** A step that ends leads to the next one on a fresh page, where nothing of the last one is left. */
async function follow(): Promise<void> {
  for (const panel of ['text', 'sign']) byId(panel).hidden = true
  for (;;) {
    const now = await get<Page>(api).catch(() => undefined)
    if (now) {
      draw(now.steps)
      const step = now.steps.find(({ state }) => state !== 'done')
      if (!step || isOver(step)) return await goOn(now)
      if (step.state === 'open') return location.reload()
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
}

function draw(steps: readonly Step[]): void {
  const current = steps.findIndex(({ state }) => state !== 'done')
  const kindOf = ({ state }: Step, at: number): string =>
    state === 'done' ? 'done' : state === 'failed' || state === 'replaced' ? 'failed' : at === current ? 'now' : 'next'
  const words: Record<State, string> = {
    open: 'waits for your wallet',
    accepted: 'signed',
    sent: 'sent, the chain has it next',
    done: 'done',
    failed: 'not done',
    replaced: 'not counted: a newer one was signed',
  }
  byId('steps').replaceChildren(
    ...steps.map((step, at) =>
      el('li', { class: kindOf(step, at) }, el('b', { dir: 'auto' }, step.label), el('span', {}, words[step.state])),
    ),
  )
}

const isOver = ({ state }: Step): boolean => state === 'failed' || state === 'replaced'
