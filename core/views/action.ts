import type { ActionState } from '../db/tables/actions.ts'
import { address, fields, list, run, text, tx, type Inline, type View } from '../view.ts'

type ShownStep = {
  label: string
  kind: 'send' | 'sign'
  state: ActionState
  reason: string | undefined
  block: string | undefined
  tx: string | undefined
}

/** The private message that follows what a wallet does on a page. */
export function actionView(data: {
  title: string
  wallet: string
  rows: readonly { label: string; value: string }[]
  next: readonly { label: string; run: string }[]
  steps: readonly ShownStep[]
}): View {
  const { title, wallet, rows, next, steps } = data
  const isDone = steps.every(({ state }) => state === 'done')
  const isOver = steps.some(({ state }) => state === 'failed')
  const last = steps.findLast((step) => step.tx !== undefined)
  return {
    title: isDone ? `Done: ${title}` : title,
    tone: isDone ? 'good' : isOver ? 'bad' : 'info',
    body: [
      list(...steps.map(stepWords)),
      ...(isOver ? [text('Nothing was lost: ask for it again when you have mended the cause.')] : []),
      fields({
        ...Object.fromEntries(rows.map(({ label, value }) => [label, value])),
        Wallet: address(wallet),
        Transaction: last?.tx ? tx(last.tx) : undefined,
      }),
    ],
    ...(isDone && next.length > 0 ? { actions: next.map(({ label, run: line }) => run(label, line, 'primary')) } : {}),
  }
}

function stepWords({ label, kind, state, reason, block }: ShownStep): Inline[] {
  const done = `done${block ? ` in block ${block}` : ''}`
  const words: Record<ActionState, string> = {
    open: reason ? `waits for your wallet again. ${reason}` : 'waits for your wallet',
    accepted: 'signed',
    sent: kind === 'sign' ? 'signed → sent' : 'sent by your wallet',
    done: kind === 'send' ? `sent → ${done}` : block === undefined ? 'signed' : `signed → sent → ${done}`,
    failed: `not done. ${reason ?? 'The chain refused it.'}`,
  }
  return [`${label}: ${words[state]}`]
}
