import { encodeFunctionData, getAddress, parseAbi, zeroAddress, type Address, type Hex } from 'viem'
import { chief as chiefContract } from '../../contracts/generated.ts'
import { openAction, relayAction } from '../actions/open.ts'
import { refusalName, refusalOf } from '../chain/refusal.ts'
import type { Context } from '../context.ts'
import type { SpellRow } from '../db/tables/nomic.ts'
import { RetryableError, UserError } from '../errors.ts'
import { ask } from '../chain/ask.ts'
import { tokenOf } from '../chain/token.ts'
import type { Person } from '../command.ts'
import type { Caller } from '../platform.ts'
import { amount } from '../amount.ts'
import type { NomicDao } from './contracts.ts'

const spellAbi = parseAbi(['function schedule()', 'function cast() returns (bytes)'])

export type Act = 'launch' | 'lift' | 'schedule' | 'cast'
export type Acted = { how: 'relayed' } | { how: 'page'; url: string }

const labels: Record<Act, (ref: string) => string> = {
  launch: () => 'Wake the chief',
  lift: (ref) => `Give the hat to ${ref}`,
  schedule: (ref) => `Plot ${ref}`,
  cast: (ref) => `Cast ${ref}`,
}

/**
 * What anybody may do for a spell. It is tried on the chain first, and when it would fail the reason is said; else the relayer
 * sends it, or, where there is none, the person's own wallet.
 */
export async function act(
  ctx: Context,
  params: { person: Person; caller: Caller; dao: NomicDao; act: Act; spell: SpellRow | undefined },
): Promise<Acted> {
  const { person, caller, dao, spell } = params
  const name = spell?.ref ?? ''
  const to = params.act === 'launch' || params.act === 'lift' ? dao.chief : getAddress(spell?.address ?? zeroAddress)
  const data = dataOf(params.act, spell)
  await tryOut(ctx, { dao, act: params.act, spell, to, data })
  const label = labels[params.act](name)
  const about = 'Anybody may do this; it changes nothing but what the rules say.'
  const next = nextOf(params.act, spell)
  const [wallet] = person.wallets
  if (!wallet) throw new UserError('This account is not linked to a wallet yet.', { hint: '/link' })
  const asked = { person, caller, wallet: wallet.address, title: label, about, next }
  if (ctx.chain.relayer) {
    await relayAction(ctx, { ...asked, label, to, data })
    return { how: 'relayed' }
  }
  const { url } = await openAction(ctx, { ...asked, steps: [{ kind: 'send', label, to, data }] })
  return { how: 'page', url }
}

function dataOf(act: Act, spell: SpellRow | undefined): Hex {
  const { abi } = chiefContract
  if (act === 'launch') return encodeFunctionData({ abi, functionName: 'launch' })
  if (act === 'lift')
    return encodeFunctionData({ abi, functionName: 'lift', args: [getAddress(spell?.address ?? zeroAddress)] })
  return encodeFunctionData({ abi: spellAbi, functionName: act })
}

function nextOf(act: Act, spell: SpellRow | undefined): { label: string; run: string }[] {
  if (!spell) return [{ label: 'Spells', run: 'spell' }]
  if (act === 'lift') return [{ label: 'Plot it', run: `spell-schedule ${spell.ref}` }]
  return [{ label: 'How it stands', run: `spell-show ${spell.ref}` }]
}

type Trial = { dao: NomicDao; act: Act; spell: SpellRow | undefined; to: Address; data: Hex }

async function tryOut(ctx: Context, trial: Trial): Promise<void> {
  const { to, data } = trial
  try {
    await ctx.chain.client.call({ to, data })
  } catch (cause) {
    const plain = refusalOf(cause)
    if (plain === undefined) throw new RetryableError('The chain does not answer.', { cause })
    const { message, hint } = await wordsOf(ctx, trial, refusalName(cause), plain)
    throw new UserError(message, {
      hint: hint ?? (trial.spell ? `/spell-show ${trial.spell.ref}` : '/nomic'),
      code: 'refused',
      cause,
    })
  }
}

type Words = { message: string; hint?: string }

async function wordsOf(ctx: Context, trial: Trial, error: string | undefined, plain: string): Promise<Words> {
  if (error === 'TooFewApprovals') return { message: await fewWords(ctx, trial) }
  if (error === 'CoolingDown') return { message: await coolWords(ctx, trial.dao) }
  return (
    words[error ?? ''] ?? {
      message: trial.act === 'cast' ? `${plain} One of its calls fails as things are now.` : plain,
    }
  )
}

const words: Record<string, Words> = {
  NotLive: {
    message: 'The chief is not awake yet, so nothing can be lifted. It takes enough approvals of nobody first.',
    hint: '/approve launch',
  },
  AlreadyLive: { message: 'The chief is awake already.' },
  NotTheHat: {
    message: 'Only the spell that holds the hat may be plotted, and this one does not hold it.',
    hint: '/nomic',
  },
  AlreadyScheduled: { message: 'It was plotted already.' },
  Expired: { message: 'It has expired: it was not plotted in time and does nothing any more.' },
  NotScheduled: { message: 'It has to be plotted before it can be cast.' },
  NotPlotted: { message: 'It is not waiting in the pause: it was cast or dropped already.' },
  TooEarly: { message: 'Its time has not come yet: what is plotted has to wait, so that everybody can see it.' },
  TooLate: { message: 'Its time is over: nobody cast it within the window.' },
  CodeChanged: {
    message: 'What it would run is not the code any more that was approved, so the pause does not run it.',
  },
  OfficeClosed: { message: 'It works in office hours only: Monday to Friday, 14:00 to 21:00 UTC.' },
  ShutDown: { message: 'The emergency shutdown was fired: nothing is plotted or cast any more.' },
  NoCode: { message: 'One of its calls goes to an address where there is no contract.' },
}

/** How many are missing, and of which kind. */
async function fewWords(ctx: Context, { dao, act, spell }: Trial): Promise<string> {
  const contract = { abi: chiefContract.abi, address: dao.chief } as const
  const whom = getAddress(spell?.address ?? zeroAddress)
  const { client } = ctx.chain
  const [all, settled, hat, floor, threshold, token] = await ask(() =>
    Promise.all([
      client.readContract({ ...contract, functionName: 'approvals', args: [whom] }),
      client.readContract({ ...contract, functionName: 'settled', args: [whom] }),
      client
        .readContract({ ...contract, functionName: 'hat' })
        .then((on) => client.readContract({ ...contract, functionName: 'approvals', args: [on] })),
      client.readContract({ ...contract, functionName: 'FLOOR' }),
      client.readContract({ ...contract, functionName: 'LAUNCH_THRESHOLD' }),
      tokenOf(ctx, dao),
    ]),
  )
  const isEnough = act === 'launch' ? all >= threshold : all > hat && all >= floor
  if (isEnough)
    return `Enough stands on it, ${amount(all, token)}, but ${amount(all - settled, token)} of that came in this very block, and such weight does not lift: nothing that is borrowed for a moment may. Try again in the next block.`
  if (act === 'launch')
    return `${amount(all, token)} stand on nobody; it takes ${amount(threshold, token)} to wake the chief.`
  if (all <= hat)
    return `${amount(all, token)} stand on it and ${amount(hat, token)} on the hat. It has to have more than the hat.`
  return `${amount(all, token)} stand on it; nothing is lifted with less than the floor of ${amount(floor, token)}.`
}

async function coolWords(ctx: Context, dao: NomicDao): Promise<string> {
  const contract = { abi: chiefContract.abi, address: dao.chief } as const
  const [lifted, cool, block] = await ask(() =>
    Promise.all([
      ctx.chain.client.readContract({ ...contract, functionName: 'liftedAt' }),
      ctx.chain.client.readContract({ ...contract, functionName: 'COOL_DOWN' }),
      ctx.chain.client.getBlock(),
    ]),
  )
  const left = BigInt(lifted) + BigInt(cool) - block.timestamp
  return `The hat changed hands a moment ago. The next lift is possible in ${left} ${left === 1n ? 'second' : 'seconds'}.`
}
