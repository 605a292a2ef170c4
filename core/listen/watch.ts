import { getAddress, type Address } from 'viem'
import { reviveChannel } from '../chat/outbox.ts'
import type { Context, Trx } from '../context.ts'
import type { DaoRow } from '../db/tables/governance.ts'
import { RetryableError, UserError } from '../errors.ts'
import { enrol } from '../identity/registration.ts'
import { privateChannel, type Caller, type Channel } from '../platform.ts'
import { writeChannelAudit } from '../settings/audit.ts'
import { pollOnce } from './listener.ts'
import { coverContract } from './cursor.ts'
import { addPart } from './part.ts'
import { originBlock } from '../governance/origin.ts'
import { probeGovernor, type Probe } from '../governance/probe.ts'

/** Who asked for it; nobody did where AutoCo's own world watches. */
type By = Pick<Caller, 'platform' | 'workspace' | 'user' | 'name'> | undefined

export type Watching = { dao: DaoRow; probe: Probe; isNew: boolean; isSubscribed: boolean }

const slugPattern = /^[a-z][a-z0-9]{1,11}$/

/**
 * Watches a governor from now on, and shows it in a channel. Its past is read too, but not announced. Doing it again
 * changes nothing; another channel is added.
 */
export async function watchDao(
  ctx: Pick<Context, 'db' | 'chain' | 'queue' | 'log' | 'config' | 'kinds'>,
  params: { address: string; slug?: string | undefined; by?: By; channel?: Channel | undefined },
): Promise<Watching> {
  const address = addressOf(params.address)
  const slug = slugOf(params.slug)
  const said = (await probeKinds(ctx, address)) ?? (await probeGovernor(ctx, address))
  const known = await daoAt(ctx, address)
  const found = await discover(ctx, address)
  const probe = { ...said, limits: [...said.limits, ...found.limits] }
  return ctx.db.transaction().execute(async (trx) => {
    const dao = known ?? (await addDao(ctx, trx, { ...found, address, slug, probe }))
    const isSubscribed = params.channel ? await subscribe(trx, dao, { by: params.by, channel: params.channel }) : false
    if (!known) await ctx.queue.send(trx, enrol, {}, { key: 'enrol' })
    return { dao, probe, isNew: known === undefined, isSubscribed }
  })
}

/** Ends it in one channel; the DAO itself stays known, with its proposals and refs. */
export async function unwatchDao(
  ctx: Pick<Context, 'db'>,
  { dao, channel, by }: { dao: Pick<DaoRow, 'id' | 'name'>; channel: Channel; by?: By },
): Promise<boolean> {
  return ctx.db.transaction().execute(async (trx) => {
    const { numDeletedRows } = await trx
      .deleteFrom('subscription')
      .where('dao_id', '=', dao.id)
      .where('platform', '=', channel.platform)
      .where('channel', '=', channel.id)
      .executeTakeFirst()
    if (numDeletedRows === 0n) return false
    await writeChannelAudit(trx, { channel, by, event: 'unwatch', detail: `no longer watches ${dao.name}` })
    return true
  })
}

async function probeKinds(ctx: Pick<Context, 'chain' | 'kinds'>, address: Address): Promise<Probe | undefined> {
  for (const kind of ctx.kinds.daos) {
    const found = await kind.probe(ctx, address)
    if (found) return found
  }
  return undefined
}

type Discovered = { from: bigint; head: bigint; limits: string[] }

async function discover(ctx: Parameters<typeof pollOnce>[0], address: Address): Promise<Discovered> {
  // The cursor is where watching begins, so that it has to be there.
  const looked = await pollOnce(ctx)
  if (looked.status === 'stopped') throw new UserError(`AutoCo does not listen on this chain now: ${looked.reason}`)
  const head = looked.head
  const from = await originBlock(ctx, { address, head })
  return from === undefined
    ? { from: head, head, limits: ['This node keeps no old state, so proposals made before now are not known.'] }
    : { from, head, limits: [] }
}

async function addDao(
  ctx: Pick<Context, 'chain'>,
  trx: Trx,
  params: Omit<Discovered, 'limits'> & { address: Address; slug: string | undefined; probe: Probe },
): Promise<DaoRow> {
  const { address, probe, from, head } = params
  const dao = await trx
    .insertInto('dao')
    .values({
      slug: await freeSlug(trx, params.slug, probe.name),
      name: probe.name,
      chain_id: ctx.chain.id,
      address,
      kind: probe.kind,
      token: probe.token,
      timelock: probe.timelock,
      clock: probe.clock,
      domain_name: probe.domain.name,
      domain_version: probe.domain.version,
      probe: JSON.stringify(probe),
      from_block: from.toString(),
      quiet_until: head.toString(),
    })
    .onConflict((conflict) => conflict.columns(['chain_id', 'address']).doNothing())
    .returningAll()
    .executeTakeFirst()
  if (!dao) {
    const other = await daoAt({ db: trx, chain: ctx.chain }, address)
    if (!other) throw new RetryableError('The DAO is being added by somebody else.')
    return other
  }
  const { cursor } = await coverContract(ctx, trx, { address, from })
  const quietUntil = head > cursor ? head : cursor
  if (quietUntil > head)
    await trx.updateTable('dao').set({ quiet_until: quietUntil.toString() }).where('id', '=', dao.id).execute()
  for (const part of probe.parts ?? []) await addPart(ctx, trx, { ...part, daoId: dao.id, from, quietUntil })
  return dao
}

async function subscribe(trx: Trx, dao: DaoRow, { channel, by }: { channel: Channel; by: By }): Promise<boolean> {
  const { platform, id } = channel
  const row = await trx
    .insertInto('subscription')
    .values({ dao_id: dao.id, platform, channel: id, created_by: by ? privateChannel(by).id : 'autoco' })
    .onConflict((conflict) => conflict.doNothing())
    .returning('dao_id')
    .executeTakeFirst()
  if (!row) return false
  // Invited back, as after a retirement: what could not be shown then is shown anew.
  await reviveChannel(trx, { platform, channel: id })
  await writeChannelAudit(trx, { channel, by, event: 'watch', detail: `watches ${dao.name}` })
  return true
}

const daoAt = ({ db, chain }: { db: Context['db'] | Trx; chain: Context['chain'] }, address: Address) =>
  db.selectFrom('dao').selectAll().where('chain_id', '=', chain.id).where('address', '=', address).executeTakeFirst()

/** The slug that was asked for, or one made from the name. */
async function freeSlug(trx: Trx, asked: string | undefined, name: string): Promise<string> {
  const base = asked ?? slugFrom(name)
  const taken = new Set(
    (
      await trx
        .selectFrom('dao')
        .select('slug')
        .where('slug', 'like', `${base.slice(0, 9)}%`)
        .execute()
    ).map((row) => row.slug),
  )
  if (!taken.has(base)) return base
  if (asked !== undefined)
    throw new UserError(`The name “${asked}” belongs to another DAO already.`, {
      hint: 'Choose another one: /watch <address> <name>',
      code: 'slug-taken',
    })
  for (let number = 2; ; number += 1) {
    const next = `${base.slice(0, 12 - String(number).length)}${number}`
    if (!taken.has(next)) return next
  }
}

function slugFrom(name: string): string {
  const ascii = name.normalize('NFKD').toLowerCase()
  const words = ascii.replaceAll(/\b(dao|governor|governance|the)\b/g, '').replaceAll(/[^a-z0-9]/g, '')
  const slug = words.replace(/^\d+/, '').slice(0, 12)
  return slugPattern.test(slug) ? slug : 'dao'
}

function slugOf(word: string | undefined): string | undefined {
  const slug = word?.toLowerCase()
  if (slug === undefined || slugPattern.test(slug)) return slug
  throw new UserError(`“${slug.slice(0, 40)}” cannot be a short name.`, {
    hint: 'Two to twelve letters and digits, a letter first, such as ens.',
  })
}

function addressOf(word: string): Address {
  if (!/^0x[0-9a-fA-F]{40}$/.test(word))
    throw new UserError(`“${word.slice(0, 50)}” is not an address.`, {
      hint: 'An address is 0x and 40 hex digits: /watch <address of the governor>',
    })
  return getAddress(word.toLowerCase())
}
