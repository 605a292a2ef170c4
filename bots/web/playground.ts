import type { Address } from 'viem'
import type { App, Call, Caller, Context, Platform, View } from '../../core/index.ts'
import { forget, hear, pageUrl, usage, type AnyCommand } from '../../core/index.ts'
import { createHub, type Hub } from './playground-hub.ts'
import { createPeople, seedPeople, type People, type TestPerson } from './playground-people.ts'
import {
  channelOf,
  editMessage,
  messageByKey,
  platformName,
  refOf,
  removeMessage,
  resolveChannel,
  resolveThread,
  writeMessage,
} from './playground-store.ts'

export type PlaygroundOptions = {
  people: readonly TestPerson[]
  channels?: readonly { id: string; topic: string }[]
  /** Called once with the wallet of each new person, so that a world may give it something to vote with. */
  welcome?: (address: Address) => Promise<void>
}

export type Form = { command: string; description: string; usage: string; fields: FormField[] }
export type FormField = {
  name: string
  description: string
  required: boolean
  long: boolean
  value: string
  choices?: readonly { value: string; label: string }[]
}
export type LineAnswer = { messageId: string; answer: { view: View; audience: 'caller' | 'channel' } } | { form: Form }

type Line = { person: string; channel: string; thread?: string | undefined; line: string; id?: string | undefined }

/** The chat of the playground: a platform like any other, whose messages happen to be rows of our own. */
export type Playground = {
  platform: Pick<Platform, 'name' | 'send' | 'edit'>
  hub: Hub
  people: People
  open(ctx: Context): Promise<void>
  line(app: App, params: Line): Promise<LineAnswer>
  say(
    ctx: Context,
    params: { person: string; channel: string; thread?: string | undefined; text: string },
  ): Promise<{ id: string }>
  remove(ctx: Context, params: { person: string; id: string }): Promise<void>
}

const defaultChannels = [
  { id: 'governance', topic: 'Proposals and votes' },
  { id: 'lobby', topic: 'Everything else' },
]

export function createPlayground(options: PlaygroundOptions): Playground {
  const hub = createHub()
  const people = createPeople(options.people, options.welcome)
  let context: Context | undefined
  const opened = (): Context => {
    if (!context) throw new Error('The playground is not open yet.')
    return context
  }
  return {
    hub,
    people,
    platform: {
      name: platformName,
      async send(to, view, { key, under }) {
        const ctx = opened()
        const { channel, visibleTo } = await resolveChannel(ctx, to.id)
        const thread = under && (under.thread ?? under.id)
        const message = await writeMessage(ctx, { key, channel, visibleTo, thread, view })
        hub.publish(message)
        return refOf(message)
      },
      async edit(ref, view) {
        hub.publish(await editMessage(opened(), ref, view))
      },
    },
    async open(ctx) {
      context = ctx
      await seedPeople(ctx, options.people)
      await addChannels(ctx, options.channels ?? defaultChannels)
    },
    line: (app, params) => runLine(app, hub, people, params),
    say: (ctx, params) => say(ctx, hub, people, params),
    async remove(ctx, { person, id }) {
      const message = await removeMessage(ctx, { person, id })
      await forget(ctx, { platform: platformName, channel: message.channel, id: message.id })
      hub.publish(message)
    },
  }
}

export async function addChannels(
  ctx: Pick<Context, 'db'>,
  channels: readonly { id: string; topic: string }[],
): Promise<void> {
  if (channels.length === 0) return
  await ctx.db
    .insertInto('playground_channel')
    .values(channels.map(({ id, topic }) => ({ id, topic })))
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
}

/** A line becomes an answer in the channel, a private answer, or a form when words are missing: no I/O decides that. */
async function runLine(app: App, hub: Hub, people: People, params: Line): Promise<LineAnswer> {
  const { ctx } = app
  const caller = await people.caller(ctx, params.person)
  const { channel } = await resolveChannel(ctx, params.channel)
  const thread = await resolveThread(ctx, { id: params.thread, channel, person: caller.user })
  const form = formOf(app, params.line)
  if (form) return { form }
  const call: Call = { caller, channel: channelOf(channel), line: params.line }
  const key = params.id === undefined ? undefined : `answer/${caller.user}/${params.id}`
  if (key !== undefined && !(await firstTime(ctx, key, call))) return await earlierAnswer(ctx, key)
  const answer = await app.run(call)
  const isPrivate = answer.audience === 'caller'
  const message = await writeMessage(ctx, {
    ...(key === undefined ? {} : { key }),
    channel,
    thread,
    visibleTo: isPrivate ? caller.user : undefined,
    asked: `${caller.name} used /${commandName(params.line)}`,
    view: answer.view,
  })
  if (key !== undefined)
    await ctx.db.updateTable('inbox').set({ done_at: new Date() }).where('key', '=', inboxKey(key)).execute()
  hub.publish(message)
  return { messageId: message.id, answer }
}

function formOf(app: App, line: string): Form | undefined {
  let parsed: ReturnType<App['parse']>
  try {
    parsed = app.parse(line)
  } catch {
    // A line that makes no sense is answered by app.run with a card, like any other refusal.
    return undefined
  }
  return parsed.status === 'form' ? formFor(parsed.command, parsed.words) : undefined
}

function formFor(command: AnyCommand, words: Record<string, string>): Form {
  return {
    command: command.name,
    description: command.description,
    usage: usage(command),
    fields: Object.entries(command.args).map(([name, spec]) => ({
      name,
      description: spec.description,
      required: spec.required,
      long: spec.rest,
      value: words[name] ?? '',
      ...(spec.choices ? { choices: spec.choices } : {}),
    })),
  }
}

/** A line that comes twice (a tab that did not hear the answer) runs once. */
async function firstTime(ctx: Context, key: string, call: Call): Promise<boolean> {
  const row = await ctx.db
    .insertInto('inbox')
    .values({ key: inboxKey(key), platform: platformName, event: JSON.stringify({ type: 'call', call }) })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .returning('key')
    .executeTakeFirst()
  return row !== undefined
}

async function earlierAnswer(ctx: Context, key: string): Promise<LineAnswer> {
  const message = await messageByKey(ctx, key)
  const view = (message?.view ?? { body: [{ type: 'text', text: 'This is being worked on already.' }] }) as View
  return {
    messageId: message?.id ?? '',
    answer: { view, audience: message?.visible_to === null ? 'channel' : 'caller' },
  }
}

async function say(
  ctx: Context,
  hub: Hub,
  people: People,
  params: { person: string; channel: string; thread?: string | undefined; text: string },
): Promise<{ id: string }> {
  const caller: Caller = await people.caller(ctx, params.person)
  const { channel, visibleTo } = await resolveChannel(ctx, params.channel)
  const thread = await resolveThread(ctx, { id: params.thread, channel, person: caller.user })
  const message = await ctx.db.transaction().execute(async (trx) => {
    const written = await writeMessage(
      { db: trx },
      { channel, visibleTo, thread, person: caller.user, text: params.text },
    )
    const said = {
      platform: platformName,
      channel,
      id: written.id,
      thread,
      author: caller.name,
      authorId: caller.user,
      text: params.text,
      url: pageUrl(ctx.config, `/#${channel}/${params.thread ?? written.id}`),
    }
    // A private conversation is private: nothing said there goes into a summary.
    if (visibleTo === undefined)
      await hear({ db: trx, queue: ctx.queue, kinds: ctx.kinds }, { ...said, at: written.at.getTime() })
    return written
  })
  hub.publish(message)
  return { id: message.id }
}

const inboxKey = (key: string): string => `${platformName}/${key}`
const commandName = (line: string): string =>
  line.trim().replace(/^\//, '').split(/\s/)[0]?.slice(0, 32).toLowerCase() ?? ''
