import type { ActionState, StepKind } from '../../db/tables/actions.ts'
import { address, fields, list, run, text, tx, type Inline, type View } from '../../view.ts'

type ShownStep = {
  label: string
  kind: StepKind
  /** It is a ballot. */
  isBallot?: boolean
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
  /** A ballot of it cannot be sent right now, and the end is near. */
  delayed?: boolean
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
      ...(data.delayed
        ? [
            text(
              'AutoCo cannot get it into a block right now and keeps trying, but the close is near. To be safe, do it from your wallet directly.',
            ),
          ]
        : []),
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

function stepWords({ label, kind, isBallot, state, reason, block }: ShownStep): Inline[] {
  const done = `${isBallot ? 'counted' : 'done'}${block ? ` in block ${block}` : ''}`
  const words: Record<ActionState, string> = {
    open: reason ? `waits for your wallet again. ${reason}` : 'waits for your wallet',
    accepted: kind === 'relay' ? 'AutoCo sends it' : 'signed',
    sent: { send: 'sent by your wallet', sign: 'signed → sent', relay: 'sent by AutoCo' }[kind],
    done: kind !== 'sign' ? `sent → ${done}` : block === undefined ? 'signed' : `signed → sent → ${done}`,
    replaced: 'not counted, because you signed a newer one',
    failed: `not done. ${reason ?? 'The chain refused it.'}`,
  }
  return [`${label}: ${words[state]}`]
}
