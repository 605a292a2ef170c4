import { html } from 'hono/html'
import type { Receipt } from '../../core/index.ts'
import { cut } from '../../core/index.ts'
import { page, type Html } from './layout.ts'
import { renderAddress, renderTime, renderTx } from './render.ts'

export type ReceiptOptions = { explorerUrl: string | undefined; chain: string }

/** Whole without scripts; with them `client/receipt.ts` puts the newer `#receipt` in this one's place. */
export function receiptPage(receipt: Receipt, options: ReceiptOptions): Html {
  const { proposal, id, choice, reason, voter, words, hint } = receipt
  return page({
    title: `Receipt ${id.slice(2, 10)}`,
    island: 'receipt',
    body: html`<section class="head">
        <p class="eyebrow" dir="auto">${cut(proposal.dao, 80)} · ${proposal.ref}</p>
        <h1 dir="auto">${cut(proposal.title, 200)}</h1>
      </section>
      <p class="sr" id="news" role="status" aria-live="polite"></p>
      <div class="receipt" id="receipt" data-state="${receipt.state}" data-steps="${receipt.steps}">
        <section class="panel" aria-labelledby="choice">
          <p class="eyebrow">Receipt <code>${id.slice(2, 10)}</code></p>
          <h2 class="choice ${choice.toLowerCase()}" id="choice">Your vote: <b>${choice}</b></h2>
          ${reason ? html`<blockquote class="reason" dir="auto">${cut(reason, 1_200)}</blockquote>` : ''}
          <ol class="steps">
            ${stepsOf(receipt, options).map(
              ({ state, name, more }) =>
                html`<li class="${state}">
                  <b>${name}</b
                  ><small>${more ?? ''}</small>${state === 'now' ? html`<span class="sr">, in progress</span>` : ''}
                </li>`,
            )}
          </ol>
          <p class="status ${toneOf(receipt)}">${words}${hint ? html` <strong>${hintWords(hint)}</strong>` : ''}</p>
          <dl class="fields">
            <div>
              <dt>Wallet</dt>
              <dd>${renderAddress(voter)}</dd>
            </div>
            ${
              receipt.power
                ? html`<div>
                    <dt>Weight</dt>
                    <dd>${cut(receipt.power, 80)}</dd>
                  </div>`
                : ''
            }
            <div>
              <dt>Signed</dt>
              <dd>${renderTime(receipt.acceptedAt, 'datetime')}</dd>
            </div>
            ${
              receipt.tx
                ? html`<div>
                    <dt>Transaction</dt>
                    <dd>${renderTx(receipt.tx, options.explorerUrl)}</dd>
                  </div>`
                : ''
            }
          </dl>
        </section>
        <section class="panel" aria-labelledby="keep">
          <h2 id="keep">Keep it</h2>
          <p>The ballot with its signature proves what you voted, and can be sent without AutoCo.</p>
          <p class="actions"><a class="button" href="/api/receipt/${id}/ballot" download>Download the ballot</a></p>
          <details>
            <summary>Send it alone</summary>
            <p>
              Anyone may send your vote in AutoCo’s place: from any wallet, make a transaction on ${options.chain}
              (chain ${receipt.alone.chainId}) to this address, with no value and this data. It counts once, whoever
              sends it.
            </p>
            <dl class="signed">
              <div>
                <dt>to</dt>
                <dd><code>${receipt.alone.to}</code></dd>
              </div>
              <div>
                <dt>data</dt>
                <dd><pre tabindex="0">${receipt.alone.data}</pre></dd>
              </div>
            </dl>
          </details>
        </section>
      </div>`,
  })
}

type Step = { state: 'done' | 'now' | 'next' | 'failed'; name: string; more?: Html | string }

/** Signed → sent → counted → final, as far as it has come; an end of another kind takes the place of the rest. */
function stepsOf({ state, steps, tx, block, acceptedAt, finalAt }: Receipt, { explorerUrl }: ReceiptOptions): Step[] {
  const signed: Step = { state: 'done', name: 'Signed', more: html`Stored ${renderTime(acceptedAt)}` }
  if (state === 'refused') return [signed, { state: 'failed', name: steps }]
  if (state === 'superseded' || state === 'voted_elsewhere') return [signed, { state: 'done', name: steps }]
  const reached = ['accepted', 'batched', 'counted', 'final'].indexOf(state)
  const at = (step: number): Step['state'] => (reached >= step ? 'done' : reached === step - 1 ? 'now' : 'next')
  return [
    signed,
    {
      state: at(1),
      name: 'Sent',
      more: reached >= 1 && tx ? html`In ${renderTx(tx, explorerUrl)}` : 'Waiting for the next batch',
    },
    {
      state: at(2),
      name: reached >= 2 && block ? `Counted in block ${block}` : 'Counted',
      more: reached >= 2 ? 'The contract has your vote' : 'By the governor’s own word',
    },
    { state: at(3), name: 'Final', more: finalAt ? renderTime(finalAt) : 'When no reorganisation can undo it' },
  ]
}

const toneOf = ({ state }: Receipt): string =>
  state === 'counted' || state === 'final' ? 'good' : state === 'refused' ? 'bad' : ''

/** A command is for the chat; said here, it needs to say so. */
const hintWords = (hint: string): string => (hint.startsWith('/') ? `In your chat: ${hint}` : hint)
