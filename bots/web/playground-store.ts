import { sql } from 'kysely'
import {
  GoneError,
  UserError,
  viewJson,
  type Channel,
  type Context,
  type MessageRef,
  type PlaygroundMessage,
  type View,
} from '../../core/index.ts'

/** As one person sees it: with the author's name, and the replies that this person may see. */
export type Message = PlaygroundMessage & { replies: string | null; author: string | null }
export type NewMessage = {
  key?: string
  channel: string
  thread?: string | undefined
  person?: string
  visibleTo?: string | undefined
  asked?: string
  text?: string
  view?: View
}

export const platformName = 'playground'
const pageSize = 60

/** Where a platform's channel leads: a public channel, or the private conversation with a person (`alice` or `@alice`). */
export async function resolveChannel(
  ctx: Pick<Context, 'db'>,
  id: string,
): Promise<{ channel: string; visibleTo?: string }> {
  const open = await ctx.db.selectFrom('playground_channel').select('id').where('id', '=', id).executeTakeFirst()
  if (open) return { channel: open.id }
  const person = id.replace(/^@/, '')
  const known = await ctx.db.selectFrom('playground_person').select('id').where('id', '=', person).executeTakeFirst()
  if (!known) throw new GoneError('channel')
  return { channel: `@${known.id}`, visibleTo: known.id }
}

/** The thread that a message goes to: the one of this message, which has to be there for the person to see. */
export async function resolveThread(
  ctx: Pick<Context, 'db'>,
  { id, channel, person }: { id: string | undefined; channel: string; person: string },
): Promise<string | undefined> {
  if (id === undefined) return undefined
  const root = await findMessage(ctx, { id, person })
  if (root && root.channel === channel && root.deleted_at === null) return root.thread ?? root.id
  throw new UserError('The message that you answer is not there any more.', { code: 'not-found' })
}

/** A message with a key is written once: writing it again gives the one that is there. */
export async function writeMessage(ctx: Pick<Context, 'db'>, message: NewMessage): Promise<PlaygroundMessage> {
  const { key = null, thread = null, person = null, visibleTo = null, asked = null, text = null, channel } = message
  const view = message.view === undefined ? null : viewJson(message.view)
  return await ctx.db
    .insertInto('playground_message')
    .values({ key, channel, thread, person, visible_to: visibleTo, asked, text, view })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ view, version: nextVersion() }))
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function editMessage(ctx: Pick<Context, 'db'>, ref: MessageRef, view: View): Promise<PlaygroundMessage> {
  const row = await ctx.db
    .updateTable('playground_message')
    .set({ view: viewJson(view), edited_at: new Date(), version: nextVersion() })
    .where('id', '=', idOf(ref.id))
    .where('deleted_at', 'is', null)
    .returningAll()
    .executeTakeFirst()
  if (!row) throw new GoneError('message')
  return row
}

/** Only who said something may take it back. */
export async function removeMessage(
  ctx: Pick<Context, 'db'>,
  { id, person }: { id: string; person: string },
): Promise<PlaygroundMessage> {
  const row = await ctx.db
    .updateTable('playground_message')
    .set({ deleted_at: new Date(), text: null, view: null, version: nextVersion() })
    .where('id', '=', idOf(id))
    .where('person', '=', person)
    .where('deleted_at', 'is', null)
    .returningAll()
    .executeTakeFirst()
  if (!row) throw new UserError('You can only delete a message of your own.', { code: 'not-found' })
  return row
}

/** The newest messages of a channel that this person may see, oldest first; with `thread` those under one message. */
export async function readMessages(
  ctx: Pick<Context, 'db'>,
  {
    channel,
    person,
    thread,
    before,
  }: { channel: string; person: string | undefined; thread?: string | undefined; before?: string | undefined },
): Promise<Message[]> {
  const rows = await visible(ctx, person)
    .where('channel', '=', channel)
    .where('deleted_at', 'is', null)
    .where((eb) =>
      thread === undefined
        ? eb('thread', 'is', null)
        : eb.or([eb('thread', '=', idOf(thread)), eb('playground_message.id', '=', idOf(thread))]),
    )
    .$if(before !== undefined, (query) => query.where('playground_message.id', '<', idOf(before ?? '')))
    .orderBy('playground_message.id', 'desc')
    .limit(pageSize)
    .execute()
  return rows.reverse()
}

/** What changed since a version, a little before it too: two writers may commit out of order, and a repeat is harmless. */
export async function changesSince(
  ctx: Pick<Context, 'db'>,
  { version, person }: { version: string; person: string },
): Promise<Message[]> {
  const from = BigInt(version) - 20n
  return await visible(ctx, person).where('version', '>', from.toString()).orderBy('version').limit(500).execute()
}

export async function newestVersion(ctx: Pick<Context, 'db'>): Promise<string> {
  const row = await ctx.db
    .selectFrom('playground_message')
    .select((eb) => eb.fn.max('version').as('version'))
    .executeTakeFirst()
  return row?.version ?? '0'
}

export async function findMessage(
  ctx: Pick<Context, 'db'>,
  { id, person }: { id: string; person: string | undefined },
): Promise<Message | undefined> {
  return await visible(ctx, person).where('playground_message.id', '=', idOf(id)).executeTakeFirst()
}

export async function messageByKey(ctx: Pick<Context, 'db'>, key: string): Promise<PlaygroundMessage | undefined> {
  return await ctx.db.selectFrom('playground_message').selectAll().where('key', '=', key).executeTakeFirst()
}

export const refOf = (message: Pick<PlaygroundMessage, 'id' | 'channel' | 'thread'>): MessageRef => ({
  platform: platformName,
  channel: message.channel,
  id: message.id,
  ...(message.thread === null ? {} : { thread: message.thread }),
})

export const channelOf = (id: string): Channel => ({ platform: platformName, id })

function visible(ctx: Pick<Context, 'db'>, person: string | undefined) {
  return ctx.db
    .selectFrom('playground_message')
    .leftJoin('playground_person as who', 'who.id', 'playground_message.person')
    .selectAll('playground_message')
    .select('who.name as author')
    .select((eb) =>
      eb
        .selectFrom('playground_message as reply')
        .select((inner) => inner.fn.countAll<string>().as('count'))
        .whereRef('reply.thread', '=', 'playground_message.id')
        .where('reply.deleted_at', 'is', null)
        .where((inner) =>
          inner.or([inner('reply.visible_to', 'is', null), inner('reply.visible_to', '=', person ?? '')]),
        )
        .$asScalar()
        .as('replies'),
    )
    .where((eb) => eb.or([eb('visible_to', 'is', null), eb('visible_to', '=', person ?? '')]))
    .where((eb) => eb.or([eb('channel', 'not like', '@%'), eb('channel', '=', `@${person ?? ''}`)]))
}

const nextVersion = () => sql<string>`nextval('playground_version')`

// An id of another shape is one that never was.
const idOf = (id: string): string => (/^\d{1,18}$/.test(id) ? id : '0')
