import { post, wordsOf } from './api.ts'
import { byId, say } from './dom.ts'
import { launchData } from './launch.ts'
import { localiseTimes } from './time.ts'

const status = byId('status')
const card = byId('card')
const api = `/api${location.pathname}`
const data = launchData()
/** In a chat client on the web this page stands in a frame, where our signing pages refuse to be. */
const isFramed = window.top !== window

card.addEventListener('click', (event) => {
  const button = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-run]') : null
  if (button?.dataset['run'] !== undefined) void show(button.dataset['run'])
})

void show()

async function show(line?: string): Promise<void> {
  if (data === undefined) return say(status, 'Open this page from your chat: only there it knows who you are.', 'warn')
  say(status, 'One moment…')
  try {
    const answer = await post<{ html: string; pages: string[] }>(api, { data, line })
    const [page, ...others] = answer.pages
    const isOurs = page !== undefined && new URL(page, location.href).origin === location.origin
    // Signing is all there is to do: no need to press once more.
    if (isOurs && others.length === 0 && !isFramed) return location.assign(page)
    // The server drew this from a view and escaped every word of it, as it does for each page.
    card.innerHTML = answer.html
    if (isFramed) for (const link of card.querySelectorAll('a')) link.target = '_blank'
    localiseTimes(card)
    say(status, '')
  } catch (error) {
    say(status, wordsOf(error), 'bad')
  }
}
