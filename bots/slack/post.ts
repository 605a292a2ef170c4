import type { webApi } from '@slack/bolt'
import {
  GoneError,
  RetryableError,
  type Channel,
  type Context,
  type MessageRef,
  type Pace,
  type View,
} from '../../core/index.ts'
import { problemOf } from './problem.ts'
import { renderView } from './render.ts'

const eventType = 'autoco'
const dayMs = 86_400_000
const lookBackSeconds = 3_600

export type Posts = {
  send(to: Channel, view: View, options: Sending): Promise<MessageRef>
  edit(message: MessageRef, view: View): Promise<void>
}
type Sending = { key: string; under?: MessageRef | undefined; maybeSent?: boolean }
export type Clients = (team: string) => Promise<webApi.WebClient>
type Place = { team: string; channel: string }

/** Channels are `team/channel`, private conversations `@team/user`. */
export const placeOf = (id: string): Place => {
  const [team = '', channel = ''] = id.replace(/^@/, '').split('/')
  return { team, channel }
}

/** Posting and editing: markup off, previews off, one name a message, so that one sent twice can be found. */
export function createPosts(
  ctx: Pick<Context, 'kv' | 'chain'>,
  clients: Clients,
  { pace, editPace }: { pace: Pace; editPace: Pace },
): Posts {
  const sent = ctx.kv('slack-sent')
  const directs = ctx.kv('slack-direct')
  const draw = (view: View) => renderView(view, { explorerUrl: ctx.chain.explorerUrl })

  async function call<T>(
    { team, channel }: Place,
    run: (client: webApi.WebClient) => Promise<T>,
    held = pace,
  ): Promise<T> {
    try {
      return await run(await clients(team))
    } catch (cause) {
      const problem = problemOf(cause)
      if (problem instanceof RetryableError && problem.afterMs !== undefined && !problem.maybeDone)
        held.hold(team, channel, problem.afterMs)
      throw problem
    }
  }

  async function resolve(to: Channel): Promise<Place> {
    const { team, channel } = placeOf(to.id)
    if (!to.id.startsWith('@')) return { team, channel }
    const known = (await directs.get(to.id)) as string | undefined
    if (known !== undefined) return { team, channel: known }
    const opened = await call({ team, channel }, (client) => client.conversations.open({ users: channel }))
    const direct = opened.channel?.id
    if (direct === undefined) throw new GoneError('channel', { reason: 'Slack opens no private conversation' })
    await directs.set(to.id, direct, 7 * dayMs)
    return { team, channel: direct }
  }

  async function find(place: Place, key: string, thread: string | undefined): Promise<string | undefined> {
    const { messages = [] } = await call(place, async (client) =>
      thread === undefined
        ? await client.conversations.history({ channel: place.channel, limit: 100, include_all_metadata: true })
        : await client.conversations.replies({
            channel: place.channel,
            ts: thread,
            // The oldest come first there, and what was perhaps sent is new.
            oldest: String(Math.floor(Date.now() / 1_000) - lookBackSeconds),
            limit: 100,
            include_all_metadata: true,
          }),
    )
    const mine = (messages as { ts?: string; metadata?: { event_payload?: { key?: string } } }[]).find(
      ({ metadata }) => metadata?.event_payload?.key === key,
    )
    return mine?.ts
  }

  async function edit(message: MessageRef, view: View): Promise<void> {
    const place = placeOf(message.channel)
    await editPace.turn(place.team, place.channel)
    const changes = { channel: place.channel, ts: message.id, ...draw(view) }
    await call(place, (client) => client.chat.update(changes), editPace)
  }

  /** What was sent before may still say what it said then. */
  const changed = async (message: MessageRef, view: View): Promise<MessageRef> => {
    await edit(message, view)
    return message
  }

  return {
    async send(to, view, { key, under, maybeSent = false }) {
      const known = maybeSent ? ((await sent.get(key)) as MessageRef | undefined) : undefined
      if (known) return await changed(known, view)
      const place = await resolve(to)
      const thread = under && (under.thread ?? under.id)
      const refOf = (ts: string): MessageRef => ({
        platform: 'slack',
        channel: `${place.team}/${place.channel}`,
        id: ts,
        ...(thread === undefined ? {} : { thread }),
      })
      const found = maybeSent ? await find(place, key, thread) : undefined
      if (found !== undefined) return await changed(refOf(found), view)
      await pace.turn(place.team, place.channel)
      const answer = await call(place, (client) =>
        client.chat.postMessage({
          channel: place.channel,
          ...draw(view),
          ...(thread === undefined ? {} : { thread_ts: thread }),
          unfurl_links: false,
          unfurl_media: false,
          metadata: { event_type: eventType, event_payload: { key } },
        }),
      )
      const ref = refOf(answer.ts ?? '')
      await sent.set(key, ref, dayMs)
      return ref
    },
    edit,
  }
}
