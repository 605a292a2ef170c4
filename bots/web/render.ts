import { html } from 'hono/html'
import {
  bar,
  cut,
  safeUrl,
  shortAddress,
  txUrl,
  type Action,
  type Block,
  type Inline,
  type TallyRow,
  type Text,
  type View,
} from '../../core/index.ts'
import type { Html } from './layout.ts'

/** What a card may hold at most; longer things are cut, and the card's title leads to the whole. */
export const limits = {
  title: 200,
  text: 4_000,
  value: 1_000,
  blocks: 60,
  items: 40,
  fields: 24,
  rows: 12,
  actions: 25,
  label: 80,
  inlines: 400,
}

export type RenderOptions = { explorerUrl?: string | undefined; level?: 2 | 3 }

/** View → HTML, pure. Everything in a view is text and is escaped; buttons carry their command line in `data-run`. */
export function renderView(view: View, options: RenderOptions = {}): Html {
  const rest = view.body.length - limits.blocks
  return html`<article class="card ${view.tone ?? 'info'}">
    ${view.title === undefined ? '' : title(view, options.level ?? 3)}
    ${view.body.slice(0, limits.blocks).map((block) => renderBlock(block, options))}
    ${rest > 0 ? html`<p class="note">${rest} more parts are left out here.</p>` : ''}
    ${view.actions?.length ? html`<div class="actions">${view.actions.slice(0, limits.actions).map(renderAction)}</div>` : ''}
  </article>`
}

function renderText(text: Text, options: RenderOptions = {}, limit = limits.text): Html {
  const parts = Array.isArray(text) ? text : [text]
  let left = limit
  const pieces = parts.slice(0, limits.inlines).map((part) => {
    if (left <= 0) return ''
    const shown = renderInline(part, options, left)
    left -= lengthOf(part)
    return shown
  })
  return html`${pieces}${parts.length > limits.inlines ? '…' : ''}`
}

function title(view: View, level: 2 | 3): Html {
  const words = cut(view.title ?? '', limits.title)
  const url = safeUrl(view.url)
  const inside = url ? html`<a href="${url}">${words}</a>` : html`${words}`
  return level === 2 ? html`<h2 dir="auto">${inside}</h2>` : html`<h3 dir="auto">${inside}</h3>`
}

const blocks: { [T in Block['type']]: (block: Extract<Block, { type: T }>, options: RenderOptions) => Html } = {
  text: ({ text, style }, options) => {
    const inside = renderText(text, options)
    if (style === 'heading') return html`<p class="heading" dir="auto">${inside}</p>`
    if (style === 'quote') return html`<blockquote dir="auto">${inside}</blockquote>`
    return style === 'note' ? html`<p class="note" dir="auto">${inside}</p>` : html`<p dir="auto">${inside}</p>`
  },
  fields: ({ fields }, options) =>
    html`<dl class="fields">
      ${fields.slice(0, limits.fields).map(
        (field) =>
          html`<div>
            <dt>${cut(field.label, limits.label)}</dt>
            <dd dir="auto">${renderText(field.value, options, limits.value)}</dd>
          </div>`,
      )}
    </dl>`,
  tally: ({ rows, note }, options) =>
    html`<div class="tally">
      ${rows.slice(0, limits.rows).map(tallyRow)}${
        note === undefined ? '' : html`<p class="note">${renderText(note, options, limits.value)}</p>`
      }
    </div>`,
  list: ({ items }, options) =>
    html`<ul>
      ${items.slice(0, limits.items).map((item) => html`<li dir="auto">${renderText(item, options, limits.value)}</li>`)}${
        items.length > limits.items ? html`<li class="note">and ${items.length - limits.items} more</li>` : ''
      }
    </ul>`,
  // An image of another host would tell that host who reads; the page's policy blocks it, so it is offered as a link.
  image: ({ url, alt }) => {
    const safe = safeUrl(url)
    return safe
      ? html`<p>Image: ${outLink(safe, cut(alt, limits.label) || safe)}</p>`
      : html`<p>Image: ${cut(alt, limits.label)}</p>`
  },
  divider: () => html`<hr />`,
}

function renderBlock(block: Block, options: RenderOptions): Html {
  // The table holds a function for exactly this type; TypeScript cannot join the two unions by itself.
  const render = blocks[block.type] as (block: Block, options: RenderOptions) => Html
  return render(block, options)
}

function tallyRow({ label, share, value }: TallyRow): Html {
  const part = Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0))
  const { percent } = bar(share, 0)
  const kind = ['for', 'against', 'abstain'].find((name) => name === label.toLowerCase()) ?? ''
  const name = cut(label, limits.label)
  return html`<div class="row">
    <b dir="auto">${name}</b><span class="value">${cut(value, limits.label)} · ${percent}</span
    ><meter class="${kind}" min="0" max="1" value="${part.toFixed(4)}" aria-label="${name}: ${percent}"></meter>
  </div>`
}

function renderInline(part: Inline, options: RenderOptions, limit: number): Html | string {
  if (typeof part === 'string') return cut(part, limit)
  if ('time' in part) return renderTime(part.time, part.as)
  if ('address' in part) return renderAddress(part.address, part.name)
  if ('tx' in part) return renderTx(part.tx, options.explorerUrl)
  if ('mention' in part) return html`<span class="mention">@${cut(part.mention.name, limits.label)}</span>`
  if ('strong' in part) return html`<strong>${cut(part.strong, limit)}</strong>`
  if ('code' in part) return html`<code>${cut(part.code, limit)}</code>`
  const url = safeUrl(part.link)
  return url ? outLink(url, cut(part.label, limit)) : cut(part.label, limit)
}

/** UTC in words; `client/time.ts` puts it into the reader's zone. */
export function renderTime(seconds: number, as: 'relative' | 'date' | 'datetime' = 'relative'): Html | string {
  const at = new Date(seconds * 1_000)
  if (Number.isNaN(at.getTime())) return 'an unknown time'
  const iso = at.toISOString()
  const said = as === 'date' ? iso.slice(0, 10) : `${iso.slice(0, 16).replace('T', ' ')} UTC`
  return html`<time datetime="${iso}" data-as="${as}">${said}</time>`
}

export function renderAddress(address: string, name?: string): Html {
  const short = shortAddress(address)
  return name === undefined
    ? html`<span class="address" title="${cut(address, 80)}">${short}</span>`
    : html`<span title="${cut(address, 80)}"
        ><bdi>${cut(name, limits.label)}</bdi> <span class="address">${short}</span></span
      >`
}

export function renderTx(hash: string, explorerUrl?: string): Html {
  const short = html`<span class="hash" title="${cut(hash, 80)}">${hash.slice(0, 10)}…${hash.slice(-4)}</span>`
  const safe = txUrl(hash, explorerUrl)
  return safe ? html`<a href="${safe}" target="_blank" rel="noopener noreferrer">${short}</a>` : short
}

function renderAction(action: Action): Html {
  const label = cut(action.label, limits.label)
  const style = action.style ?? ''
  if ('run' in action) return html`<button type="button" class="${style}" data-run="${action.run}">${label}</button>`
  const url = safeUrl(action.open)
  return url ? html`<a class="button ${style}" href="${url}" target="_blank" rel="noopener">${label}</a>` : html``
}

const outLink = (url: string, label: string): Html =>
  html`<a href="${url}" target="_blank" rel="noopener noreferrer nofollow" dir="auto">${label || new URL(url).host}</a>`

function lengthOf(part: Inline): number {
  if (typeof part === 'string') return part.length
  if ('strong' in part) return part.strong.length
  if ('code' in part) return part.code.length
  return 'link' in part ? part.label.length : 20
}
