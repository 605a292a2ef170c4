import { html, raw } from 'hono/html'
import { renderView, type Payload } from '../../bots/discord/render.ts'
import type { View } from '../../core/view.ts'

type Html = ReturnType<typeof html>
type Part = Payload['components'][0]['components'][number]

/** A message of components v2 about as the client draws it. */
export function drawDiscord(view: View): Html {
  const [container] = renderView(view).components
  const color = `#${(container.accent_color ?? 0).toString(16).padStart(6, '0')}`
  return html`<div class="discord" style="border-left-color:${color}">${container.components.map(part)}</div>`
}

function part(one: Part): Html {
  if (one.type === 14) return html`<hr />`
  if (one.type === 10) return html`${one.content.split('\n').map(line)}`
  if (one.type !== 1) return html`<p>a component of type ${one.type}</p>`
  return html`<div class="buttons">
    ${one.components.map((button) => {
      const label = 'label' in button ? button.label : ''
      const kind =
        button.type === 2 ? ({ 1: 'primary', 4: 'danger', 5: 'link' } as Record<number, string>)[button.style] : ''
      return html`<span class="button ${kind ?? ''}">${label}${kind === 'link' ? ' ↗' : ''}</span>`
    })}
  </div>`
}

const marks: [RegExp, string][] = [
  [/^## /, 'h2'],
  [/^### /, 'h3'],
  [/^-# /, 'small'],
  [/^> /, 'blockquote'],
  [/^- /, 'li'],
]

function line(words: string): Html {
  const mark = marks.find(([pattern]) => pattern.test(words))
  const inside = spans(mark ? words.replace(mark[0], '') : words)
  return mark ? html`${raw(`<${mark[1]}>`)}${inside}${raw(`</${mark[1]}>`)}` : html`<p>${inside}</p>`
}

const pattern = /\\(.)|`([^`]+)`|\*\*((?:\\.|[^*\\])+)\*\*|\[((?:\\.|`[^`]*`|[^\]\\])*)\]\(<([^>]*)>\)|<t:(-?\d+):\w>/g

/** Escapes, code, bold, links and times: all that the renderer writes, and whatever a stranger might get through. */
function spans(words: string): Html {
  const parts: Html[] = []
  let end = 0
  for (const match of words.matchAll(pattern)) {
    parts.push(html`${words.slice(end, match.index)}`)
    end = match.index + match[0].length
    const [, escaped, code, bold, label, url, seconds] = match
    if (escaped !== undefined) parts.push(html`${escaped}`)
    else if (code !== undefined) parts.push(html`<code>${code}</code>`)
    else if (bold !== undefined) parts.push(html`<b>${spans(bold)}</b>`)
    else if (seconds !== undefined) parts.push(html`<i>${new Date(Number(seconds) * 1_000).toUTCString()}</i>`)
    else parts.push(html`<a title="${url ?? ''}">${spans(label ?? '')}</a>`)
  }
  parts.push(html`${words.slice(end)}`)
  return html`${parts}`
}
