import { html } from 'hono/html'
import type { View } from '../../core/index.ts'
import { cut } from '../../core/index.ts'
import { hueOf, initials } from './client/face.ts'
import { mark, type Html } from './layout.ts'
import type { Message } from './playground-store.ts'
import { renderTime, renderView, type RenderOptions } from './render.ts'

/** One message of the playground's log, as the person who looks may see it. */
export function renderMessage(message: Message, options: RenderOptions = {}): Html {
  const { id, view, visible_to: visibleTo, asked, text, channel, thread } = message
  const name = message.author ?? 'AutoCo'
  const isPrivate = visibleTo !== null && !channel.startsWith('@')
  const canDiscuss = view !== null && visibleTo === null && thread === null
  const replies = Number(message.replies ?? 0)
  return html`<li
    class="message ${message.person === null ? 'ours' : ''} ${isPrivate ? 'private' : ''}"
    data-id="${id}"
  >
    ${message.person === null ? html`<span class="face ours" aria-hidden="true">${mark}</span>` : html`<span class="face" aria-hidden="true" data-hue="${hueOf(message.person)}">${initials(cut(name, 60))}</span>`}
    <div class="said">
      <p class="by">
        <b dir="auto">${cut(name, 60)}</b> ${renderTime(Math.floor(message.at.getTime() / 1_000))}${
          message.edited_at ? html`<span class="quiet">edited</span>` : ''
        }${isPrivate ? html`<span class="tag">Only you see this</span>` : ''}${asked ? html`<span class="quiet" dir="auto">${cut(asked, 100)}</span>` : ''}
      </p>
      ${view === null ? html`<p class="words" dir="auto">${cut(text ?? '', 8_000)}</p>` : renderView(view as View, options)}
      ${canDiscuss || replies > 0 ? html`<p><button type="button" class="thread-link" data-thread="${id}">${replies > 0 ? `${replies} ${replies === 1 ? 'reply' : 'replies'}` : 'Discuss in a thread'}</button></p>` : ''}
    </div>
  </li>`
}
