import { encodeFunctionData, getAddress, type Address, type Hex } from 'viem'
import { spellFactory } from '../../contracts/generated.ts'
import { openAction } from '../actions/open.ts'
import { refusalOf } from '../chain/refusal.ts'
import type { Context } from '../context.ts'
import type { PlanRow } from '../db/tables/nomic.ts'
import { UserError } from '../errors.ts'
import { ask } from '../chain/ask.ts'
import { readCall, type ReadCall } from '../governance/calls.ts'
import { coinOf, tokenOf, type Token } from '../chain/token.ts'
import type { ProposalCall } from '../governance/types.ts'
import type { Person } from '../command.ts'
import type { Caller } from '../platform.ts'
import { parseCalls } from './calls.ts'
import type { NomicDao } from './contracts.ts'
import { findSpell, spellRefPattern } from './spell.ts'

export type SpellDraft = {
  url: string
  title: string
  /** Where the spell will be; undefined for one that drops a plan. */
  address: Address | undefined
  expiration: number
  officeHours: boolean
  calls: ReadCall[]
  /** The spell whose plan it drops. */
  drops: string | undefined
  /** What would fail as things are now, in words. */
  problems: string[]
  token: Token
  coin: Token
}

type Asked = { title: string; days: number; officeHours: boolean; calls: string; text: string }

const most = { title: 200, text: 20_000 }
const daySeconds = 86_400n

/** Makes a spell of a text and calls: tries the calls as the treasury, and opens a page on which a wallet puts it on the chain. */
export async function openDraft(
  ctx: Context,
  params: { person: Person; caller: Caller; dao: NomicDao; asked: Asked },
): Promise<SpellDraft> {
  const { person, caller, dao, asked } = params
  const factory = dao.spells
  if (!factory || !dao.pause)
    throw new UserError('The spell factory of this DAO is not known here, so a spell cannot be made in chat.')
  const [wallet] = person.wallets
  if (!wallet) throw new UserError('This account is not linked to a wallet yet.', { hint: '/link' })
  assertWords(asked)
  const [token, coin, block] = [await tokenOf(ctx, dao), coinOf(ctx), await ask(() => ctx.chain.client.getBlock())]
  const expiration = Number(block.timestamp + BigInt(asked.days) * daySeconds)
  const drops = await planToDrop(ctx, dao, asked.calls)
  const calls = drops ? [] : parseCalls(asked.calls, { token, coin, names: namesOf(dao) })
  const draft = { ...asked, expiration, calls }
  const made = drops
    ? dropOf(factory, draft, drops.plan)
    : await createOf(ctx, factory, getAddress(wallet.address), draft)
  const { url } = await openAction(ctx, {
    person,
    caller,
    wallet: wallet.address,
    title: `Make the spell “${asked.title}”`,
    about:
      'This puts its text and calls on the chain, for good. Then people can approve of it; nothing happens before.',
    rows: {
      Title: asked.title,
      'Has to be plotted within': `${asked.days} days`,
      'Office hours': asked.officeHours ? 'yes' : 'no',
      Does: drops ? `drops the plan of ${drops.ref}` : `${calls.length} ${calls.length === 1 ? 'call' : 'calls'}`,
    },
    steps: [{ kind: 'send', label: `Make the spell “${asked.title}”`, to: factory, data: made.data }],
    next: [{ label: 'Spells', run: 'spell' }],
  })
  return {
    url,
    title: asked.title,
    address: made.address,
    expiration,
    officeHours: asked.officeHours,
    calls: calls.map((call) => readCall(call, dao)),
    drops: drops?.ref,
    problems: await problemsOf(ctx, dao, calls),
    token,
    coin,
  }
}

function assertWords({ title, text }: Asked): void {
  const bytes = (words: string): number => new TextEncoder().encode(words).length
  if (bytes(title) > most.title)
    throw new UserError(`The title is longer than ${most.title} bytes.`, { hint: 'Put the rest into the text.' })
  if (bytes(text) > most.text)
    throw new UserError(`The text is longer than ${most.text} bytes, and all of it goes on the chain.`, {
      hint: 'Keep the long form elsewhere, and put its address and its hash into the text.',
    })
}

const namesOf = (dao: NomicDao): Record<string, Address | undefined> => ({
  token: dao.token as Address,
  pause: dao.pause,
  chief: dao.chief,
})

type Drop = { ref: string; plan: PlanRow }

/** `drop nomic-s2` instead of calls. */
async function planToDrop(ctx: Context, dao: NomicDao, calls: string): Promise<Drop | undefined> {
  const ref = /^drop\s+(\S+)$/i.exec(calls.trim())?.[1]?.toLowerCase()
  if (ref === undefined || !spellRefPattern.test(ref)) return undefined
  const spell = await findSpell(ctx, ref)
  const plan = await ctx.db
    .selectFrom('plan')
    .selectAll()
    .where('dao_id', '=', dao.id)
    .where('hat', '=', spell.address)
    .where('state', '=', 'plotted')
    .executeTakeFirst()
  if (!plan) throw new UserError(`${ref} has no plan that waits in the pause.`, { hint: `/spell-show ${ref}` })
  return { ref, plan }
}

type Drafted = Omit<Asked, 'calls' | 'days'> & { calls: readonly ProposalCall[]; expiration: number }
type Made = { data: Hex; address: Address | undefined }

async function createOf(ctx: Context, factory: Address, author: Address, draft: Drafted): Promise<Made> {
  const { title, text, expiration, officeHours, calls } = draft
  const args = {
    title,
    text,
    expiration,
    officeHours,
    targets: calls.map(({ target }) => target as Address),
    values: calls.map(({ value }) => BigInt(value)),
    calls: calls.map(({ data }) => data as Hex),
  }
  const address = await ask(() =>
    ctx.chain.client.readContract({
      abi: spellFactory.abi,
      address: factory,
      functionName: 'addressOf',
      args: [author, args],
    }),
  )
  return { data: encodeFunctionData({ abi: spellFactory.abi, functionName: 'create', args: [args] }), address }
}

function dropOf(factory: Address, draft: { title: string; text: string; expiration: number }, plan: PlanRow): Made {
  const { title, text, expiration } = draft
  const args = [
    title,
    text,
    expiration,
    getAddress(plan.action),
    plan.code_hash as Hex,
    plan.call as Hex,
    Number(plan.eta),
  ] as const
  return { data: encodeFunctionData({ abi: spellFactory.abi, functionName: 'createDrop', args }), address: undefined }
}

/** Each call as the treasury would make it now; what an earlier call changes is not seen by a later one. */
async function problemsOf(ctx: Context, dao: NomicDao, calls: readonly ProposalCall[]): Promise<string[]> {
  if (dao.timelock === null) return []
  const account = dao.timelock as Address
  const problems: string[] = []
  for (const [at, { target, value, data }] of calls.entries()) {
    try {
      await ctx.chain.client.call({ account, to: target as Address, value: BigInt(value), data: data as Hex })
      const code = data === '0x' ? 'none needed' : await ctx.chain.client.getCode({ address: target as Address })
      if (!code) problems.push(`Call ${at + 1}: there is no contract at this address, so the spell would fail.`)
    } catch (error) {
      problems.push(
        `Call ${at + 1} would fail as things are now. ${refusalOf(error) ?? 'The treasury may hold too little.'}`,
      )
    }
  }
  return problems
}
