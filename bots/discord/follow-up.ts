import { MessageFlags, Routes, type APIMessage } from 'discord.js'
import { GoneError, type Context, type MessageRef } from '../../core/index.ts'
import { codes, isRefused, type Api } from './api.ts'
import type { Payload } from './render.ts'

/** Discord lets us speak behind a question for fifteen minutes. */
const openMs = 14 * 60_000

type Open = { application: string; token: string; until: number }

/** Who asked something lately can be told more, for their eyes alone, without any private message. */
export type FollowUps = {
  open(user: string, reply: { application: string; token: string }): Promise<void>
  send(user: string, body: Payload): Promise<MessageRef>
  edit(message: MessageRef, body: Payload): Promise<void>
}

/** `~user` as the channel of a ref: a message behind that person's own question. */
export function createFollowUps(ctx: Pick<Context, 'kv'>, api: Api): FollowUps {
  const kv = ctx.kv('discord-open')
  const openOf = async (key: string): Promise<Open> => {
    const open = (await kv.get(key)) as Open | undefined
    if (!open || open.until < Date.now()) throw new GoneError('message')
    return open
  }
  return {
    async open(user, { application, token }) {
      await kv.set(user, { application, token, until: Date.now() + openMs } satisfies Open, openMs)
    },
    async send(user, body) {
      const open = await openOf(user)
      const flags = body.flags | MessageFlags.Ephemeral
      const route = Routes.webhook(open.application, open.token)
      const { id } = await api.call<APIMessage>('POST', route, { body: { ...body, flags }, auth: false }).catch(over)
      // The token stands here only, where it is forgotten in time, and not in the message's row.
      await kv.set(`message/${id}`, open, Math.max(1, open.until - Date.now()))
      return { platform: 'discord', channel: `~${user}`, id }
    },
    async edit({ id }, body) {
      const open = await openOf(`message/${id}`)
      await api
        .call('PATCH', Routes.webhookMessage(open.application, open.token, id), { body, auth: false })
        .catch(over)
    },
  }
}

function over(error: unknown): never {
  const isOver = isRefused(error, codes.UnknownWebhook, codes.InvalidWebhookToken, codes.UnknownMessage)
  throw isOver ? new GoneError('message', { cause: error }) : error
}
