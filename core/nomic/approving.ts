import { getAddress, zeroAddress, type Address } from 'viem'
import type { Context } from '../context.ts'
import type { ChiefRow, SpellRow } from '../db/tables/nomic.ts'
import { UserError } from '../errors.ts'
import { tokenOf, type Token } from '../chain/token.ts'
import type { Person } from '../command.ts'
import { shortAddress } from '../plain.ts'
import type { Caller } from '../platform.ts'
import { amount } from '../amount.ts'
import { mostSpells, openApproval } from './approve.ts'
import type { NomicDao } from './contracts.ts'
import { lockersOf, type Locker } from './locker.ts'
import { chiefOf, spellAt } from './record.ts'
import { findSpell } from './spell.ts'

export type Approving = {
  wallet: Address
  locked: bigint
  token: Token
  /** Of what the wallet approves by now, in words. */
  now: string[]
  options: { label: string; spells: string[]; url: string; keepsHat: boolean }[]
  hat: { label: string; margin: bigint | undefined } | undefined
  expiresAt: number
  /** Wallets of the person that have locked too and are not asked here. */
  others: number
}

type Named = { address: Address; label: string }
const over: readonly SpellRow['state'][] = ['cast', 'dropped', 'expired', 'missed', 'dead']

/**
 * What somebody may sign: the spells they named, and the same beside the hat, because weight that leaves the hat makes it
 * easier to take for everybody. `launch` stands for nobody, whom one approves of to wake the chief; `none` for no spell at all.
 */
export async function openApproving(
  ctx: Context,
  params: { person: Person; caller: Caller; dao: NomicDao; names: readonly string[] },
): Promise<Approving> {
  const { person, caller, dao, names } = params
  const token = await tokenOf(ctx, dao)
  const lockers = (await lockersOf(ctx, dao, person)).filter(({ locked }) => locked > 0n)
  const [locker] = lockers
  if (!locker)
    throw new UserError(`You approve with what you have locked, and none of your wallets has locked ${token.symbol}.`, {
      hint: '/lock all',
      code: 'unlocked',
    })
  if (!ctx.chain.relayer)
    throw new UserError('No relayer is set up here, so approve from your wallet directly.', {
      hint: `The chief is ${dao.chief}, its function voteFor(address[]).`,
      code: 'relayer',
    })
  const wanted = await namedSpells(ctx, dao, names)
  const chief = await chiefOf(ctx.db, dao.id)
  const hat = chief && chief.hat !== zeroAddress ? await named(ctx, dao, chief.hat) : undefined
  const isHatNamed = wanted.some(({ address }) => address === hat?.address)
  const keepsToo = hat && !isHatNamed && wanted.length > 0 && wanted.length < mostSpells
  const lists = [
    ...(keepsToo ? [{ spells: [...wanted, hat], keepsHat: true }] : []),
    { spells: wanted, keepsHat: isHatNamed },
  ]
  const now = await Promise.all(locker.approves.map((address) => named(ctx, dao, address)))
  const options = await Promise.all(
    lists.map(async ({ spells, keepsHat }) => {
      const label = labelOf(spells, keepsHat && keepsToo ? hat : undefined)
      const page = await openApproval(ctx, {
        person,
        caller,
        dao,
        locker,
        spells: spells.map(({ address }) => address),
        title: label,
        rows: rowsOf({ spells, now, locker, token }),
      })
      return { label, spells: spells.map((spell) => spell.label), keepsHat, ...page }
    }),
  )
  return {
    wallet: locker.wallet,
    locked: locker.locked,
    token,
    now: now.map(({ label }) => label),
    options,
    hat: hat && { label: hat.label, margin: await marginOf(ctx, dao, chief) },
    expiresAt: options[0]?.expiresAt ?? 0,
    others: lockers.length - 1,
  }
}

async function namedSpells(ctx: Context, dao: NomicDao, names: readonly string[]): Promise<Named[]> {
  if (names.length === 1 && names[0] === 'none') return []
  if (names.length === 1 && names[0] === 'launch') return [{ address: zeroAddress, label: nobody }]
  const found: Named[] = []
  for (const name of new Set(names)) {
    const spell = await findSpell(ctx, name)
    if (spell.dao_id !== dao.id)
      throw new UserError(`${spell.ref} is not a spell of ${dao.name}.`, { hint: `/spell ${dao.slug}` })
    const chief = await chiefOf(ctx.db, dao.id)
    if (over.includes(spell.state) && chief?.hat !== spell.address)
      throw new UserError(`${spell.ref} is over, so approving of it would do nothing.`, {
        hint: `/spell-show ${spell.ref}`,
        code: 'over',
      })
    found.push(labelled(spell))
  }
  return found
}

const nobody = 'nobody, to wake the chief'
const labelled = ({ address, ref, title }: SpellRow): Named => ({
  address: getAddress(address),
  label: `${ref}: ${title.slice(0, 80).toWellFormed() || 'a spell without a title'}`,
})

async function named(ctx: Pick<Context, 'db'>, dao: NomicDao, address: string): Promise<Named> {
  if (address === zeroAddress) return { address: zeroAddress, label: nobody }
  const spell = await spellAt(ctx.db, dao.id, address)
  return spell ? labelled(spell) : { address: getAddress(address), label: shortAddress(getAddress(address)) }
}

const shortOf = ({ label }: Named): string => label.split(': ', 1)[0] ?? label

function labelOf(spells: readonly Named[], kept: Named | undefined): string {
  if (spells.length === 0) return 'Approve of no spell'
  const wanted = spells.filter((spell) => spell !== kept).map(shortOf)
  return `Approve of ${wanted.join(', ')}${kept ? ` and keep the hat, ${shortOf(kept)}` : ''}`
}

function rowsOf(data: {
  spells: readonly Named[]
  now: readonly Named[]
  locker: Locker
  token: Token
}): Record<string, string> {
  const list = (some: readonly Named[]): string => some.map(({ label }) => label).join('; ') || 'no spell'
  return {
    'Approves of': list(data.spells),
    'In place of': list(data.now),
    With: amount(data.locker.locked, data.token),
  }
}

/** By how much the hat is ahead of the spell behind it. */
export async function marginOf(
  ctx: Pick<Context, 'db'>,
  dao: Pick<NomicDao, 'id'>,
  chief: ChiefRow | undefined,
): Promise<bigint | undefined> {
  if (!chief) return undefined
  const next = await ctx.db
    .selectFrom('spell')
    .select('approvals')
    .where('dao_id', '=', dao.id)
    .where('state', '=', 'open')
    .where('address', '<>', chief.hat)
    .where('orphaned_at', 'is', null)
    .orderBy('approvals', 'desc')
    .limit(1)
    .executeTakeFirst()
  return BigInt(chief.hat_approvals) - BigInt(next?.approvals ?? 0)
}
