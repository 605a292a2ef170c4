import { html } from 'hono/html'
import { renderView } from '../../bots/telegram/render.ts'
import type { View } from '../../core/view.ts'

type Html = ReturnType<typeof html>
type Drawn = ReturnType<typeof renderView>

/** A text with entities and its keyboard, about as the client draws it. */
export function drawTelegram(view: View): Html {
  const { text, entities, keyboard } = renderView(view)
  const cuts = [...new Set([0, text.length, ...entities.flatMap(({ offset, length }) => [offset, offset + length])])]
  const bounds = cuts.toSorted((a, b) => a - b)
  const pieces = bounds.slice(1).map((to, index) => {
    const from = bounds[index] ?? 0
    const over = entities.filter(({ offset, length }) => offset <= from && offset + length >= to)
    return over.reduce<Html>(wrap, html`${text.slice(from, to)}`)
  })
  return html`<div class="telegram">
    <div class="bubble">${pieces}</div>
    ${keyboard.map(
      (row) =>
        html`<div class="keys">
          ${row.map((key) => html`<span class="key">${key.text}${'url' in key || 'web_app' in key ? ' ↗' : ''}</span>`)}
        </div>`,
    )}
  </div>`
}

function wrap(inside: Html, entity: Drawn['entities'][number]): Html {
  switch (entity.type) {
    case 'bold':
      return html`<b>${inside}</b>`
    case 'italic':
      return html`<i>${inside}</i>`
    case 'code':
    case 'pre':
      return html`<code>${inside}</code>`
    case 'blockquote':
    case 'expandable_blockquote':
      return html`<span class="quote">${inside}</span>`
    case 'text_link':
      return html`<a title="${entity.url}">${inside}</a>`
    default:
      return html`<u title="${entity.type}">${inside}</u>`
  }
}
