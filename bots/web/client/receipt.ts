import { get } from './api.ts'
import { byId } from './dom.ts'
import { localiseTimes } from './time.ts'

type Receipt = { id: string; state: string; steps: string; words: string }

const ends = new Set(['final', 'refused', 'superseded', 'voted_elsewhere'])
const pollMs = 1_500
const path = location.pathname

void follow()

/** Asks for the state, and for the page anew when it changed: what is drawn is drawn by the server alone. */
async function follow(): Promise<void> {
  const shown = byId('receipt').dataset
  if (ends.has(shown['state'] ?? '')) return
  const receipt = await get<Receipt>(`/api/receipt/${path.split('/').pop() ?? ''}`).catch(() => undefined)
  if (receipt && receipt.steps !== shown['steps']) await redraw(receipt).catch(() => undefined)
  setTimeout(() => void follow(), pollMs)
}

async function redraw({ steps, words }: Receipt): Promise<void> {
  const text = await (await fetch(path)).text()
  const fresh = new DOMParser().parseFromString(text, 'text/html').getElementById('receipt')
  const old = byId('receipt')
  if (!fresh || fresh.dataset['steps'] === old.dataset['steps']) return
  localiseTimes(fresh)
  const isOpen = old.querySelector('details')?.open ?? false
  const focused = old.contains(document.activeElement) ? document.activeElement : null
  // The part that nobody may have half selected or focused stays as it is: only the ballot's progress changes.
  if (isOpen || focused) old.querySelector('section')?.replaceWith(fresh.querySelector('section') ?? '')
  else old.replaceWith(fresh)
  byId('receipt').dataset['state'] = fresh.dataset['state'] ?? ''
  byId('receipt').dataset['steps'] = fresh.dataset['steps'] ?? ''
  byId('news').textContent = `${steps}. ${words}`
}
