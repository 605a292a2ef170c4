import { html } from 'hono/html'
import { page, type Html } from './layout.ts'

/** The same for everyone: whose link it is comes over the API, to the browser that opened it. */
export function linkPage(): Html {
  return page({
    title: 'Link a wallet',
    island: 'link',
    body: html`<section class="head">
        <h1>Link a wallet</h1>
        <p class="lead" id="whose">Looking at your link…</p>
      </section>
      <p class="status" id="status" role="status" aria-live="polite" hidden></p>
      <section class="panel" id="choose" aria-labelledby="choose-title" hidden>
        <h2 id="choose-title">1. Choose the wallet</h2>
        <p>It will show you a text to sign. The text moves no funds and gives no voting right.</p>
        <ul class="wallets" id="wallets"></ul>
        <p class="note" id="no-wallets">
          No wallet found in this browser. Install one, or open this page in the browser of your wallet.
        </p>
      </section>
      <section class="panel" id="code" aria-labelledby="code-title" tabindex="-1" hidden>
        <h2 id="code-title">2. Type this code in your chat</h2>
        <p class="choice"><code id="digits"></code></p>
        <p>Go back to the chat where you asked for this link and type <code id="line"></code></p>
        <p class="note">
          Only there, and only yourself. Whoever asks you for this code, even somebody of AutoCo, wants your wallet on
          their account.
        </p>
        <details>
          <summary>The text that you signed</summary>
          <pre id="message"></pre>
        </details>
      </section>
      <section class="panel" id="done" aria-labelledby="done-title" tabindex="-1" hidden>
        <h2 id="done-title">Linked</h2>
        <p>Your wallet and your account belong together now. <span id="next"></span></p>
      </section>
      <section class="panel" id="register" aria-labelledby="register-title" hidden>
        <h2 id="register-title">3. Get an Auto ID, free of charge</h2>
        <p>
          This wallet has none yet. An Auto ID says that one person stands behind a wallet; with it your votes are sent
          cheaply, and AutoCo pays the gas.
        </p>
        <p><button type="button" class="primary" id="sign-registration">Sign the registration</button></p>
      </section>
      <noscript><p class="panel">This page needs scripts, because a wallet speaks to a page by script.</p></noscript>`,
  })
}
