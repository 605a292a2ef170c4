import { getAbiItem, hexToString, zeroAddress, zeroHash, type Address, type Hex } from 'viem'
import { autoIds } from '../../contracts/generated.ts'
import type { Context } from '../context.ts'
import { RetryableError, UserError } from '../errors.ts'
import { ask } from '../chain/ask.ts'
import { kindNames, type AutoIdKind } from '../identity/auto-id.ts'
import { readMandate } from './mandate.ts'

/** One Auto ID as the registry holds it; times in unix seconds. */
export type IdRecord = {
  id: bigint
  kind: AutoIdKind
  controller: Address
  issuer: bigint
  validUntil: number
  certificate: Hex | undefined
  /** Why it ended for itself; an issuer's end is the issuer's. */
  ended: 'revoked' | 'deactivated' | 'expired' | undefined
  rotation: { to: Address; at: number } | undefined
}

export type VotingKey = { key: Address; scope: Address | undefined; expiry: number }
export type Score = { attestor: bigint; topic: string; score: number }

/** Everything that can be said of an Auto ID. Keys and scores are undefined where the node does not list old logs. */
export type IdFacts = IdRecord & {
  issuers: IdRecord[]
  isLive: boolean
  mandate: string | undefined
  keys: VotingKey[] | undefined
  scores: Score[] | undefined
}

type Chained = Pick<Context, 'chain'>

const registryOf = ({ chain }: Chained) => ({ abi: autoIds.abi, address: chain.addresses.autoIds }) as const

export async function readId(ctx: Chained & Pick<Context, 'db'>, id: bigint): Promise<IdFacts> {
  const record = await readRecord(ctx, id)
  if (!record) throw new UserError(`There is no Auto ID ${id}.`, { hint: '/id', code: 'unknown' })
  const [issuers, isLive, keys, scores, mandate] = await Promise.all([
    issuersOf(ctx, record),
    ask(() => ctx.chain.client.readContract({ ...registryOf(ctx), functionName: 'isLive', args: [id] })),
    keysOf(ctx, id),
    scoresOf(ctx, id),
    record.certificate && readMandate(ctx, record.certificate),
  ])
  return { ...record, issuers, isLive, keys, scores, mandate }
}

/** Undefined for a number that was never given. */
export async function readRecord(ctx: Chained, id: bigint): Promise<IdRecord | undefined> {
  const { client } = ctx.chain
  const [said, block] = await Promise.all([
    client.readContract({ ...registryOf(ctx), functionName: 'record', args: [id] }),
    client.getBlock(),
  ]).catch((cause: unknown) => {
    throw new RetryableError('The registry of Auto IDs does not answer.', { cause })
  })
  const kind = kindNames[said.kind]
  if (!kind) return undefined
  const isOver = said.validUntil !== 0 && block.timestamp > BigInt(said.validUntil)
  return {
    id,
    kind,
    controller: said.controller,
    issuer: said.issuer,
    validUntil: said.validUntil,
    certificate: said.certificate === zeroHash ? undefined : said.certificate,
    ended: said.revoked ? 'revoked' : said.deactivated ? 'deactivated' : isOver ? 'expired' : undefined,
    rotation: said.nextController === zeroAddress ? undefined : { to: said.nextController, at: said.rotatesAt },
  }
}

/** The next issuer first. */
async function issuersOf(ctx: Chained, record: IdRecord): Promise<IdRecord[]> {
  if (record.issuer === 0n) return []
  const issuer = await readRecord(ctx, record.issuer)
  return issuer ? [issuer, ...(await issuersOf(ctx, issuer))] : []
}

/** Those that may sign now: the registry's word about every key that it ever logged for this id. */
async function keysOf(ctx: Chained, id: bigint): Promise<VotingKey[] | undefined> {
  const event = getAbiItem({ abi: autoIds.abi, name: 'KeySet' })
  const logs = await ctx.chain.client
    .getLogs({ address: ctx.chain.addresses.autoIds, event, args: { id }, fromBlock: 0n, strict: true })
    .catch(() => undefined)
  if (!logs) return undefined
  const newest = new Map(logs.map(({ args }) => [`${args.key}/${args.scope}`, args]))
  const checked = await Promise.all(
    [...newest.values()].map(async ({ key, scope, expiry }) => {
      const isGood = await ask(() =>
        ctx.chain.client.readContract({ ...registryOf(ctx), functionName: 'keyOk', args: [id, key, scope] }),
      )
      return isGood && expiry !== 0 ? [{ key, scope: scope === zeroAddress ? undefined : scope, expiry }] : []
    }),
  )
  return checked.flat()
}

/** What organisations say of it now. */
async function scoresOf(ctx: Chained, id: bigint): Promise<Score[] | undefined> {
  const event = getAbiItem({ abi: autoIds.abi, name: 'Attested' })
  const logs = await ctx.chain.client
    .getLogs({ address: ctx.chain.addresses.autoIds, event, args: { id }, fromBlock: 0n, strict: true })
    .catch(() => undefined)
  if (!logs) return undefined
  const newest = new Map(logs.map(({ args }) => [`${args.attestor}/${args.topic}`, args]))
  return [...newest.values()].flatMap(({ attestor, topic, score }) =>
    score === 0 ? [] : [{ attestor, topic: topicWords(topic), score }],
  )
}

/** A topic is a short word in bytes, or a hash. */
function topicWords(topic: Hex): string {
  const words = hexToString(topic, { size: 32 })
  return /^[\w .:-]{1,32}$/.test(words) ? words : `${topic.slice(0, 10)}…`
}
