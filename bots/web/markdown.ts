import { html } from 'hono/html'
import { lexer, type Token, type Tokens } from 'marked'
import type { Html } from './layout.ts'
import { cut, safeUrl } from '../../core/index.ts'

/** Names the sources that a top-level block of the text holds (`p3`), so that a claim of the summary can point at them. */
export type AnchorsOf = (block: string) => string[]

const limits = { text: 200_000, depth: 12 }

/**
 * Markdown of strangers → HTML. The parser only makes tokens; everything shown is written here and escaped: HTML stays
 * text, images become links (loading one would tell its host who reads), and a link names the host it leads to.
 */
export function renderMarkdown(source: string, anchorsOf: AnchorsOf = () => []): Html {
  const text = clean(source.slice(0, limits.text))
  let tokens: Token[]
  try {
    tokens = lexer(text, { gfm: true })
  } catch {
    // Nested beyond reason: still readable as it was written.
    return html`<pre dir="auto">${text}</pre>`
  }
  return html`${tokens.map((token) => topLevel(token, anchorsOf))}${source.length > limits.text ? html`<p class="note">The text goes on; it is cut here at ${limits.text / 1_000} kB.</p>` : ''}`
}

function topLevel(token: Token, anchorsOf: AnchorsOf): Html {
  if (token.type === 'space' || token.type === 'def') return html``
  const [id, ...others] = anchorsOf(token.raw)
  const inside = block(token, 0)
  if (id === undefined) return inside
  return html`<div class="block" id="${id}">${others.map((other) => html`<span id="${other}"></span>`)}${inside}</div>`
}

const blocksOf = (tokens: Token[] | undefined, depth: number): Html[] =>
  (tokens ?? []).map((token) => block(token, depth + 1))

function block(token: Token, depth: number): Html {
  if (depth > limits.depth) return html`<p dir="auto">${token.raw}</p>`
  switch (token.type) {
    case 'heading':
      return heading(token as Tokens.Heading, depth)
    case 'paragraph':
      return html`<p dir="auto">${inlines((token as Tokens.Paragraph).tokens, depth)}</p>`
    case 'blockquote':
      return html`<blockquote>${blocksOf((token as Tokens.Blockquote).tokens, depth)}</blockquote>`
    case 'list':
      return list(token as Tokens.List, depth)
    case 'code':
      return html`<pre tabindex="0"><code>${(token as Tokens.Code).text}</code></pre>`
    case 'table':
      return table(token as Tokens.Table, depth)
    case 'hr':
      return html`<hr />`
    case 'html':
      return html`<p dir="auto">${token.raw.trim()}</p>`
    case 'text':
      return html`${inlines((token as Tokens.Text).tokens ?? [token], depth)}`
    default:
      return html``
  }
}

// The page's own headings come first; those of a proposal start below them.
function heading({ depth: level, tokens }: Tokens.Heading, depth: number): Html {
  const inside = inlines(tokens, depth)
  if (level <= 1) return html`<h3 dir="auto">${inside}</h3>`
  return level === 2 ? html`<h4 dir="auto">${inside}</h4>` : html`<h5 dir="auto">${inside}</h5>`
}

function list(token: Tokens.List, depth: number): Html {
  const items = token.items.map(
    (item) =>
      html`<li dir="auto">
        ${item.task ? (item.checked ? '☑ ' : '☐ ') : ''}${blocksOf(
          item.tokens.filter((each) => each.type !== 'checkbox'),
          depth,
        )}
      </li>`,
  )
  const start = Number(token.start)
  if (!token.ordered)
    return html`<ul>
      ${items}
    </ul>`
  return start > 1
    ? html`<ol start="${start}">
        ${items}
      </ol>`
    : html`<ol>
        ${items}
      </ol>`
}

function table(token: Tokens.Table, depth: number): Html {
  const kind = (cell: Tokens.TableCell): string => (cell.align === 'right' ? 'number' : '')
  return html`<div class="scroll" tabindex="0">
    <table>
      <thead>
        <tr>
          ${token.header.map((cell) => html`<th scope="col" class="${kind(cell)}" dir="auto">${inlines(cell.tokens, depth)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${token.rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell) => html`<td class="${kind(cell)}" dir="auto">${inlines(cell.tokens, depth)}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}

const inlines = (tokens: Token[] | undefined, depth: number): Html[] =>
  (tokens ?? []).map((token) => inline(token, depth + 1))

function inline(token: Token, depth: number): Html {
  if (depth > limits.depth * 2) return html`${token.raw}`
  switch (token.type) {
    case 'strong':
      return html`<strong>${inlines((token as Tokens.Strong).tokens, depth)}</strong>`
    case 'em':
      return html`<em>${inlines((token as Tokens.Em).tokens, depth)}</em>`
    case 'del':
      return html`<s>${inlines((token as Tokens.Del).tokens, depth)}</s>`
    case 'codespan':
      return html`<code>${(token as Tokens.Codespan).text}</code>`
    case 'br':
      return html`<br />`
    case 'link':
      return link(
        (token as Tokens.Link).href,
        inlines((token as Tokens.Link).tokens, depth),
        (token as Tokens.Link).text,
      )
    case 'image':
      return link(
        (token as Tokens.Image).href,
        [html`Image: ${(token as Tokens.Image).text || 'without a description'}`],
        '',
      )
    case 'escape':
      return html`${(token as Tokens.Escape).text}`
    case 'text': {
      const { tokens, text } = token as Tokens.Text
      return tokens ? html`${inlines(tokens, depth)}` : html`${unescapeEntities(text)}`
    }
    default:
      return html`${token.raw}`
  }
}

/** A link says where it leads, unless its words are the address already. */
function link(href: string, inside: Html[], words: string): Html {
  const url = safeUrl(href)
  if (!url) return html`${inside}`
  const { host } = new URL(url)
  const isAddress = words.replace(/^https?:\/\//, '').split('/')[0] === host
  const shown = isAddress ? '' : html` <span class="host">(${cut(host, 80)})</span>`
  return html`<a href="${url}" target="_blank" rel="noopener noreferrer nofollow">${inside}</a>${shown}`
}

const entities: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" }
const unescapeEntities = (text: string): string =>
  text.replaceAll(/&(amp|lt|gt|quot|#39);/g, (entity) => entities[entity] ?? entity)

// Marks that turn the direction of the text around them, or hide in it, have no place in a text that people judge.
const clean = (text: string): string =>
  text
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u200b\u2060\u202a-\u202e\u2066-\u2069\ufeff]/gu, '')
    .toWellFormed()
