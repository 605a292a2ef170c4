import { get, post, wordsOf } from './api.ts'
import { createComposer, type Place } from './chat-composer.ts'
import { askForm, type Form } from './chat-form.ts'
import { createLog, type Message } from './chat-log.ts'
import { choosePerson, currentPerson, face, walletWords, type Person } from './chat-people.ts'
import { byId, el, say } from './dom.ts'

type Channel = { id: string; topic: string }

let person: Person | undefined
let channels: Channel[] = []
let channel = ''
let thread: string | undefined
let stream: EventSource | undefined
const unread = new Map<string, number>()

const log = createLog(byId('log'), (before) => read({ before }))
const threadLog = createLog(byId('thread-log'), (before) => read({ thread, before }))
const place = (): Place | undefined => (person && channel ? { person: person.id, channel } : undefined)
const threadPlace = (): Place | undefined =>
  person && channel && thread ? { person: person.id, channel, thread } : undefined
const composer = createComposer('composer', { place, send: (line) => speak(place(), line) })
const threadComposer = createComposer('thread-composer', {
  place: threadPlace,
  send: (line) => speak(threadPlace(), line),
})

async function speak(at: Place | undefined, line: string): Promise<void> {
  if (!at) return
  if (line.startsWith('/')) return await run(at, { line: line.slice(1) })
  await attempt(() => post('/api/play/say', { ...at, text: line }))
}

/** Runs a line; when words are missing, asks for them first. The same id makes a repeated send run once. */
async function run(
  at: Place,
  what: { line: string } | { command: string; words: Record<string, string> },
): Promise<void> {
  const answer = await attempt(() =>
    post<{ form?: Form }>('/api/play/line', { ...at, ...what, id: crypto.randomUUID() }),
  )
  if (!answer.form) return
  const words = await askForm(answer.form, at)
  if (words) await run(at, { command: answer.form.command, words })
}

async function attempt<T>(work: () => Promise<T>): Promise<T> {
  try {
    const done = await work()
    say(byId('notice'), '')
    return done
  } catch (error) {
    say(byId('notice'), wordsOf(error), 'bad')
    throw error
  }
}

/** What nobody waits for: when it fails, the page says so. */
function aside(work: Promise<void>): void {
  work.catch((error: unknown) => say(byId('notice'), wordsOf(error), 'bad'))
}

async function openChannel(id: string): Promise<void> {
  channel = id
  unread.delete(id)
  const known = channels.find((each) => each.id === id)
  byId('room-title').textContent = known ? `# ${id}` : 'AutoCo and you'
  byId('topic').textContent = known ? known.topic : 'Only you see this conversation.'
  document.title = `${known ? `#${id}` : 'Private'} · AutoCo`
  closeMenu()
  drawChannels()
  const messages = await read({})
  if (channel === id) log.show(messages)
}

async function read(part: { thread?: string | undefined; before?: string }): Promise<Message[]> {
  const query = { channel, person: person?.id, ...part }
  return (await get<{ messages: Message[] }>('/api/play/messages', query)).messages
}

async function openThread(id: string): Promise<void> {
  thread = id
  byId('thread').hidden = false
  byId('chat').classList.add('with-thread')
  const messages = await read({ thread: id })
  if (thread === id) threadLog.show(messages)
}

function closeThread(): void {
  thread = undefined
  byId('thread').hidden = true
  byId('chat').classList.remove('with-thread')
  threadLog.clear()
}

/** Where one is, is the address: a reload, the back button and a link lead there. */
async function follow(): Promise<void> {
  const [wanted = '', wantedThread] = decodeURIComponent(location.hash.slice(1)).split('/')
  const target = wanted === 'private' && person ? `@${person.id}` : wanted
  const known = channels.some((each) => each.id === target) || target === `@${person?.id}`
  const next = known ? target : (channels[0]?.id ?? '')
  if (next !== channel) {
    closeThread()
    await openChannel(next)
  }
  if (wantedThread && wantedThread !== thread) await openThread(wantedThread)
  if (!wantedThread) closeThread()
}

const hashOf = (id: string): string => `#${id.startsWith('@') ? 'private' : id}`

function onMessage(message: Message): void {
  if (message.channel === channel) {
    if (message.thread === null) log.put(message)
    else aside(refreshRoot(message.thread))
    if (thread !== undefined && (message.thread === thread || message.id === thread)) threadLog.put(message)
  } else if (!message.removed && message.person !== person?.id) {
    unread.set(message.channel, (unread.get(message.channel) ?? 0) + 1)
    drawChannels()
  }
}

/** A reply changes the count under the message that the thread hangs from. */
async function refreshRoot(id: string): Promise<void> {
  const link = document.querySelector<HTMLElement>(`#log .thread-link[data-thread="${id}"]`)
  if (!link) return
  const messages = await read({ thread: id })
  const root = messages.find((message) => message.id === id)
  if (root) log.put(root)
}

function drawChannels(): void {
  const item = (id: string, label: string): HTMLElement => {
    const count = unread.get(id) ?? 0
    const link = el(
      'a',
      {
        href: hashOf(id),
        'aria-current': id === channel ? 'page' : undefined,
        class: count > 0 ? 'unread' : undefined,
      },
      label,
    )
    if (count > 0) link.append(el('span', { class: 'badge' }, String(count), el('span', { class: 'sr' }, ' unread')))
    return el('li', {}, link)
  }
  byId('channels').replaceChildren(...channels.map(({ id }) => item(id, `# ${id}`)))
  byId('private').replaceChildren(...(person ? [item(`@${person.id}`, 'AutoCo and you')] : []))
}

function listen(): void {
  stream?.close()
  if (!person) return
  const source = new EventSource(`/api/play/stream?person=${encodeURIComponent(person.id)}`)
  source.addEventListener('message', (event: MessageEvent<string>) => onMessage(JSON.parse(event.data) as Message))
  let lost = false
  source.addEventListener('error', () => {
    lost = true
    say(byId('notice'), 'The connection broke. Trying again…', 'warn')
    // The browser gives up when the server answered with an error; a server that starts again is worth waiting for.
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, 2_000)
  })
  source.addEventListener('open', () => {
    if (lost) say(byId('notice'), '')
    lost = false
    // What came between the reading and the hearing is read again.
    if (channel) aside(openChannel(channel))
    if (thread) aside(openThread(thread))
  })
  stream = source
}

async function become(next: Person): Promise<void> {
  person = next
  byId('me').replaceChildren(face(next), el('span', {}, el('b', {}, next.name), el('small', {}, walletWords(next))))
  byId('me').setAttribute('aria-label', `You are ${next.name}. Change who you are in this tab.`)
  unread.clear()
  channel = ''
  closeThread()
  listen()
  await follow()
  composer.focus()
}

function closeMenu(): void {
  byId('chat').classList.remove('menu-open')
  byId('menu').setAttribute('aria-expanded', 'false')
}

document.addEventListener('click', (event) => {
  const target = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-run], [data-thread]') : null
  if (!target) return
  const opened = target.dataset['thread']
  if (opened !== undefined) {
    location.hash = `${hashOf(channel)}/${opened}`
    threadComposer.focus()
    return
  }
  const at = target.closest('#thread') ? threadPlace() : place()
  if (!at) return
  target.setAttribute('aria-busy', 'true')
  void run(at, { line: target.dataset['run'] ?? '' })
    .catch(() => undefined)
    .finally(() => target.removeAttribute('aria-busy'))
})
byId('me').addEventListener('click', () => aside(choosePerson().then(become)))
byId('close-thread').addEventListener('click', () => {
  location.hash = hashOf(channel)
})
byId('menu').addEventListener('click', () => {
  const isOpen = byId('chat').classList.toggle('menu-open')
  byId('menu').setAttribute('aria-expanded', String(isOpen))
})
addEventListener('hashchange', () => aside(follow()))
addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && thread !== undefined && !document.querySelector('dialog[open]'))
    location.hash = hashOf(channel)
})

async function start(): Promise<void> {
  channels = (await get<{ channels: Channel[] }>('/api/play/channels')).channels
  drawChannels()
  await become((await currentPerson()) ?? (await choosePerson()))
}

aside(start())
