import { sql } from 'kysely'
import type { Context } from '../context.ts'
import type { EffectRow } from '../db/tables/chat.ts'
import { RetryableError } from '../errors.ts'
import { GoneError, type MessageRef, type Messenger } from '../platform.ts'
import type { View } from '../view.ts'
import { retire } from './retire.ts'

type Delivering = Pick<Context, 'db' | 'log' | 'now' | 'queue'>

/** Longer than any platform call may take: a worker that died in the middle holds the message back no longer than this. */
const leaseMs = 30_000
/** A platform that hangs keeps its message no longer than that. */
const callMs = 25_000
const busyMs = 1_000
/** Without a wait that the platform asked for, each further try waits twice as long. */
const firstPauseMs = 1_000
const longestPauseMs = 600_000

/** `was_sending`: an earlier worker was about to send it, and nobody heard how that went. */
export type Leased = EffectRow & { was_sending: boolean }

/**
 * Brings one message to what it should show, if nobody else is at it. The newest view always wins and two edits of one
 * message never overtake one another, because one worker holds the message while it speaks to the platform, and looks
 * again before it lets go.
 */
export async function deliver(ctx: Delivering, platform: Messenger, key: string): Promise<void> {
  for (;;) {
    const [effect] = await lease(ctx, { platform: platform.name, key, most: 1 })
    if (!effect) return await refuseBusy(ctx, key)
    await deliverLeased(ctx, platform, effect)
  }
}

/** Shows what was leased, and lets go of it. Throws what kept it from being shown. */
export async function deliverLeased(ctx: Delivering, platform: Messenger, effect: Leased): Promise<void> {
  try {
    await within(callMs, show(ctx, platform, effect))
  } catch (error) {
    if (error instanceof GoneError) return await retire(ctx, effect, error)
    await release(ctx, effect, error)
    throw error
  }
}

/** Takes messages that are not what they should be for this worker, those of private conversations first: somebody waits there. */
export async function lease(
  ctx: Pick<Context, 'db' | 'now'>,
  { platform, key, except = [], most }: { platform: string; key?: string; except?: readonly string[]; most: number },
): Promise<Leased[]> {
  const now = new Date(ctx.now())
  const { rows } = await sql<Leased>`
    with due as (
      select effect.key, effect.state from effect
      left join effect as parent on parent.key = effect.under
      where effect.platform = ${platform} and effect.state <> 'gone'
        and effect.shown_hash is distinct from effect.wanted_hash
        and (effect.leased_until is null or effect.leased_until <= ${now})
        and (effect.not_before is null or effect.not_before <= ${now})
        and (parent.key is null or parent.ref is not null or parent.state = 'gone')
        and (${key ?? null}::text is null or effect.key = ${key ?? null})
        and effect.key <> all(${[...except]}::text[])
      order by effect.channel like '@%' desc, effect.updated_at, effect.key
      limit ${most} for update of effect skip locked
    )
    update effect set
      leased_until = ${new Date(now.getTime() + leaseMs)},
      attempts = effect.attempts + 1,
      state = case when effect.ref is null then 'sending' else effect.state end
    from due where effect.key = due.key
    returning effect.*, due.state = 'sending' as was_sending`.execute(ctx.db)
  return rows
}

async function refuseBusy(ctx: Pick<Context, 'db' | 'now'>, key: string): Promise<void> {
  const effect = await ctx.db.selectFrom('effect').selectAll().where('key', '=', key).executeTakeFirst()
  if (!effect || effect.state === 'gone' || effect.wanted_hash === effect.shown_hash) return
  const waitMs = (effect.not_before?.getTime() ?? 0) - ctx.now()
  throw new RetryableError('This message has to wait.', { afterMs: Math.max(waitMs, busyMs) })
}

async function show(ctx: Pick<Context, 'db'>, platform: Messenger, effect: Leased): Promise<void> {
  const view = effect.view as View
  const known = effect.ref as MessageRef | null
  const ref =
    known ??
    (await platform.send({ platform: effect.platform, id: effect.channel }, view, {
      key: effect.key,
      under: await parentOf(ctx, effect),
      maybeSent: effect.was_sending,
    }))
  if (known) await platform.edit(known, view)
  await ctx.db
    .updateTable('effect')
    .set({
      state: 'sent',
      ref: JSON.stringify(ref),
      shown_hash: effect.wanted_hash,
      leased_until: null,
      not_before: null,
      attempts: 0,
      updated_at: new Date(),
    })
    .where('key', '=', effect.key)
    .execute()
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new RetryableError('The platform does not answer.', { maybeDone: true })), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** The message whose thread this one belongs to; where it is gone, the thread is too, and the channel takes the message. */
async function parentOf(ctx: Pick<Context, 'db'>, { under }: EffectRow): Promise<MessageRef | undefined> {
  if (under === null) return undefined
  const parent = await ctx.db.selectFrom('effect').select(['state', 'ref']).where('key', '=', under).executeTakeFirst()
  return parent?.state === 'gone' ? undefined : ((parent?.ref as MessageRef | null | undefined) ?? undefined)
}

/** A platform that asked to wait has sent nothing; after any other fault nobody knows. */
async function release(
  ctx: Pick<Context, 'db' | 'now'>,
  { key, ref, was_sending, attempts }: Leased,
  error: unknown,
): Promise<void> {
  const isUnsent = ref === null && !was_sending && error instanceof RetryableError && !error.maybeDone
  const asked = error instanceof RetryableError ? error.afterMs : undefined
  const pauseMs = asked ?? Math.min(firstPauseMs * 2 ** Math.min(attempts - 1, 20), longestPauseMs)
  await ctx.db
    .updateTable('effect')
    .set({
      leased_until: null,
      not_before: new Date(ctx.now() + pauseMs),
      // A wait that was asked for is no failure.
      ...(asked === undefined ? {} : { attempts: Math.max(attempts - 1, 0) }),
      ...(isUnsent ? { state: 'planned' as const } : {}),
    })
    .where('key', '=', key)
    .execute()
}
