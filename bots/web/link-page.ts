import { html } from 'hono/html'
import { page, type Html } from './layout.ts'

/** Where a chat platform sends the browser back to after its login. */
export function loginPage(): Html {
  return page({
    title: 'Logging in',
    island: 'login',
    body: html`<section class="head">
        <h1>Logging in</h1>
      </section>
      <p class="status" id="status" role="status" aria-live="polite">One moment…</p>
      <p><a id="back" href="/" hidden>Back to your link</a></p>
      <noscript
        ><p class="panel">This page needs scripts. You can use the code of the link's page instead.</p></noscript
      >`,
  })
}

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
      <section class="panel" id="prove" aria-labelledby="prove-title" hidden>
        <h2 id="prove-title">First, show that the account is yours</h2>
        <p>
          <span id="prove-words"></span> AutoCo learns who you are there, and nothing else. Then no code has to be
          typed.
        </p>
        <p><button type="button" class="primary" id="log-in">Log in</button></p>
        <p class="note">Or go on below, and type a code in your chat at the end.</p>
      </section>
      <section class="panel" id="elsewhere" aria-labelledby="elsewhere-title" hidden>
        <h2 id="elsewhere-title">No wallet in here</h2>
        <p>The browser inside a chat has no wallet. Open this page in the browser that has yours.</p>
        <p><a class="button primary" id="outside" target="_blank" rel="noopener">Open in the browser</a></p>
      </section>
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
