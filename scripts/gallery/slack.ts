import { html } from 'hono/html'
import { renderView, type Rendered } from '../../bots/slack/render.ts'
import type { View } from '../../core/view.ts'

type Html = ReturnType<typeof html>
type Block = Rendered['blocks'][number]
type Part = { type: string; text?: unknown; url?: string; style?: object; elements?: Part[]; [more: string]: unknown }

/** Block Kit about as the client draws it. */
export function drawSlack(view: View): Html {
  const { blocks, text } = renderView(view)
  return html`<div class="slack">${blocks.map(draw)}<small title="What a notice on a phone says">${text}</small></div>`
}

function draw(block: Block): Html {
  if (block.type === 'divider') return html`<hr />`
  if (block.type === 'actions')
    return html`<div class="buttons">
      ${block.elements.map((one) => {
        const button = one as unknown as { text?: { text: string }; style?: string; url?: string }
        return html`<span class="button ${button.style ?? ''}"
          >${button.text?.text ?? one.type}${button.url ? ' ↗' : ''}</span
        >`
      })}
    </div>`
  return html`<div class="part">${parts(block as unknown as Part)}</div>`
}

function parts(part: Part): Html {
  const inside = (part.elements ?? []).map(parts)
  switch (part.type) {
    case 'rich_text_preformatted':
      return html`<pre>${inside}</pre>`
    case 'rich_text_quote':
      return html`<blockquote>${inside}</blockquote>`
    case 'rich_text_list':
      return html`<ul>
        ${inside.map((item) => html`<li>${item}</li>`)}
      </ul>`
    case 'link':
      return html`<a title="${part.url ?? ''}"
        >${styled(part, part.text === undefined ? (part.url ?? '') : String(part.text as string))}</a
      >`
    case 'text':
      return styled(part, String(part.text))
    case 'rich_text':
    case 'rich_text_section':
      return html`<span>${inside}</span>`
    case 'date':
      return html`<i>${String(part['fallback'])}</i>`
    case 'section':
      return html`${(part.text as { text: string } | undefined)?.text ?? ''}`
    default:
      return html`<u>${part.type}</u>${inside}`
  }
}

function styled({ style = {} }: Part, words: string): Html {
  const is = style as { bold?: boolean; italic?: boolean; code?: boolean }
  if (is.code) return html`<code>${words}</code>`
  if (is.bold) return html`<b>${words}</b>`
  return is.italic ? html`<i>${words}</i>` : html`${words}`
}
