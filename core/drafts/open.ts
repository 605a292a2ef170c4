import { encodeFunctionData, keccak256, parseAbi, stringToHex, type Address, type Hex } from 'viem'
import { openAction } from '../actions/open.ts'
import { isReverted, revertOf } from '../chain/refusal.ts'
import type { Context } from '../context.ts'
import { RetryableError, UserError } from '../errors.ts'
import { isRevert } from '../chain/ask.ts'
import { tokenOf } from '../chain/token.ts'
import type { Person } from '../command.ts'
import type { Caller } from '../platform.ts'
import { amount } from '../amount.ts'
import { openedAs, type Draft } from './draft.ts'
import { proposerOf, type Proposer } from './proposer.ts'
import { callsOf, descriptionOf } from './text.ts'
import { tryCalls } from './trial.ts'

const abi = parseAbi([
  'function propose(address[] targets, uint256[] values, bytes[] calldatas, string description) returns (uint256)',
])

/** A page on which the proposer's wallet puts the draft on the chain by one transaction of its own. */
export async function openDraft(
  ctx: Context,
  { draft, person, caller, anyway }: { draft: Draft; person: Person; caller: Caller; anyway: boolean },
): Promise<{ url: string; expiresAt: number; proposer: Proposer }> {
  const { dao } = draft
  const ref = await openedAs(ctx, draft)
  if (ref !== undefined)
    throw new UserError(`Draft ${draft.id} is on the chain already.`, { hint: `/proposal ${ref}`, code: 'used' })
  const proposer = await proposerOf(ctx, { dao, person })
  if (proposer.weight < proposer.needed) throw await tooLight(ctx, draft, proposer)
  const calls = callsOf(draft)
  if (!anyway) await assertWorking(ctx, draft)
  const description = await descriptionOf(ctx, draft, proposer.wallet)
  const data = encodeFunctionData({
    abi,
    args: [
      calls.map(({ target }) => target as Address),
      calls.map(({ value }) => BigInt(value)),
      calls.map((call) => call.data as Hex),
      description,
    ],
  })
  await assertTaken(ctx, { to: dao.address as Address, data, from: proposer.wallet })
  await ctx.db
    .updateTable('proposal_draft')
    .set({ text_hash: keccak256(stringToHex(description)) })
    .where('id', '=', draft.id)
    .execute()
  const page = await openAction(ctx, {
    person,
    caller,
    wallet: proposer.wallet,
    title: `Propose to ${dao.name}`,
    about: `Your wallet sends the proposal itself and pays its gas. Nobody else can send this text, and nothing of it can be changed afterwards.`,
    rows: {
      Title: draft.title,
      Calls: String(draft.calls.length),
      'Your weight': await weightWords(ctx, draft, proposer),
    },
    steps: [{ kind: 'send', label: `Open the proposal “${draft.title}”`, to: dao.address as Address, data }],
    next: [{ label: 'See it', run: `draft ${draft.id}` }],
  })
  return { ...page, proposer }
}

async function weightWords(
  ctx: Pick<Context, 'chain' | 'kv'>,
  { dao }: Draft,
  { weight, needed }: Proposer,
): Promise<string> {
  const token = await tokenOf(ctx, dao)
  return `${amount(weight, token)} (needed: ${amount(needed, token)})`
}

async function tooLight(
  ctx: Pick<Context, 'chain' | 'kv'>,
  { dao }: Draft,
  { weight, needed, wallet }: Proposer,
): Promise<UserError> {
  const token = await tokenOf(ctx, dao)
  return new UserError(
    `To propose to ${dao.name}, one wallet needs a weight of ${amount(needed, token)}; yours with the most, ${wallet}, has ${amount(weight, token)}.`,
    {
      hint: `Weight comes by delegation: /power ${dao.slug} shows what you hold, /delegate ${dao.slug} makes it count, and others may delegate to you.`,
      code: 'threshold',
    },
  )
}

async function assertWorking(ctx: Context, draft: Draft): Promise<void> {
  const trials = await tryCalls(ctx, { dao: draft.dao, calls: draft.calls })
  const at = trials.findIndex(({ status }) => status === 'fails')
  const trial = trials[at]
  if (trial?.status !== 'fails') return
  throw new UserError(`Call ${at + 1} would fail if it were executed now. ${trial.reason}`, {
    hint: `/draft ${draft.id} shows it. If it will work by the time it is executed: /draft-open ${draft.id} anyway`,
    code: 'call-fails',
  })
}

/** The governor has the last word: who may propose is its affair. */
async function assertTaken(ctx: Context, call: { to: Address; data: Hex; from: Address }): Promise<void> {
  try {
    await ctx.chain.client.call({ account: call.from, to: call.to, data: call.data })
  } catch (cause) {
    if (!isRevert(cause) && !isReverted(cause)) throw new RetryableError('The chain does not answer.', { cause })
    const said = revertOf(cause)
    throw new UserError(`The governor refuses this proposal${said ? `: ${said.words}` : ''}.`, {
      hint: 'If it was proposed before in just these words, change something.',
      code: 'refused',
      cause,
    })
  }
}
