import { html } from 'hono/html'
import { page, type Html } from './layout.ts'
import { signerChoice, signingStatus } from './signing-page.ts'

/** The same for everyone; the polls come over the API, so that a chat's link preview never shows an answer. */
export function paperShell(): Html {
  return page({
    title: 'Answer the polls',
    island: 'paper',
    body: html`<section class="head">
        <p class="eyebrow" id="dao" dir="auto"></p>
        <h1 id="title">Looking at your paper…</h1>
        <p class="lead" id="about"></p>
      </section>
      <p class="unseen" id="said" role="status" aria-live="assertive"></p>
      <form id="paper" hidden>
        <section class="panel">${signerChoice('The wallet that answers')}</section>
        <div id="polls"></div>
        <section class="panel">
          <p class="note">
            On the next page your wallet shows all answers in words, and signs them at once. Without gas.
          </p>
          <button class="primary large" id="go" type="submit">Go on to sign</button>
          ${signingStatus}
        </section>
      </form>
      <noscript><p class="panel">This page needs scripts, because a wallet speaks to a page by script.</p></noscript>`,
  })
}
