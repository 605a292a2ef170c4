import { html } from 'hono/html'
import { mark, page, type Html } from './layout.ts'

/** The frame of the chat; `client/playground.ts` fills it. */
export function playgroundPage(): Html {
  return page({
    title: 'Playground',
    island: 'playground',
    wide: true,
    body: html`<link rel="stylesheet" href="/assets/playground.css" />
      <div class="chat" id="chat">
        <nav class="side" id="side" aria-label="Channels and people">
          <p class="brand">${mark}<span>AutoCo</span></p>
          <button type="button" class="me" id="me" aria-haspopup="dialog">
            <span class="face" aria-hidden="true">?</span
            ><span><b>Choose who you are</b><small>in this tab</small></span>
          </button>
          <div class="channels">
            <h2>Channels</h2>
            <ul id="channels"></ul>
            <h2>Private</h2>
            <ul id="private"></ul>
          </div>
          <p class="note">
            A playground on this machine: its own chain, its own people, play money. Each tab is one person.
          </p>
        </nav>
        <section class="room" id="room" aria-labelledby="room-title">
          <header>
            <button type="button" class="menu" id="menu" aria-controls="side" aria-expanded="false">
              <span class="sr">Channels</span
              ><svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
                <path d="M3 5h14M3 10h14M3 15h14" stroke="currentColor" stroke-width="2" stroke-linecap="round" />
              </svg>
            </button>
            <div>
              <h1 id="room-title">Playground</h1>
              <p class="note" id="topic"></p>
            </div>
          </header>
          ${log('log', 'Messages')} ${composer('composer', 'Message, or / for commands')}
        </section>
        <aside class="thread" id="thread" aria-labelledby="thread-title" hidden>
          <header>
            <h2 id="thread-title">Thread</h2>
            <button type="button" id="close-thread">Close</button>
          </header>
          ${log('thread-log', 'Messages in this thread')} ${composer('thread-composer', 'Reply in the thread')}
        </aside>
      </div>
      <p class="status" id="notice" role="status" aria-live="polite" hidden></p>
      <dialog id="people" aria-labelledby="people-title">
        <h2 id="people-title">Who are you in this tab?</h2>
        <p class="note">Open another tab to be somebody else at the same time.</p>
        <ul class="wallets" id="people-list"></ul>
        <form id="new-person" class="inline">
          <label
            >Somebody new<input name="name" required maxlength="40" autocomplete="off" placeholder="A name" /></label
          ><button class="primary">Join</button>
        </form>
      </dialog>
      <dialog id="form" aria-labelledby="form-title"></dialog>
      <noscript
        ><p class="panel">
          The playground needs scripts. The voting pages it links to do too, because a wallet speaks to a page by
          script.
        </p></noscript
      >`,
  })
}

const log = (id: string, label: string): Html =>
  html`<div class="scroller" tabindex="0" role="region" aria-label="${label}">
    <ol class="log" id="${id}" role="log" aria-live="polite" aria-relevant="additions"></ol>
  </div>`

const composer = (id: string, placeholder: string): Html =>
  html`<form class="composer" id="${id}">
    <ul class="options" id="${id}-options" role="listbox" aria-label="Suggestions" hidden></ul>
    <label class="sr" for="${id}-line">${placeholder}</label>
    <textarea
      id="${id}-line"
      name="line"
      rows="1"
      maxlength="4000"
      placeholder="${placeholder}"
      autocomplete="off"
      role="combobox"
      aria-expanded="false"
      aria-autocomplete="list"
      aria-controls="${id}-options"
    ></textarea>
    <button class="primary" aria-label="Send">
      <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
        <path
          d="M3 10h13m-5-5 5 5-5 5"
          fill="none"
          stroke="currentColor"
          stroke-width="2.200"
          stroke-linecap="round"
          stroke-linejoin="round"
        />
      </svg>
    </button>
  </form>`
