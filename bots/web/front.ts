import { Hono } from 'hono'
import { html } from 'hono/html'
import type { App } from '../../core/index.ts'
import { cut } from '../../core/index.ts'
import { page } from './layout.ts'
import { renderTime } from './render.ts'

/** What one sees at `/` when there is no playground: what this is, and the newest proposals. */
export function frontRoutes({ ctx }: App): Hono {
  const routes = new Hono()
  routes.get('/', async (c) => {
    const proposals = await ctx.db
      .selectFrom('proposal')
      .innerJoin('dao', 'dao.id', 'proposal.dao_id')
      .select(['proposal.ref', 'proposal.title', 'proposal.state', 'proposal.created_at', 'dao.name'])
      .where('proposal.orphaned_at', 'is', null)
      .orderBy('proposal.id', 'desc')
      .limit(20)
      .execute()
    return c.html(
      page({
        title: 'Governance where people talk',
        body: html`<section class="head">
            <h1>Governance where people talk</h1>
            <p class="lead">
              AutoCo tells your chat about proposals, explains them with sources, and carries your signed vote to the
              chain. Links to pages here come from your chat.
            </p>
          </section>
          <section class="panel">
            <h2>Newest proposals</h2>
            ${
              proposals.length === 0
                ? html`<p>
                    None yet. In a chat where AutoCo is, type <code>/watch</code> and the address of a governor.
                  </p>`
                : html`<ul class="plain">
                    ${proposals.map(
                      (proposal) =>
                        html`<li>
                          <a href="/p/${proposal.ref}" dir="auto">${proposal.ref}: ${cut(proposal.title, 120)}</a>
                          <span class="tag ${proposal.state}">${proposal.state}</span>
                          <span class="quiet"
                            >${cut(proposal.name, 60)},
                            ${renderTime(Math.floor(proposal.created_at.getTime() / 1_000))}</span
                          >
                        </li>`,
                    )}
                  </ul>`
            }
          </section>`,
      }),
    )
  })
  return routes
}
