import { html } from 'hono/html'
import { page, type Html } from './layout.ts'
import { signerChoice, signingPanels, signingStatus } from './signing-page.ts'

/** The same for everyone; whose wallets and which DAO come over the API. */
export function delegationShell(): Html {
  return page({
    title: 'Delegate',
    island: 'delegation',
    body: html`<section class="head">
        <p class="eyebrow" id="dao" dir="auto"></p>
        <h1 id="title">Looking at your page…</h1>
        <p class="lead" id="about"></p>
      </section>
      ${signingStatus}
      <section class="panel" id="what" aria-labelledby="what-title" hidden>
        <h2 class="eyebrow" id="what-title">Your delegation</h2>
        <p class="choice" id="choice"></p>
        ${signerChoice('The wallet whose weight it is')}
      </section>
      ${signingPanels('One signature, no gas. Your tokens stay where they are; only who votes with them changes.')}
      <section class="panel" id="done" aria-labelledby="done-title" tabindex="-1" hidden>
        <h2 id="done-title">Signed</h2>
        <ol class="steps" id="steps"></ol>
        <p class="note">It counts in proposals that start after it is on the chain.</p>
      </section>`,
  })
}
