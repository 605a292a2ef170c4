import { Hono } from 'hono'
import { html } from 'hono/html'
import { cut, proposalPage, type App } from '../../core/index.ts'
import { page } from './layout.ts'
import { renderMarkdown } from './markdown.ts'
import { renderView } from './render.ts'

/** A proposal as a whole: how it stands, what it would do, what it says. The summary's claims lead into the text. */
export function proposalRoutes({ ctx }: App): Hono {
  const routes = new Hono()
  routes.get('/p/:ref', async (c) => {
    const { ref, title, state, view, text, anchorsOf, reasons } = await proposalPage(ctx, { ref: c.req.param('ref') })
    return c.html(
      page({
        title: cut(title, 100),
        body: html`<section class="head">
            <p class="eyebrow"><span class="tag ${state}">${state}</span></p>
            <h1 dir="auto">${cut(title, 300)}</h1>
          </section>
          ${renderView(view, { explorerUrl: ctx.chain.explorerUrl })}
          ${
            state === 'active'
              ? html`<p class="note">To vote, type <code>/vote ${ref} for</code> in a chat where AutoCo is.</p>`
              : ''
          }
          <section class="panel" aria-labelledby="text-title">
            <h2 id="text-title">The text</h2>
            <div class="prose">
              ${text.trim() === '' ? html`<p>It has no text.</p>` : renderMarkdown(text, anchorsOf)}
            </div>
          </section>
          ${
            reasons.length === 0
              ? ''
              : html`<section class="panel" aria-labelledby="reasons-title">
                  <h2 id="reasons-title">Reasons given with votes</h2>
                  ${reasons.map(
                    ({ id, author, stance, text }) =>
                      html`<div id="${id}">
                        <p class="note">${author}${stance ? `, ${stance}` : ''}</p>
                        <blockquote dir="auto">${cut(text, 2_000)}</blockquote>
                      </div>`,
                  )}
                </section>`
          }`,
      }),
    )
  })
  return routes
}
