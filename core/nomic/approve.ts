import { hashTypedData, type Address, type Hex } from 'viem'
import { openAction, type ActionTypedData } from '../actions/open.ts'
import type { Context } from '../context.ts'
import { UserError } from '../errors.ts'
import type { Person } from '../command.ts'
import type { Caller } from '../platform.ts'
import type { NomicDao } from './contracts.ts'
import type { Locker } from './locker.ts'

/** The contract takes no more in one list. */
export const mostSpells = 5

/** What a wallet signs: the addresses themselves, so that nobody can put another list under a number. */
export function approvalTypedData(
  ctx: Pick<Context, 'chain'>,
  dao: Pick<NomicDao, 'chief'>,
  { seat, sequence, spells }: { seat: number; sequence: number; spells: readonly Address[] },
): ActionTypedData {
  return {
    domain: { name: 'Nomic Chief', version: '1', chainId: ctx.chain.id, verifyingContract: dao.chief },
    types: {
      Approval: [
        { name: 'seat', type: 'uint32' },
        { name: 'sequence', type: 'uint16' },
        { name: 'spells', type: 'address[]' },
      ],
    },
    primaryType: 'Approval',
    message: { seat, sequence, spells },
  }
}

export const approvalDigest = (...of: Parameters<typeof approvalTypedData>): Hex =>
  hashTypedData(approvalTypedData(...of) as Parameters<typeof hashTypedData>[0])

/**
 * A page on which a wallet signs that it approves of these spells, and of no others, with all that it has locked. The
 * newest signature counts; the one before it never comes after it.
 */
export async function openApproval(
  ctx: Context,
  params: {
    person: Person
    caller: Caller
    dao: NomicDao
    locker: Locker
    spells: readonly Address[]
    rows: Record<string, string>
    title: string
  },
): Promise<{ url: string; expiresAt: number }> {
  const { person, caller, dao, locker, rows, title } = params
  const spells = ascending(params.spells)
  if (spells.length > mostSpells)
    throw new UserError(`One can approve of ${mostSpells} spells at most, and these are ${spells.length}.`, {
      hint: '/spell',
      code: 'usage',
    })
  const sequence = await nextSequence(ctx, dao, locker)
  const typedData = approvalTypedData(ctx, dao, { seat: locker.seat, sequence, spells })
  return openAction(ctx, {
    person,
    caller,
    wallet: locker.wallet,
    title,
    about: 'One signature, no gas. It counts with everything this wallet has locked, until you sign another one.',
    rows,
    steps: [
      {
        kind: 'sign',
        label: title,
        typedData,
        relay: { to: dao.chief, abi: 'approval', args: [dao.id, locker.seat, sequence, spells] },
        batch: 'approvals',
      },
    ],
    next: [{ label: 'How the hat stands', run: `nomic ${dao.slug}` }],
  })
}

/** Each once, in the order in which the contract wants them. */
const ascending = (spells: readonly Address[]): Address[] =>
  [...new Map(spells.map((spell) => [spell.toLowerCase(), spell])).entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, spell]) => spell)

/** Above what was counted and above what waits here. */
async function nextSequence(ctx: Pick<Context, 'db'>, dao: NomicDao, { seat, sequence }: Locker): Promise<number> {
  const { newest } = await ctx.db
    .selectFrom('approval')
    .select((eb) => eb.fn.max('sequence').as('newest'))
    .where('dao_id', '=', dao.id)
    .where('seat', '=', seat)
    .where('state', 'in', ['accepted', 'batched', 'counted', 'final'])
    .executeTakeFirstOrThrow()
  const next = Math.max(sequence, newest ?? 0) + 1
  if (next > 65_535)
    throw new UserError('This wallet has changed its mind as often as the contract can count.', {
      hint: 'Free what is locked and lock it with another wallet.',
      code: 'sequence',
    })
  return next
}
