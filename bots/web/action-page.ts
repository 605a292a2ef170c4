import { html } from 'hono/html'
import { page, type Html } from './layout.ts'
import { signerChoice, signingPanels, signingStatus } from './signing-page.ts'

/** The same for everyone; what is to be done comes over the API. */
export function actionShell(): Html {
  return page({
    title: 'Do it with your wallet',
    island: 'action',
    body: html`<section class="head">
        <h1 id="title" dir="auto">Looking at your page…</h1>
        <p class="lead" id="about" dir="auto"></p>
      </section>
      ${signingStatus}
      <section class="panel" id="what" aria-labelledby="what-title" hidden>
        <h2 class="eyebrow" id="what-title">What it comes to</h2>
        <dl class="signed" id="rows"></dl>
        <ol class="steps" id="steps"></ol>
        ${signerChoice('The wallet that does it')}
      </section>
      ${signingPanels('What you sign, AutoCo sends to the chain and pays for. What your wallet sends itself, it pays for.')}
      <section class="panel" id="done" aria-labelledby="done-title" tabindex="-1" hidden>
        <h2 id="done-title">Done</h2>
        <p class="note">The conversation where you asked for it says how it goes on.</p>
      </section>`,
  })
}
