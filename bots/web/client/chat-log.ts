import { el } from './dom.ts'
import { localiseTimes } from './time.ts'

export type Message = {
  id: string
  version: string
  channel: string
  thread: string | null
  person: string | null
  audience: 'channel' | 'caller'
  text: string | null
  replies: number
  removed: boolean
  html: string
}

/** A list of messages in the order of their ids; a message that comes again takes its own place. */
export type Log = {
  show(messages: readonly Message[]): void
  put(message: Message): void
  clear(): void
}

const near = 120
/** As many as the server sends at once; when there are so many, there may be earlier ones. */
const pageSize = 60

export function createLog(list: HTMLElement, earlier: (before: string) => Promise<readonly Message[]>): Log {
  const scroller = list.parentElement as HTMLElement
  const isAtEnd = (): boolean => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < near
  const toEnd = (): void => {
    scroller.scrollTop = scroller.scrollHeight
  }

  const put = (message: Message): void => {
    const old = list.querySelector(`[data-id="${message.id}"]`)
    if (message.removed) return old?.remove()
    const item = fromHtml(message.html)
    if (!item) return
    localiseTimes(item)
    const focused = old?.contains(document.activeElement) ? focusKey(document.activeElement) : undefined
    if (old) {
      // Read out again only where one waits for it: a card of a channel changes with every vote.
      old.setAttribute('aria-live', message.audience === 'caller' ? 'polite' : 'off')
      old.className = item.className
      old.replaceChildren(...item.childNodes)
    } else {
      const next = [...list.children].find(
        (child) => BigInt((child as HTMLElement).dataset['id'] ?? 0) > BigInt(message.id),
      )
      list.insertBefore(item, next ?? null)
    }
    if (focused) list.querySelector<HTMLElement>(`[data-id="${message.id}"] ${focused}`)?.focus()
  }

  const offerEarlier = (messages: readonly Message[]): void => {
    list.querySelector('.earlier')?.remove()
    const [first] = messages
    if (!first || messages.length < pageSize) return
    const button = el('button', { type: 'button' }, 'Earlier messages')
    button.addEventListener('click', () => void load(first.id).catch(() => undefined))
    list.prepend(el('li', { class: 'earlier' }, button))
  }

  /** What one reads stays where it is while more is put above it. */
  const load = async (before: string): Promise<void> => {
    const messages = await earlier(before)
    const below = scroller.scrollHeight - scroller.scrollTop
    for (const message of messages) put(message)
    offerEarlier(messages)
    scroller.scrollTop = scroller.scrollHeight - below
  }

  return {
    show(messages) {
      list.replaceChildren()
      for (const message of messages) put(message)
      offerEarlier(messages)
      if (messages.length === 0)
        list.append(el('li', { class: 'empty' }, 'Nothing here yet. Type / to see what AutoCo can do.'))
      toEnd()
    },
    put(message) {
      const follow = isAtEnd()
      list.querySelector('.empty')?.remove()
      put(message)
      if (follow) toEnd()
    },
    clear: () => list.replaceChildren(),
  }
}

// The server made this from a view with everything escaped; what people typed never becomes markup.
function fromHtml(html: string): HTMLElement | undefined {
  const template = document.createElement('template')
  template.innerHTML = html.trim()
  return (template.content.firstElementChild as HTMLElement | null) ?? undefined
}

/** An edit replaces the card under a person's finger: the button that had the focus keeps it. */
function focusKey(element: Element | null): string | undefined {
  const line = element instanceof HTMLElement ? element.dataset['run'] : undefined
  return line === undefined ? undefined : `[data-run="${CSS.escape(line)}"]`
}
