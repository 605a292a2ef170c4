import { html } from 'hono/html'
import { page, type Html } from './layout.ts'
import { signerChoice, signingPanels, signingStatus } from './signing-page.ts'

/** The same for everyone: what is voted comes over the API, so that a chat's link preview never shows a choice. */
export function ballotShell(): Html {
  return page({
    title: 'Sign your vote',
    island: 'ballot',
    body: html`<section class="head">
        <p class="eyebrow" id="dao" dir="auto"></p>
        <h1 id="title" dir="auto">Looking at your ballot…</h1>
        <p class="lead" id="about"></p>
      </section>
      ${signingStatus}
      <section class="panel" id="what" aria-labelledby="what-title" hidden>
        <h2 class="eyebrow" id="what-title">Your vote</h2>
        <p class="choice" id="choice"></p>
        <blockquote class="reason" id="reason" dir="auto" hidden></blockquote>
        ${signerChoice('The wallet that votes')}
      </section>
      ${signingPanels('One signature, no gas, no transfer. AutoCo sends your ballot to the chain and pays for it.')}`,
  })
}
