import { html } from 'hono/html'
import type { Html } from './layout.ts'

/** The parts that every page has on which a wallet signs typed data; `client/signing.ts` fills them. */
export const signingStatus = html`<p class="status" id="status" role="status" aria-live="polite" hidden></p>`

export const signerChoice = (legend: string): Html =>
  html`<fieldset class="signers">
    <legend>${legend}</legend>
    <div id="signers"></div>
  </fieldset>`

export const signingPanels = (words: string): Html =>
  html`<section class="panel" id="text" aria-labelledby="text-title" hidden>
      <h2 id="text-title">What your wallet shows you</h2>
      <p class="note">Compare it with what is above, and sign only if both say the same.</p>
      <dl class="signed" id="signed"></dl>
      <details>
        <summary>The same as data (EIP-712)</summary>
        <pre id="data" tabindex="0"></pre>
      </details>
    </section>
    <section class="panel" id="sign" aria-labelledby="sign-title" hidden>
      <h2 id="sign-title">Sign</h2>
      <p>${words}</p>
      <ul class="wallets" id="wallets"></ul>
      <p class="note" id="no-wallets">
        No wallet found in this browser. Install one, or open this page in the browser of your wallet.
      </p>
    </section>
    <noscript><p class="panel">This page needs scripts, because a wallet speaks to a page by script.</p></noscript>`
