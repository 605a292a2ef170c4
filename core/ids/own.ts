import { getAddress, isAddress, type Address } from 'viem'
import type { Context } from '../context.ts'
import { UserError } from '../errors.ts'
import { readAutoId } from '../identity/auto-id.ts'
import type { Person } from '../command.ts'
import { readRecord, type IdRecord } from './read.ts'

/** One of a person's own Auto IDs: the one that they name, or the first that is live. An agent's only when named. */
export async function ownId(
  ctx: Pick<Context, 'chain'>,
  { person, wanted }: { person: Person; wanted?: string | undefined },
): Promise<IdRecord> {
  if (wanted !== undefined) return await namedId(ctx, { person, wanted })
  for (const { address } of person.wallets) {
    const found = await readAutoId(ctx, address)
    if (found && found.kind !== 'agent') return await knownRecord(ctx, found.id)
  }
  throw new UserError('None of your wallets has an Auto ID of a person or an organisation.', {
    hint: 'Link a wallet again, and sign for one on the page: /link',
    code: 'no-id',
  })
}

async function namedId(
  ctx: Pick<Context, 'chain'>,
  { person, wanted }: { person: Person; wanted: string },
): Promise<IdRecord> {
  const record = await knownRecord(ctx, idOf(wanted))
  if (isOwn(person, record.controller)) return record
  throw new UserError(`Auto ID ${record.id} is controlled by ${record.controller}, which is no wallet of yours.`, {
    hint: '/whoami',
    code: 'not-yours',
  })
}

/** An id that one of the person's wallets has issued, and that wallet. */
export async function issuedId(
  ctx: Pick<Context, 'chain'>,
  { person, wanted }: { person: Person; wanted: string },
): Promise<{ record: IdRecord; issuer: IdRecord }> {
  const record = await knownRecord(ctx, idOf(wanted))
  const issuer = record.issuer === 0n ? undefined : await readRecord(ctx, record.issuer)
  if (issuer && isOwn(person, issuer.controller)) return { record, issuer }
  throw new UserError(
    issuer
      ? `Auto ID ${record.id} was issued by ${issuer.id}, which is not yours: only its issuer can revoke it.`
      : `Auto ID ${record.id} has no issuer, so only its own controller can end it.`,
    { hint: `/id ${record.id}`, code: 'not-yours' },
  )
}

/** The id that a word names: its number, or the address that controls it; one's own without a word. */
export async function namedOrOwn(
  ctx: Pick<Context, 'chain'>,
  { person, word }: { person: Person | undefined; word: string | undefined },
): Promise<bigint> {
  if (word === undefined) {
    if (!person)
      throw new UserError('This account is not linked to a wallet yet.', { hint: '/link', code: 'not-linked' })
    return (await ownId(ctx, { person })).id
  }
  if (!isAddress(word, { strict: false })) return idOf(word)
  const found = await readAutoId(ctx, getAddress(word))
  if (found) return found.id
  throw new UserError(`${getAddress(word)} controls no Auto ID that is live.`, { hint: '/id', code: 'no-id' })
}

/** A wallet that has to agree, so that it must be the person's own too. */
export function ownWallet(person: Person, word: string, what: string): Address {
  if (!isAddress(word, { strict: false }))
    throw new UserError(`“${word.slice(0, 60)}” is not an address (0x and 40 hex digits).`, { code: 'usage' })
  const address = getAddress(word)
  if (isOwn(person, address)) return address
  throw new UserError(`${what} has to agree by a signature, and ${address} is not linked to you.`, {
    hint: 'Link it first: /link',
    code: 'not-linked',
  })
}

const isOwn = (person: Person, address: string): boolean =>
  person.wallets.some((wallet) => wallet.address.toLowerCase() === address.toLowerCase())

function idOf(word: string): bigint {
  if (/^\d{1,9}$/.test(word)) return BigInt(word)
  throw new UserError(`“${word.slice(0, 60)}” is neither the number of an Auto ID nor an address.`, {
    hint: '/id 7',
    code: 'usage',
  })
}

async function knownRecord(ctx: Pick<Context, 'chain'>, id: bigint): Promise<IdRecord> {
  const record = await readRecord(ctx, id)
  if (record) return record
  throw new UserError(`There is no Auto ID ${id}.`, { hint: '/id', code: 'unknown' })
}
