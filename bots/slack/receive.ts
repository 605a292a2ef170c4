import type { App as Bolt, Receiver, ReceiverEvent, types } from '@slack/bolt'
import {
  cut,
  dropWorkspace,
  type App,
  type Call,
  type CallHappening,
  type Happening,
  type Inbox,
  type Parsed,
} from '../../core/index.ts'
import { answerModal, type Reply } from './answer.ts'
import { formModal, suggestionsFor, wordsOf, type FormPlace } from './modal.ts'
import type { Clients } from './post.ts'
import { renderView } from './render.ts'
import { lostIn, readable, saidIn } from './said.ts'
import type { Teams } from './teams.ts'
import type { Asked } from './thread.ts'

const busy = 'AutoCo cannot store what you asked right now. Nothing was done: try again in a minute.'

type Asking = {
  key: string
  team: string
  user: string
  name: string
  line: string
  reply: Reply
  /** A modal is opened for the answer. */
  triggerId?: string
}
type Acknowledge = (words?: { text: string; response_type: 'ephemeral' }) => Promise<void>

/** Slack events → calls. Whatever is asked is stored, then acknowledged, then done. */
export function receive(bolt: Bolt, app: App, inbox: Inbox, teams: Teams): void {
  const clients: Clients = async (team) => (await teams.of(team)).client
  const take = async (asking: Asking, acknowledge: Acknowledge): Promise<void> => {
    const happening = happeningOf(asking)
    const outcome = await inbox.take(happening)
    await acknowledge(outcome === 'busy' ? { text: busy, response_type: 'ephemeral' } : undefined)
    // What was asked outside of any message is answered in a modal, which Slack opens within three seconds or never.
    if (asking.triggerId !== undefined && outcome !== 'seen')
      asking.reply.view = await openModal(asking.team, asking.triggerId, outcome === 'busy' ? busyModal : waiting)
    if (outcome === 'new') void inbox.work(happening)
  }
  const openModal = async (team: string, trigger_id: string, view: types.ModalView): Promise<string | undefined> => {
    try {
      return (await (await clients(team)).views.open({ trigger_id, view })).view?.id
    } catch (error) {
      app.ctx.log.info({ error }, 'no modal: the answer goes into the private conversation')
      return undefined
    }
  }
  /** A modal opens before anything is stored: it is nothing that was asked yet. */
  const openForm = async (parsed: Form, triggerId: string, place: Omit<FormPlace, 'command'>): Promise<void> => {
    const client = await clients(place.team)
    const view = formModal(parsed.command, parsed.words, { ...place, command: parsed.command.name })
    await client.views.open({ trigger_id: triggerId, view })
  }

  bolt.command('/autoco', async ({ command, ack }) => {
    const { team_id: team, user_id: user, user_name: name, channel_id: channel, trigger_id, response_url } = command
    const line = readable(command.text).trim() || 'home'
    const form = formOf(app, line)
    if (form) {
      await ack()
      return await openForm(form, trigger_id, { team, channel })
    }
    const reply = { team, user, channel, responseUrl: response_url }
    await take({ key: `slack/command/${trigger_id}`, team, user, name, line, reply }, (words) => ack(words))
  })

  bolt.action(/^open:/, async ({ ack }) => ack())
  bolt.action(/^run:/, async ({ ack, action, body }) => {
    if (body.type !== 'block_actions' || action.type !== 'button') return await ack()
    const { trigger_id, user, team } = body
    const teamId = team?.id ?? user.team_id ?? ''
    const line = action.value ?? ''
    const channel = body.channel?.id
    const thread = body.message?.['thread_ts'] as string | undefined
    const place = { team: teamId, channel, thread }
    const form = formOf(app, line)
    if (form) {
      await ack()
      return await openForm(form, trigger_id, place)
    }
    const reply: Reply = { team: teamId, user: user.id, channel, thread, responseUrl: body.response_url }
    const key = `slack/action/${trigger_id}`
    const asking = { key, team: teamId, user: user.id, name: nameOf(user), line, reply }
    await take({ ...asking, ...(channel === undefined ? { triggerId: trigger_id } : {}) }, async (words) => {
      await ack()
      // An action's acknowledgement carries no words; they go where the answer would have gone.
      if (words && body.response_url) await tell(body.response_url, words.text)
    })
  })

  bolt.view('form', async ({ ack, view, body }) => {
    const place = JSON.parse(view.private_metadata) as FormPlace
    const command = app.commands.find(({ name }) => name === place.command)
    if (!command) return await ack()
    const line = app.formLine(command, wordsOf(view.state.values as never))
    const problem = faultOf(app, line)
    if (problem) {
      const block = Object.keys(command.args)[0] ?? ''
      return await ack({ response_action: 'errors', errors: { [wrongBlock(app, place, view) ?? block]: problem } })
    }
    const reply: Reply = { team: place.team, user: body.user.id, channel: place.channel, thread: place.thread }
    const key = `slack/view/${view.id}/${view.hash}`
    await take({ key, team: place.team, user: body.user.id, name: nameOf(body.user), line, reply }, async (words) =>
      words
        ? await ack({ response_action: 'errors', errors: { [Object.keys(command.args)[0] ?? '']: busy } })
        : await ack(),
    )
  })

  bolt.options(/^value:/, async ({ ack, options, body }) => {
    const team = body.team?.id ?? ''
    const channel = { platform: 'slack', id: `${team}/` }
    const caller = callerOf({ team, user: body.user.id, name: nameOf(body.user) })
    const found = await suggestionsFor(app, {
      action: options.action_id,
      typed: options.value,
      call: { caller, channel },
    })
    await ack({ options: found })
  })

  bolt.shortcut('open_votes', async ({ ack, shortcut }) => {
    const team = shortcut.team?.id ?? ''
    const { user, trigger_id: triggerId } = shortcut
    const reply: Reply = { team, user: user.id }
    const key = `slack/shortcut/${triggerId}`
    await take({ key, team, user: user.id, name: nameOf(user), line: 'home', reply, triggerId }, () => ack())
  })

  bolt.shortcut('summarise', async ({ ack, shortcut }) => {
    if (shortcut.type !== 'message_action') return await ack()
    const { channel, message, user, trigger_id: triggerId } = shortcut
    const team = shortcut.team?.id ?? ''
    const ts = (message['thread_ts'] as string | undefined) ?? message.ts
    const data: Asked = { what: 'thread', channel: channel.id, ts, reply: { team, user: user.id } }
    const happening: Happening = { key: `slack/shortcut/${triggerId}`, type: 'other', data }
    const outcome = await inbox.take(happening)
    await ack()
    if (outcome === 'seen') return
    data.reply.view = await openModal(team, triggerId, outcome === 'busy' ? busyModal : waiting)
    if (outcome === 'new') void inbox.work(happening)
  })

  bolt.event('app_home_opened', async ({ event, context }) => {
    const { user, tab } = event
    const team = context.teamId ?? ''
    if (tab !== 'home') return
    const channel = { platform: 'slack', id: `@${team}/${user}` }
    const { view } = await app.run({ caller: callerOf({ team, user, name: user }), channel, line: 'home' })
    const { blocks } = renderView(view, { explorerUrl: app.ctx.chain.explorerUrl })
    await (await clients(team)).views.publish({ user_id: user, view: { type: 'home', blocks } })
  })

  const gone = async (team: string | undefined): Promise<void> => {
    if (!team) return
    teams.forget(team)
    await dropWorkspace(app.ctx, { platform: 'slack', id: team })
  }
  bolt.event('app_uninstalled', ({ context }) => gone(context.teamId))
  bolt.event('tokens_revoked', ({ context, event }) =>
    (event.tokens.bot?.length ?? 0) > 0 ? gone(context.teamId) : Promise.resolve(),
  )
}

/**
 * Bolt acknowledges events before anybody sees them. What people say, and what they ask by a mention, has to be stored
 * first, so it is taken here; everything else goes on to Bolt.
 */
export function storesEvents(receiver: Receiver, inbox: Inbox): Receiver {
  return {
    init(bolt) {
      const processEvent = async (event: ReceiverEvent): Promise<void> => {
        const happening = saidIn(event.body) ?? mentionIn(event.body) ?? lostIn(event.body)
        if (!happening) return await bolt.processEvent(event)
        // Not stored is not acknowledged: Slack tells it again.
        if ((await inbox.take(happening)) === 'busy') throw new Error('an event could not be stored')
        await event.ack()
        void inbox.work(happening)
      }
      receiver.init(Object.assign(Object.create(bolt) as Bolt, { processEvent }))
    },
    start: (...args) => receiver.start(...args),
    stop: (...args) => receiver.stop(...args),
  }
}

/** `@AutoCo vote ens-42 for` */
function mentionIn(body: unknown): CallHappening | undefined {
  const {
    team_id: team,
    event_id,
    event,
  } = body as {
    team_id?: string
    event_id?: string
    event?: { type?: string; user?: string; channel?: string; text?: string; thread_ts?: string; bot_id?: string }
  }
  if (event?.type !== 'app_mention' || !team || !event_id || !event.user || !event.channel || event.bot_id)
    return undefined
  const line = readable((event.text ?? '').replace(/^[\s\S]*?<@[^>]+>/, '')).trim() || 'help'
  const reply: Reply = { team, user: event.user, channel: event.channel, thread: event.thread_ts }
  return happeningOf({ key: `slack/${event_id}`, team, user: event.user, name: event.user, line, reply })
}

type Form = Extract<Parsed, { status: 'form' }>

function formOf(app: App, line: string): Form | undefined {
  try {
    const parsed = app.parse(line)
    return parsed.status === 'form' ? parsed : undefined
  } catch {
    // A line that makes no sense is answered by app.run, like any other refusal.
    return undefined
  }
}

function faultOf(app: App, line: string): string | undefined {
  try {
    app.parse(line)
    return undefined
  } catch (error) {
    return error instanceof Error ? cut(error.message, 150) : 'That cannot be read.'
  }
}

/** The field that is to blame: the first whose word alone does not parse. */
function wrongBlock(app: App, place: FormPlace, view: { state: { values: unknown } }): string | undefined {
  const command = app.commands.find(({ name }) => name === place.command)
  const words = wordsOf(view.state.values as never)
  return Object.entries(command?.args ?? {}).find(([name, arg]) => {
    try {
      if (words[name] !== undefined) arg.parse(words[name])
      return false
    } catch {
      return true
    }
  })?.[0]
}

const modalOf = (text: string): types.ModalView => answerModal(renderView({ body: [{ type: 'text', text }] }).blocks)
const waiting = modalOf('One moment…')
const busyModal = modalOf(busy)

const callerOf = ({ team, user, name }: { team: string; user: string; name: string }): Call['caller'] => ({
  platform: 'slack',
  workspace: team,
  user,
  name,
  manager: false,
})

const happeningOf = ({ key, team, user, name, line, reply }: Asking): CallHappening => ({
  key,
  type: 'call',
  call: {
    caller: callerOf({ team, user, name }),
    channel: { platform: 'slack', id: reply.channel ? `${team}/${reply.channel}` : `@${team}/${user}` },
    line,
  },
  reply,
})

const nameOf = (user: { id: string; name?: string; username?: string }): string => user.name ?? user.username ?? user.id

const tell = async (url: string, text: string): Promise<void> => {
  const body = JSON.stringify({ text, response_type: 'ephemeral', replace_original: false })
  await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body }).catch(() => undefined)
}
