import type { Address, Hex } from 'viem'
import { zeroAddress } from 'viem'
import { autoIds } from '../../contracts/generated.ts'
import type { ActionTypedData, Step } from '../actions/open.ts'
import type { Context } from '../context.ts'
import { RetryableError, UserError } from '../errors.ts'

const validSeconds = 86_400n
const agent = 3

type Field = { name: string; type: string }
const field = (name: string, type: string): Field => ({ name, type })
/** Every signed act of the registry ends so. */
const last = [field('nonce', 'uint256'), field('deadline', 'uint256')]

const types = {
  Registration: [
    field('controller', 'address'),
    field('kind', 'uint8'),
    field('issuer', 'uint256'),
    field('validUntil', 'uint48'),
    field('certificate', 'bytes32'),
    ...last,
  ],
  VotingKey: [
    field('id', 'uint256'),
    field('key', 'address'),
    field('scope', 'address'),
    field('expiry', 'uint48'),
    ...last,
  ],
  Rotation: [field('id', 'uint256'), field('to', 'address'), ...last],
  RotationCancel: [field('id', 'uint256'), ...last],
  Revocation: [field('id', 'uint256'), ...last],
  Deactivation: [field('id', 'uint256'), ...last],
} satisfies Record<string, Field[]>

type Chained = Pick<Context, 'chain'>

/** The issuer agrees, then the agent's own wallet: both to the same words. */
export async function registerAgent(
  ctx: Chained,
  params: { agent: Address; issuer: bigint; issuerWallet: Address; validUntil: bigint; certificate: Hex },
): Promise<Step[]> {
  const { issuerWallet, issuer, validUntil, certificate } = params
  const act = await actOf(ctx, 'Registration', params.agent, {
    controller: params.agent,
    kind: agent,
    issuer,
    validUntil,
    certificate,
  })
  const abi =
    'function register((address controller, uint8 kind, uint256 issuer, uint48 validUntil, bytes32 certificate, uint256 nonce, uint256 deadline) r, bytes signature, bytes issuerSignature)'
  return [
    {
      kind: 'sign',
      label: `Issue the agent's Auto ID, as Auto ID ${issuer}`,
      signer: issuerWallet,
      typedData: act.typedData,
    },
    {
      kind: 'sign',
      label: 'Take it, as the agent',
      signer: params.agent,
      typedData: act.typedData,
      relay: { to: act.to, abi, args: [act.message, '$signature', '$signature0'] },
    },
  ]
}

/** `expiry` 0 takes the key away. */
export async function setKey(
  ctx: Chained,
  params: { id: bigint; controller: Address; key: Address; scope: Address | undefined; expiry: bigint; label: string },
): Promise<Step[]> {
  const { id, controller, key, scope = zeroAddress, expiry, label } = params
  const act = await actOf(ctx, 'VotingKey', controller, { id, key, scope, expiry })
  const abi =
    'function setKeyBySig(uint256 id, address key, address scope, uint48 expiry, uint256 nonce, uint256 deadline, bytes signature)'
  const args = [id, key, scope, expiry, act.nonce, act.deadline, '$signature']
  return [{ kind: 'sign', label, typedData: act.typedData, relay: { to: act.to, abi, args } }]
}

/** The new wallet agrees first, then the one that has the id. */
export async function announceRotation(
  ctx: Chained,
  { id, controller, to }: { id: bigint; controller: Address; to: Address },
): Promise<Step[]> {
  const act = await actOf(ctx, 'Rotation', controller, { id, to })
  const abi =
    'function announceRotation(uint256 id, address to, address by, uint256 nonce, uint256 deadline, bytes signature, bytes acceptance)'
  const args = [id, to, controller, act.nonce, act.deadline, '$signature', '$signature0']
  return [
    { kind: 'sign', label: 'Accept it, as the new wallet', signer: to, typedData: act.typedData },
    {
      kind: 'sign',
      label: 'Announce it, as the wallet that has it',
      typedData: act.typedData,
      relay: { to: act.to, abi, args },
    },
  ]
}

export async function cancelRotation(
  ctx: Chained,
  { id, controller }: { id: bigint; controller: Address },
): Promise<Step[]> {
  const act = await actOf(ctx, 'RotationCancel', controller, { id })
  const abi = 'function cancelRotationBySig(uint256 id, address by, uint256 nonce, uint256 deadline, bytes signature)'
  const args = [id, controller, act.nonce, act.deadline, '$signature']
  return [
    { kind: 'sign', label: 'Take the announcement back', typedData: act.typedData, relay: { to: act.to, abi, args } },
  ]
}

/** By the issuer's wallet (`Revocation`) or by its own (`Deactivation`). */
export async function endId(
  ctx: Chained,
  { id, wallet, how }: { id: bigint; wallet: Address; how: 'Revocation' | 'Deactivation' },
): Promise<Step[]> {
  const act = await actOf(ctx, how, wallet, { id })
  const name = how === 'Revocation' ? 'revokeBySig' : 'deactivateBySig'
  const abi = `function ${name}(uint256 id, uint256 nonce, uint256 deadline, bytes signature)`
  const args = [id, act.nonce, act.deadline, '$signature']
  return [
    { kind: 'sign', label: `End Auto ID ${id} for ever`, typedData: act.typedData, relay: { to: act.to, abi, args } },
  ]
}

/** The unix second until which something is valid from now, by the chain's clock; 0 for no end. */
export async function validUntil(ctx: Chained, seconds: bigint | undefined): Promise<bigint> {
  return seconds === undefined ? 0n : (await chainTime(ctx)) + seconds
}

type Act = {
  to: Address
  typedData: ActionTypedData
  message: Record<string, unknown>
  nonce: bigint
  deadline: bigint
}

async function actOf(
  ctx: Chained,
  primaryType: keyof typeof types,
  signer: Address,
  words: Record<string, unknown>,
): Promise<Act> {
  if (!ctx.chain.relayer)
    throw new UserError('No relayer is set up here, so nothing signed can be sent.', {
      hint: `The registry of Auto IDs is ${ctx.chain.addresses.autoIds}.`,
      code: 'relayer',
    })
  const to = ctx.chain.addresses.autoIds
  const [nonce, now] = await Promise.all([
    ctx.chain.client
      .readContract({ abi: autoIds.abi, address: to, functionName: 'nonces', args: [signer] })
      .catch((cause: unknown) => {
        throw new RetryableError('The registry of Auto IDs does not answer.', { cause })
      }),
    chainTime(ctx),
  ])
  const deadline = now + validSeconds
  const message = { ...words, nonce, deadline }
  const domain = { name: 'AutoIds', version: '1', chainId: ctx.chain.id, verifyingContract: to }
  return {
    to,
    nonce,
    deadline,
    message,
    typedData: { domain, types: { [primaryType]: types[primaryType] }, primaryType, message },
  }
}

async function chainTime(ctx: Chained): Promise<bigint> {
  try {
    return (await ctx.chain.client.getBlock()).timestamp
  } catch (cause) {
    throw new RetryableError('The chain does not answer.', { cause })
  }
}
