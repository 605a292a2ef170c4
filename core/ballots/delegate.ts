import { randomBytes } from 'node:crypto'
import {
  encodeFunctionData,
  getAddress,
  getTypesForEIP712Domain,
  hashTypedData,
  parseAbi,
  parseSignature,
  recoverTypedDataAddress,
  type Address,
  type Hex,
} from 'viem'
import { z } from 'zod'
import { multicall } from '../../contracts/generated.ts'
import type { Context } from '../context.ts'
import type { DaoRow } from '../db/tables/governance.ts'
import { RetryableError, UserError } from '../errors.ts'
import { delegationDomain, type TokenDomain } from '../governance/delegation-domain.ts'
import type { Person } from '../command.ts'
import { personById } from '../identity/person.ts'
import { declareJob } from '../job.ts'
import { pageUrl } from '../origin.ts'

/** ERC-5805: what a holder signs, so that somebody else may send it. */
const delegationTypes = {
  Delegation: [
    { name: 'delegatee', type: 'address' },
    { name: 'nonce', type: 'uint256' },
    { name: 'expiry', type: 'uint256' },
  ],
} as const

const tokenAbi = parseAbi([
  'function nonces(address owner) view returns (uint256)',
  'function delegates(address account) view returns (address)',
  'function delegateBySig(address delegatee, uint256 nonce, uint256 expiry, uint8 v, bytes32 r, bytes32 s)',
])

const pageMinutes = 10
const signatureHours = 24

/** Relays waiting delegations; `core/delegates/jobs/delegate.ts` runs it. */
export const delegation = declareJob('delegate', z.object({}))

type Page = { personId: string; daoId: string; to: string | undefined }
const pageSchema = z.object({
  personId: z.string(),
  daoId: z.string(),
  to: z.string().optional(),
})

/** A page on which one of the person's wallets signs a delegation: to `to`, or to itself. */
export async function openDelegation(
  ctx: Context,
  params: { person: Person; dao: DaoRow; to?: Address | undefined },
): Promise<{ url: string; expiresAt: number }> {
  if (!params.dao.token) throw new UserError(`${params.dao.name} has no token that could be delegated.`)
  if (!ctx.chain.relayer)
    throw new UserError('No relayer is set up here, so delegate from your wallet directly.', {
      hint: `The token is ${params.dao.token}.`,
    })
  const id = randomBytes(16).toString('base64url')
  const page: Page = {
    personId: params.person.id,
    daoId: params.dao.id,
    to: params.to,
  }
  await ctx.kv('delegation').set(id, page, pageMinutes * 60_000)
  return { url: pageUrl(ctx.config, `/d/${id}`), expiresAt: Math.floor(ctx.now() / 1000) + pageMinutes * 60 }
}

export async function delegationPage(
  ctx: Context,
  params: { id: string },
): Promise<{ dao: DaoRow; wallets: string[]; to: string | undefined }> {
  const found = pageSchema.safeParse(await ctx.kv('delegation').get(params.id))
  if (!found.success) throw new UserError('This delegation page has expired.', { hint: '/power', code: 'expired' })
  const dao = await ctx.db.selectFrom('dao').selectAll().where('id', '=', found.data.daoId).executeTakeFirst()
  if (!dao) throw new UserError('This DAO is no longer watched.', { code: 'unknown' })
  // As they are linked now: what was unlinked or erased meanwhile is nobody's to see here.
  const { wallets } = await personById(ctx.db, found.data.personId)
  if (wallets.length === 0)
    throw new UserError('The chat account that asked for this page is not linked any more.', {
      hint: '/link',
      code: 'not-linked',
    })
  return { dao, wallets: wallets.map((wallet) => wallet.address), to: found.data.to }
}

export type DelegationTypedData = {
  domain: TokenDomain
  types: typeof delegationTypes & { EIP712Domain: { name: string; type: string }[] }
  primaryType: 'Delegation'
  message: { delegatee: Address; nonce: string; expiry: string }
}

export async function delegationTypedData(
  ctx: Context,
  params: { id: string; address: string },
): Promise<DelegationTypedData> {
  const page = await delegationPage(ctx, params)
  const delegator = ownWallet(page.wallets, params.address)
  const token = page.dao.token as Address
  const expiry = Math.floor(ctx.now() / 1000) + signatureHours * 3600
  const typedData = await typedDataOf(ctx, {
    token,
    delegator,
    delegatee: page.to ? getAddress(page.to) : delegator,
    expiry: BigInt(expiry),
  })
  // The signature must answer what was shown, so what was shown is kept beside the page.
  await ctx.kv('delegation-text').set(`${params.id}/${delegator}`, typedData.message, pageMinutes * 60_000)
  return typedData
}

/** Verifies, tries it on the token, stores it; only then is it acknowledged. */
export async function acceptDelegation(
  ctx: Context,
  params: { id: string; address: string; signature: string },
): Promise<{ id: string }> {
  const page = await delegationPage(ctx, params)
  const delegator = ownWallet(page.wallets, params.address)
  const token = page.dao.token as Address
  const shown = z
    .object({ delegatee: z.string(), nonce: z.string(), expiry: z.string() })
    .safeParse(await ctx.kv('delegation-text').get(`${params.id}/${delegator}`))
  if (!shown.success)
    throw new UserError('Open the page again: nothing was shown for this wallet yet.', {
      hint: '/power',
      code: 'expired',
    })
  const signature = z
    .string()
    .regex(/^0x[0-9a-fA-F]{130}$/)
    .safeParse(params.signature)
  if (!signature.success)
    throw new UserError(
      'This is not a signature of a plain wallet. A contract wallet delegates by a transaction of its own.',
      { code: 'signature' },
    )
  const typedData = await typedDataOf(ctx, {
    token,
    delegator,
    delegatee: getAddress(shown.data.delegatee),
    expiry: BigInt(shown.data.expiry),
  })
  if (typedData.message.nonce !== shown.data.nonce)
    throw new UserError('This wallet delegated in the meantime, so the signed text is out of date.', {
      hint: '/power',
      code: 'nonce',
    })
  const message = {
    delegatee: typedData.message.delegatee,
    nonce: BigInt(typedData.message.nonce),
    expiry: BigInt(typedData.message.expiry),
  }
  const signed = { ...typedData, types: delegationTypes, message }
  const signer = await recoverTypedDataAddress({ ...signed, signature: signature.data as Hex }).catch(() => undefined)
  if (signer !== delegator)
    throw new UserError('Another wallet signed this.', {
      hint: `Choose ${delegator} in your wallet and sign again.`,
      code: 'signer',
    })
  const data = delegateCall({ ...message, signature: signature.data as Hex })
  await tryOnToken(ctx, { token, data })
  const id = hashTypedData(signed)
  await ctx.db.transaction().execute(async (trx) => {
    await trx
      .insertInto('delegation')
      .values({
        id,
        token,
        delegator,
        delegatee: message.delegatee,
        nonce: typedData.message.nonce,
        expiry: typedData.message.expiry,
        signature: signature.data,
        state: 'accepted',
        intent_id: null,
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute()
    await ctx.queue.send(trx, delegation, {}, { key: 'delegate' })
  })
  return { id }
}

/** How far a delegation has come: the token's own word decides. */
export async function delegationState(
  ctx: Context,
  params: { id: string },
): Promise<{ state: 'accepted' | 'sent' | 'done' | 'failed'; delegatee: string }> {
  const row = await ctx.db
    .selectFrom('delegation')
    .select(['state', 'delegatee'])
    .where('id', '=', params.id)
    .executeTakeFirst()
  if (!row) throw new UserError('There is no such delegation.', { code: 'unknown' })
  return row
}

/** Every waiting delegation as one transaction; one that fails on chain never sinks the others. */
export function delegationBatch(
  multicallAddress: Address,
  rows: readonly { id: string; token: string; delegatee: string; nonce: string; expiry: string; signature: string }[],
): { ids: string[]; to: Address; data: Hex }[] {
  const tokens = [...new Set(rows.map((row) => row.token))]
  return tokens.map((token) => ({
    ids: rows.filter((row) => row.token === token).map((row) => row.id),
    to: multicallAddress,
    data: encodeFunctionData({
      abi: multicall.abi,
      functionName: 'tryAll',
      args: [
        token as Address,
        rows
          .filter((row) => row.token === token)
          .map((row) =>
            delegateCall({
              delegatee: row.delegatee as Address,
              nonce: BigInt(row.nonce),
              expiry: BigInt(row.expiry),
              signature: row.signature as Hex,
            }),
          ),
      ],
    }),
  }))
}

/** The delegate a token names now; the outcome of a relayed delegation is read here, not from a receipt. */
export async function delegateOf(
  ctx: Pick<Context, 'chain'>,
  params: { token: string; account: string },
): Promise<{ delegate: string; nonce: bigint }> {
  const token = { abi: tokenAbi, address: params.token as Address } as const
  const [delegate, nonce] = await Promise.all([
    ctx.chain.client.readContract({ ...token, functionName: 'delegates', args: [params.account as Address] }),
    ctx.chain.client.readContract({ ...token, functionName: 'nonces', args: [params.account as Address] }),
  ])
  return { delegate, nonce }
}

async function typedDataOf(
  ctx: Context,
  params: { token: Address; delegator: Address; delegatee: Address; expiry: bigint },
): Promise<DelegationTypedData> {
  const token = { abi: tokenAbi, address: params.token } as const
  const domain = await delegationDomain(ctx, params.token)
  if (!domain)
    throw new UserError('This token takes no signed delegation that AutoCo knows.', {
      hint: `Delegate from your wallet directly. The token is ${params.token}.`,
      code: 'refused',
    })
  const nonce = await ctx.chain.client
    .readContract({ ...token, functionName: 'nonces', args: [params.delegator] })
    .catch((cause: unknown) => {
      throw new RetryableError('The token does not answer.', { cause })
    })
  return {
    domain,
    types: { EIP712Domain: getTypesForEIP712Domain({ domain }), ...delegationTypes },
    primaryType: 'Delegation',
    message: { delegatee: params.delegatee, nonce: nonce.toString(), expiry: params.expiry.toString() },
  }
}

function delegateCall(params: { delegatee: Address; nonce: bigint; expiry: bigint; signature: Hex }): Hex {
  const { r, s, yParity } = parseSignature(params.signature)
  return encodeFunctionData({
    abi: tokenAbi,
    functionName: 'delegateBySig',
    args: [params.delegatee, params.nonce, params.expiry, 27 + yParity, r, s],
  })
}

async function tryOnToken(ctx: Context, params: { token: Address; data: Hex }): Promise<void> {
  try {
    await ctx.chain.client.call({ to: params.token, data: params.data })
  } catch (cause) {
    throw new UserError('The token refuses this delegation.', { hint: '/power', code: 'refused', cause })
  }
}

function ownWallet(wallets: readonly string[], address: string): Address {
  const wanted = wallets.find((wallet) => wallet.toLowerCase() === address.toLowerCase())
  if (!wanted)
    throw new UserError('This wallet is not linked to your account.', { hint: '/link', code: 'foreign-wallet' })
  return getAddress(wanted)
}
