import { randomBytes } from 'node:crypto'
import { keccak256, stringToHex, toHex, type Hex } from 'viem'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { UserError } from '../errors.ts'
import { privateChannel, type Caller } from '../platform.ts'
import { seal, unseal } from '../seal.ts'

export const freshSalt = (): Hex => toHex(randomBytes(32))

const hex = z.string().regex(/^0x[0-9a-f]*$/) as unknown as z.ZodType<Hex>

const deliverySchema = z.object({
  deliverable: hex,
  cid: z.string(),
  contributors: z.array(z.coerce.bigint()),
  salt: hex,
})
export type Delivery = z.output<typeof deliverySchema>

const ratingSchema = z.object({ rating: z.number(), reason: z.string(), salt: hex })
export type Rating = z.output<typeof ratingSchema>

type Place = { challengeId: string; commitment: Hex }
type Kept = { task: number; dao: number; reviewer?: string | undefined; tell?: Caller | undefined }

/** Keeps what a commitment stands for, so that it can be shown when its time has come. It is of no use without the commitment. */
export async function keepSealed(
  ctx: Pick<Context, 'db' | 'config' | 'chain'>,
  params: Place & Kept & ({ kind: 'delivery'; content: Delivery } | { kind: 'rating'; content: Rating }),
): Promise<void> {
  const { challengeId, commitment, task, dao, kind, reviewer, tell } = params
  const told = tell && privateChannel(tell)
  const words = JSON.stringify(params.content, (_, each: unknown) =>
    typeof each === 'bigint' ? each.toString() : each,
  )
  await ctx.db
    .insertInto('sealed_work')
    .values({
      challenge_id: challengeId,
      commitment,
      task,
      kind,
      dao,
      reviewer: reviewer?.toLowerCase() ?? null,
      platform: told?.platform ?? null,
      channel: told?.id ?? null,
      sealed: seal(await keyOf(ctx), words, about({ challengeId, commitment })),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export const openDelivery = (
  ctx: Pick<Context, 'db' | 'config' | 'chain'>,
  place: Place,
): Promise<Delivery | undefined> => opened(ctx, place, deliverySchema)

export const openRating = (ctx: Pick<Context, 'db' | 'config' | 'chain'>, place: Place): Promise<Rating | undefined> =>
  opened(ctx, place, ratingSchema)

async function opened<T>(
  ctx: Pick<Context, 'db' | 'config' | 'chain'>,
  place: Place,
  schema: z.ZodType<T>,
): Promise<T | undefined> {
  const row = await ctx.db
    .selectFrom('sealed_work')
    .select('sealed')
    .where('challenge_id', '=', place.challengeId)
    .where('commitment', '=', place.commitment)
    .executeTakeFirst()
  return row && schema.parse(JSON.parse(unseal(await keyOf(ctx), row.sealed, about(place))))
}

const about = ({ challengeId, commitment }: Place): string => `sealed/${challengeId}/${commitment}`

/** The operator's key; else one that only the holder of the relayer's key can make. */
async function keyOf({ config, chain }: Pick<Context, 'config' | 'chain'>): Promise<string> {
  if (config.SECRETS_KEY !== undefined) return config.SECRETS_KEY
  if (!chain.relayer)
    throw new UserError('AutoCo has no key here to keep work sealed with.', {
      hint: 'Who runs it can set SECRETS_KEY.',
      code: 'config',
    })
  return keccak256(await chain.relayer.signMessage({ message: 'AutoCo keeps work sealed.' })).slice(2)
}

/** What stands on the chain for a piece of work that is a link or a text. */
export const deliverableOf = (link: string): Hex =>
  /^0x[0-9a-f]{64}$/i.test(link) ? (link.toLowerCase() as Hex) : keccak256(stringToHex(link))
