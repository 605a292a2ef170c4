import { html } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'

/** A piece of HTML that is already escaped: what `html` of hono/html makes. */
export type Html = HtmlEscapedString | Promise<HtmlEscapedString>

/** `island` names the script of `client/` that brings the page to life; a page says what it has to say without it, too. */
export type Page = { title: string; body: Html; island?: string; wide?: boolean }

/** The frame of every page: no inline script or style, nothing from another host. */
export function page({ title, body, island, wide = false }: Page): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>${title} · AutoCo</title>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/style.css" />
        <script type="module" src="/assets/time.js"></script>
        ${island ? html`<script type="module" src="/assets/${island}.js"></script>` : ''}
      </head>
      <body class="${wide ? 'wide' : 'narrow'}">
        <a class="skip" href="#main">Skip to the content</a>
        ${
          wide
            ? ''
            : html`<header class="top">
                <a class="brand" href="/">${mark}<span>AutoCo</span></a>
              </header>`
        }
        <main id="main" tabindex="-1">${body}</main>
        ${wide ? '' : html`<footer class="foot">AutoCo never asks for a seed phrase or a private key. A signature here moves no funds.</footer>`}
      </body>
    </html>`
}

/** The mark beside the name: a speech bubble with a counted vote in it. */
export const mark = html`<svg
  class="mark"
  viewBox="0 0 32 32"
  width="24"
  height="24"
  aria-hidden="true"
  focusable="false"
>
  <path d="M6 4h20a4 4 0 0 1 4 4v12a4 4 0 0 1-4 4H15l-7 6v-6H6a4 4 0 0 1-4-4V8a4 4 0 0 1 4-4Z" fill="currentColor" />
  <path
    d="m10 14.500 4.200 4.200L22.500 10"
    fill="none"
    stroke="var(--mark-tick, #fff)"
    stroke-width="3"
    stroke-linecap="round"
    stroke-linejoin="round"
  />
</svg>`
