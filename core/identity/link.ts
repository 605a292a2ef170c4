import { randomBytes, randomInt } from 'node:crypto'
import { getAddress, hashMessage, isAddress, type Address } from 'viem'
import type { Context } from '../context.ts'
import { crashpoint } from '../crashpoint.ts'
import type { TicketRow } from '../db/tables/identity.ts'
import { UserError } from '../errors.ts'
import { pageUrl } from '../origin.ts'
import { readAutoId } from './auto-id.ts'
import { completeLink } from './complete.ts'
import { lockIdentities } from './join.ts'
import { accountWords } from '../account-name.ts'
import { offeredFields, offerRegistration, type RegistrationOffer } from './registration.ts'
import { idAround, type HeldId } from './shared-id.ts'
import { proveSignature } from './signature.ts'
import { checkSiwe, renderSiwe } from './siwe.ts'
import { accountOf, heldTicket, secretHash, type TicketHolder } from './ticket.ts'

/** Makes the text for one wallet and keeps it. Until the code is typed, another wallet may be chosen. */
export async function linkMessage(
  ctx: Context,
  { ticket, cookie, address, chainId }: TicketHolder & { address: string; chainId: number },
): Promise<{ message: string }> {
  const row = await heldTicket(ctx, { ticket, cookie })
  if (!isAddress(address)) throw new UserError('This is not an address (0x and 40 hex digits).', { code: 'address' })
  if (chainId !== ctx.chain.id)
    throw new UserError(
      `Your wallet is on chain ${chainId}; AutoCo works on ${ctx.chain.name} (chain ${ctx.chain.id}).`,
      {
        hint: 'Switch the network in your wallet and try again.',
        code: 'chain',
      },
    )
  const wallet = getAddress(address)
  const nonce = randomBytes(16).toString('hex')
  const message = await textFor(ctx, { row, wallet, nonce })
  await updateTicket(ctx, row, {
    address: wallet,
    message,
    nonce,
    verified: null,
    block_number: null,
    proof: null,
    registration: null,
    signed_at: null,
    code_hash: null,
  })
  crashpoint(ctx, 'link.message')
  return { message }
}

export type ProvedLink = {
  /** Six digits that the owner of the account types in the chat: `/link 123456`. Without it all is done: they had logged in. */
  code?: string
  /** The person's Auto ID and the wallet that holds it, this one or another; without `id` it is being registered. */
  autoId?: { wallet: string; id?: string; kind?: string }
  /** Offered when nobody in sight has an Auto ID: what the wallet may sign to get one. */
  registration?: RegistrationOffer
}

/**
 * Verifies the signature over the stored text. Who has logged in is linked by that; else the code that comes back proves
 * nothing until the account's owner types it.
 */
export async function proveLink(
  ctx: Context,
  { ticket, cookie, signature }: TicketHolder & { signature: string },
): Promise<ProvedLink> {
  const row = await heldTicket(ctx, { ticket, cookie })
  if (!row.message || !row.address || !row.nonce)
    throw new UserError('There is nothing to sign yet.', { hint: 'Choose a wallet on the page first.', code: 'step' })
  const wallet = row.address as Address
  const origin = new URL(pageUrl(ctx.config))
  await checkSiwe(row.message, {
    domain: origin.host,
    uri: origin.href,
    chainId: ctx.chain.id,
    nonce: row.nonce,
    address: wallet,
    time: ctx.now(),
  })
  const hash = hashMessage(row.message)
  const proof = await proveSignature(ctx, { address: wallet, hash, signature })
  const held = await idAround(ctx, { account: accountOf(row), wallet })
  // The registry asks the contract itself, so one that is not deployed yet cannot register.
  const offer = held || proof.how === 'erc6492' ? undefined : await offerRegistration(ctx, wallet)
  const code = randomInt(0, 1_000_000).toString().padStart(6, '0')
  await updateTicket(ctx, row, {
    verified: proof.how,
    block_number: proof.block?.toString() ?? null,
    proof: proof.how === 'eoa' ? null : JSON.stringify({ hash, signature: proof.signature }),
    registration: offer ? offeredFields(offer) : null,
    signed_at: new Date(ctx.now()),
    code_hash: codeHash(row.hash, code),
  })
  crashpoint(ctx, 'link.prove')
  if (row.proved_at) await linkAtOnce(ctx, row.hash)
  return {
    ...(row.proved_at ? {} : { code }),
    ...(held ? { autoId: toJson(held) } : {}),
    ...(offer ? { registration: offer } : {}),
  }
}

async function linkAtOnce(ctx: Context, hash: string): Promise<void> {
  await ctx.db.transaction().execute(async (trx) => {
    await lockIdentities(trx)
    const row = await trx
      .selectFrom('ticket')
      .selectAll()
      .where('hash', '=', hash)
      .forUpdate()
      .executeTakeFirstOrThrow()
    await completeLink(ctx, trx, { row, name: row.name, proof: 'oauth' })
  })
}

/** A code is worth nothing beside another ticket. */
export const codeHash = (ticketHash: string, code: string): string => secretHash(`${ticketHash}/${code}`)

async function textFor(ctx: Context, params: { row: TicketRow; wallet: Address; nonce: string }): Promise<string> {
  const { row, wallet, nonce } = params
  const account = accountOf(row)
  // Nothing is proved yet: whoever only names a wallet must not learn what it is linked with.
  const autoId = await readAutoId(ctx, wallet)
  return renderSiwe({
    origin: new URL(pageUrl(ctx.config)),
    chainId: ctx.chain.id,
    address: wallet,
    nonce,
    issuedAt: ctx.now(),
    expiresAt: row.expires_at.getTime(),
    requestId: row.hash.slice(0, 32),
    statement: `Link this wallet to ${accountWords(account)}. It moves no funds and gives no voting right.`,
    resources: [
      'autoco:link:v1',
      ['platform', row.platform, row.workspace, row.user_id].map((part) => encodeURIComponent(part)).join(':'),
      ...(autoId ? [`autoid:${ctx.chain.id}:${autoId.id}`] : []),
    ],
  })
}

const toJson = ({ wallet, autoId }: HeldId): NonNullable<ProvedLink['autoId']> =>
  autoId ? { wallet, id: autoId.id.toString(), kind: autoId.kind } : { wallet }

/** Goes on only from the row that was looked at: a text that another tab replaced meanwhile is not answered. */
async function updateTicket(ctx: Context, row: TicketRow, values: Partial<TicketUpdate>): Promise<void> {
  const changed = await ctx.db
    .updateTable('ticket')
    .set(values)
    .where('hash', '=', row.hash)
    .where('message', 'is not distinct from', row.message)
    .where('used_at', 'is', null)
    .where('expires_at', '>', new Date(ctx.now()))
    .returning('hash')
    .executeTakeFirst()
  if (!changed)
    throw new UserError('Something else happened on this link at the same time.', {
      hint: 'Load the page again and go on there.',
      code: 'closed',
    })
}

type TicketUpdate = Pick<
  TicketRow,
  'address' | 'message' | 'nonce' | 'verified' | 'block_number' | 'signed_at' | 'code_hash'
> & { proof: string | null; registration: string | null }
