import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { UserError } from '../errors.ts'
import type { Caller } from '../platform.ts'
import { planSchema, type DaoPlan } from './plan.ts'

const keptMs = 7 * 86_400_000
const draftSchema = z.object({ plan: planSchema, salt: z.string() })

/** A DAO that is being thought up; `salt` is part of the address it will have. */
export type DaoDraft = { plan: DaoPlan; salt: `0x${string}` }

const keyOf = ({ platform, workspace, user }: Caller): string => `${platform}/${workspace}/${user}`

/** One a person: a new one takes the place of the last. */
export async function keepDraft(
  ctx: Pick<Context, 'kv'>,
  params: { caller: Caller; plan: DaoPlan; salt?: DaoDraft['salt'] },
): Promise<DaoDraft> {
  const draft = { plan: params.plan, salt: params.salt ?? (`0x${randomBytes(32).toString('hex')}` as const) }
  await ctx.kv('dao-draft').set(keyOf(params.caller), draft, keptMs)
  return draft
}

export async function findDraft(ctx: Pick<Context, 'kv'>, caller: Caller): Promise<DaoDraft> {
  const found = draftSchema.safeParse(await ctx.kv('dao-draft').get(keyOf(caller)))
  if (found.success) return found.data as DaoDraft
  throw new UserError('You have no DAO in the making.', { hint: '/dao-new', code: 'unknown' })
}
