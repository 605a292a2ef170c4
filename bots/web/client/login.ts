import { post, wordsOf } from './api.ts'
import { byId, say } from './dom.ts'

const status = byId('status')

void finish()

/** The platform sent the browser back: tell the server, then go on where the link was opened. */
async function finish(): Promise<void> {
  const query = new URLSearchParams(location.search)
  // Nobody should find the code in the history or in what is copied from the address bar.
  history.replaceState(null, '', location.pathname)
  const ticket = sessionStorage.getItem('ticket')
  const code = query.get('code')
  try {
    if (code !== null) await post(`/api${location.pathname}`, { code, state: query.get('state') ?? '' })
    else say(status, 'You did not log in. You can still use the code of the page.', 'warn')
    if (ticket !== null) location.replace(`/l/${ticket}`)
    else say(status, 'Go back to the page of your link.', 'warn')
  } catch (error) {
    say(status, wordsOf(error), 'bad')
    const back = byId<HTMLAnchorElement>('back')
    if (ticket === null) return
    back.href = `/l/${ticket}`
    back.hidden = false
  }
}
