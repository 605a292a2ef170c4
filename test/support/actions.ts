import type { Hex, LocalAccount } from 'viem'
import { acceptSent, acceptSigned } from '../../core/actions/accept.ts'
import { actionAsked, actionPage } from '../../core/actions/page.ts'
import { actionJob } from '../../core/actions/jobs/action.ts'
import type { View } from '../../core/view.ts'
import { settleNow, type BallotWorld } from './ballots.ts'

type At = Pick<BallotWorld, 'chain' | 'ctx'>

/** The secret of the page that an answer leads to. */
function pageOf(view: View): string {
  const page = view.actions?.find((action) => 'open' in action && action.open.includes('/a/'))
  if (!page || !('open' in page)) throw new Error(`no page in ${JSON.stringify(view)}`)
  return page.open.split('/').at(-1) ?? ''
}

/** Goes through a page with a wallet, step by step, until all is done; answers with how each step ended. */
export async function goThrough(w: At, view: View, wallet: LocalAccount): Promise<string[]> {
  const secret = pageOf(view)
  for (;;) {
    const { steps } = await actionPage(w.ctx, { secret })
    const step = steps.find(({ state }) => state !== 'done')
    if (!step || step.state !== 'open') return steps.map(({ state }) => state)
    await doStep(w, secret, wallet)
  }
}

/** Does what the page asks for now. */
export async function doStep(w: At, secret: string, wallet: LocalAccount): Promise<void> {
  const asked = await actionAsked(w.ctx, { secret })
  if ('typedData' in asked) {
    const signature = await wallet.signTypedData(asked.typedData as never)
    await acceptSigned(w.ctx, { secret, number: asked.number, signature })
  } else {
    const { to, data, value } = asked.transaction
    const call = { to: to as Hex, data: data as Hex, value: BigInt(value), chain: null, account: wallet }
    const hash = await w.chain.wallet(wallet).sendTransaction(call)
    await w.ctx.chain.client.waitForTransactionReceipt({ hash })
    await acceptSent(w.ctx, { secret, number: asked.number, hash })
  }
  await relayActions(w)
}

/** What the workers would do now with what was signed or sent. */
export async function relayActions(w: At): Promise<void> {
  await actionJob.run(w.ctx, {})
  await settleNow(w)
}
