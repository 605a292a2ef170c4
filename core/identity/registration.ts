import { getAddress, hashTypedData, zeroHash, type Address, type Hex } from 'viem'
import { z } from 'zod'
import { autoIds } from '../../contracts/generated.ts'
import type { Context } from '../context.ts'
import { crashpoint } from '../crashpoint.ts'
import type { RegistrationRow } from '../db/tables/identity.ts'
import { RetryableError, UserError } from '../errors.ts'
import { declareJob } from '../job.ts'
import { proveSignature } from './signature.ts'
import { heldTicket, type TicketHolder } from './ticket.ts'

const validSeconds = 7n * 86_400n
const person = 1

const types = {
  EIP712Domain: [
    { name: 'name', type: 'string' },
    { name: 'version', type: 'string' },
    { name: 'chainId', type: 'uint256' },
    { name: 'verifyingContract', type: 'address' },
  ],
  Registration: [
    { name: 'controller', type: 'address' },
    { name: 'kind', type: 'uint8' },
    { name: 'issuer', type: 'uint256' },
    { name: 'validUntil', type: 'uint48' },
    { name: 'certificate', type: 'bytes32' },
    { name: 'nonce', type: 'uint256' },
    { name: 'deadline', type: 'uint256' },
  ],
} as const

/** What of the message may differ; everything else is fixed: a person, without issuer, end or certificate. */
const signedFields = z.object({ controller: z.string(), nonce: z.string(), deadline: z.string() })
type SignedFields = z.infer<typeof signedFields>

type RegistrationTypedData = {
  domain: { name: string; version: string; chainId: number; verifyingContract: Address }
  types: typeof types
  primaryType: 'Registration'
  message: {
    controller: Address
    kind: number
    issuer: string
    validUntil: string
    certificate: Hex
    nonce: string
    deadline: string
  }
}
export type RegistrationOffer = { typedData: RegistrationTypedData; digest: Hex }

/** Relays signed registrations of linked wallets; `core/ids/jobs/register.ts` runs it. */
export const registration = declareJob('register', z.object({}))

/** Takes seats for linked wallets that have an Auto ID; `core/ids/jobs/enrol.ts` runs it. */
export const enrol = declareJob('enrol', z.object({}))

/** What a wallet without an Auto ID may sign to get one; undefined when nobody here could relay it. */
export async function offerRegistration(ctx: Context, address: Address): Promise<RegistrationOffer | undefined> {
  if (!ctx.chain.relayer) return undefined
  const { client, addresses } = ctx.chain
  const [nonce, block] = await Promise.all([
    client.readContract({ abi: autoIds.abi, address: addresses.autoIds, functionName: 'nonces', args: [address] }),
    client.getBlock(),
  ]).catch((cause: unknown) => {
    throw new RetryableError('The registry of Auto IDs does not answer.', { cause })
  })
  const deadline = block.timestamp + validSeconds
  return offerOf(ctx, { controller: address, nonce: nonce.toString(), deadline: deadline.toString() })
}

/** Stores the signature over what was offered; it is relayed once the wallet is linked. */
export async function signRegistration(
  ctx: Context,
  { ticket, cookie, signature }: TicketHolder & { signature: string },
): Promise<{ state: RegistrationRow['state'] }> {
  const row = await heldTicket(ctx, { ticket, cookie }, { mayBeUsed: true })
  const offered = signedFields.safeParse(row.registration)
  if (!offered.success)
    throw new UserError('There is no Auto ID to register here.', {
      hint: 'Sign the link first; a wallet that has an Auto ID needs no second one.',
      code: 'step',
    })
  const { digest, typedData } = offerOf(ctx, offered.data)
  const proof = await proveSignature(ctx, { address: typedData.message.controller, hash: digest, signature })
  await ctx.db.transaction().execute(async (trx) => {
    await trx
      .insertInto('registration')
      .values({
        digest,
        chain_id: ctx.chain.id,
        controller: typedData.message.controller,
        payload: JSON.stringify(offered.data),
        signature: proof.signature,
        state: 'accepted',
      })
      .onConflict((conflict) => conflict.column('digest').doNothing())
      .execute()
    await ctx.queue.send(trx, registration, {}, { key: 'register' })
  })
  crashpoint(ctx, 'register.accept')
  const { state } = await ctx.db
    .selectFrom('registration')
    .select('state')
    .where('digest', '=', digest)
    .executeTakeFirstOrThrow()
  return { state }
}

/** The stored payload as the registry takes it. */
export function registrationCall(payload: unknown): {
  controller: Address
  kind: number
  issuer: bigint
  validUntil: number
  certificate: Hex
  nonce: bigint
  deadline: bigint
} {
  const { controller, nonce, deadline } = signedFields.parse(payload)
  return {
    controller: getAddress(controller),
    kind: person,
    issuer: 0n,
    validUntil: 0,
    certificate: zeroHash,
    nonce: BigInt(nonce),
    deadline: BigInt(deadline),
  }
}

/** The part of an offer that has to be kept to make it again. */
export const offeredFields = ({ typedData }: RegistrationOffer): string =>
  JSON.stringify(signedFields.parse(typedData.message))

function offerOf(ctx: Pick<Context, 'chain'>, fields: SignedFields): RegistrationOffer {
  const call = registrationCall(fields)
  const domain = {
    name: 'AutoIds',
    version: '1',
    chainId: ctx.chain.id,
    verifyingContract: ctx.chain.addresses.autoIds,
  }
  const digest = hashTypedData({
    domain: { ...domain, chainId: BigInt(domain.chainId) },
    types,
    primaryType: 'Registration',
    message: call,
  })
  const message = {
    controller: call.controller,
    kind: call.kind,
    issuer: '0',
    validUntil: '0',
    certificate: call.certificate,
    nonce: fields.nonce,
    deadline: fields.deadline,
  }
  return { typedData: { domain, types, primaryType: 'Registration', message }, digest }
}
