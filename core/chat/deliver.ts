import type { Context } from '../context.ts'
import type { EffectRow } from '../db/tables/chat.ts'
import { RetryableError } from '../errors.ts'
import { GoneError, type MessageRef, type Platform } from '../platform.ts'
import type { View } from '../view.ts'

/** Longer than any platform call may take: a worker that died in the middle holds the message back no longer than this. */
const leaseMs = 20_000
const busyMs = 1_000

/** `wasSending`: an earlier worker was about to send it, and nobody heard how that went. */
type Leased = EffectRow & { wasSending: boolean }

export type Platforms = (name: string) => Platform | undefined

/**
 * Brings one message to what it should show. The newest view always wins and two edits of one message never overtake
 * one another, because one worker holds the message while it speaks to the platform, and looks again before it lets go.
 */
export async function deliver(
  ctx: Pick<Context, 'db' | 'log' | 'now'>,
  platforms: Platforms,
  key: string,
): Promise<void> {
  for (;;) {
    const effect = await lease(ctx, key)
    if (!effect) return
    try {
      await show(ctx, platforms, effect)
    } catch (error) {
      if (error instanceof GoneError) return await retire(ctx, effect, error)
      await release(ctx, effect, error)
      throw error
    }
  }
}

/** Takes the message for this worker; nothing to do is `undefined`, somebody else at it is a wait. */
async function lease(ctx: Pick<Context, 'db' | 'now'>, key: string): Promise<Leased | undefined> {
  return await ctx.db.transaction().execute(async (trx) => {
    const effect = await trx.selectFrom('effect').selectAll().where('key', '=', key).forUpdate().executeTakeFirst()
    if (!effect || effect.state === 'gone' || effect.wanted_hash === effect.shown_hash) return undefined
    const now = ctx.now()
    if (effect.leased_until && effect.leased_until.getTime() > now) {
      throw new RetryableError('Another worker is showing this message.', { afterMs: busyMs })
    }
    const leased = await trx
      .updateTable('effect')
      .set((eb) => ({
        leased_until: new Date(now + leaseMs),
        attempts: eb('attempts', '+', 1),
        ...(effect.ref === null ? { state: 'sending' as const } : {}),
      }))
      .where('key', '=', key)
      .returningAll()
      .executeTakeFirstOrThrow()
    return { ...leased, wasSending: effect.state === 'sending' }
  })
}

async function show(ctx: Pick<Context, 'db'>, platforms: Platforms, effect: Leased): Promise<void> {
  const platform = platforms(effect.platform)
  if (!platform) throw new RetryableError(`The platform ${effect.platform} does not run here.`, { afterMs: 60_000 })
  const view = effect.view as View
  const known = effect.ref as MessageRef | null
  const ref =
    known ??
    (await platform.send({ platform: effect.platform, id: effect.channel }, view, {
      key: effect.key,
      under: await parentOf(ctx, effect),
      maybeSent: effect.wasSending,
    }))
  if (known) await platform.edit(known, view)
  await ctx.db
    .updateTable('effect')
    .set({
      state: 'sent',
      ref: JSON.stringify(ref),
      shown_hash: effect.wanted_hash,
      leased_until: null,
      updated_at: new Date(),
    })
    .where('key', '=', effect.key)
    .execute()
}

/** The message whose thread this one belongs to. It must be there first; where it is gone, the thread is too, and the channel takes the message. */
async function parentOf(ctx: Pick<Context, 'db'>, effect: EffectRow): Promise<MessageRef | undefined> {
  if (effect.under === null) return undefined
  const parent = await ctx.db
    .selectFrom('effect')
    .select(['state', 'ref'])
    .where('key', '=', effect.under)
    .executeTakeFirst()
  if (!parent || parent.state === 'gone') return undefined
  if (parent.ref === null) throw new RetryableError('The message above this one is not sent yet.', { afterMs: busyMs })
  return parent.ref as MessageRef
}

/** A platform that asked to wait has sent nothing; after any other fault nobody knows. */
async function release(ctx: Pick<Context, 'db'>, { key, ref, wasSending }: Leased, error: unknown): Promise<void> {
  const isUnsent = ref === null && !wasSending && error instanceof RetryableError && !error.maybeDone
  await ctx.db
    .updateTable('effect')
    .set({ leased_until: null, ...(isUnsent ? { state: 'planned' as const } : {}) })
    .where('key', '=', key)
    .execute()
}

/** Deleted by a person, or the channel closed to us: never tried again. A lost channel no longer hears of its DAOs. */
async function retire(ctx: Pick<Context, 'db' | 'log'>, effect: EffectRow, error: GoneError): Promise<void> {
  const { platform, channel, key } = effect
  ctx.log.info({ platform, channel, key, what: error.what }, 'message not shown: gone')
  await ctx.db.transaction().execute(async (trx) => {
    await trx
      .updateTable('effect')
      .set({
        state: 'gone',
        leased_until: null,
        updated_at: new Date(),
        ...(error.what === 'channel' ? { ref: null } : {}),
      })
      .where('key', '=', key)
      .execute()
    if (error.what !== 'channel') return
    await trx.deleteFrom('subscription').where('platform', '=', platform).where('channel', '=', channel).execute()
    await trx
      .updateTable('effect')
      .set({ state: 'gone', ref: null, updated_at: new Date() })
      .where('platform', '=', platform)
      .where('channel', '=', channel)
      .where('state', '<>', 'gone')
      .execute()
  })
}
