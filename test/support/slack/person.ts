import { elementsOf } from './block-kit.ts'
import { deliver } from './delivery.ts'
import { changedEvent, deletedEvent, emit, messageEvent, messageObject, type EventAnswer } from './events.ts'
import { chosen, fill, type Values } from './forms.ts'
import { openDirect, directId } from './methods/conversations.ts'
import { escape } from './mrkdwn.ts'
import * as payloads from './payloads.ts'
import { write } from './content.ts'
import { Refusal } from './refusal.ts'
import { newResponseUrl, respond } from './response-url.ts'
import type { Server } from './server.ts'
import { conversationOf, findMessage, newTs, personOf, violate, workspaceOf, word } from './state.ts'
import type { Answer, Block, Json, Message, OpenView, State } from './state.ts'
import { changeView, newView, openModals } from './views.ts'

/** A message or a view in which somebody uses something. */
export type Place = { channel: string; ts: string } | { view: string }

export type Said = EventAnswer & { channel: string; ts: string }

/** What a person does in Slack's client; what the client does not offer throws. */
export class Person {
  #state: State
  #server: Server

  constructor(state: State, server: Server) {
    this.#state = state
    this.#server = server
  }

  async slash(user: string, channel: string, command: string, text: string): Promise<Answer> {
    const who = payloads.actor(this.#state, user)
    const commands = this.#state.manifest.features.slash_commands ?? []
    if (!commands.some((each) => each.command === command)) throw new Error(`${command} is not registered`)
    this.#mustSee(user, channel)
    this.#mustBeInstalled(user)
    const payload = payloads.commandPayload(who, channel, command, escape(text))
    const answer = await deliver(this.#state, this.#server.sockets, { type: 'slash_commands', name: command, payload })
    if (answer.kind === 'ack') this.#written(command, user, channel, answer.body)
    return answer
  }

  /** Presses a button that stands there: by its `action_id`, its label, or its `value`. */
  async click(user: string, place: Place, what: string): Promise<Answer> {
    const spot = this.#spot(user, place)
    const found = elementsOf(spot.blocks).find(
      ({ element }) =>
        element['type'] === 'button' &&
        [element['action_id'], element['value'], (element['text'] as Json)['text']].includes(what),
    )
    if (!found) throw new Error(`there is no button ${what}`)
    const { block, element } = found
    const { type, action_id, text, value, url, style } = element
    const extra = Object.entries({ value, url, style }).filter(([, each]) => each !== undefined)
    return this.#act(user, spot, block, { type, action_id, text, ...Object.fromEntries(extra) })
  }

  /** Chooses in a select, a date picker, radio buttons, an overflow menu of a message, a home or a modal. */
  async select(user: string, place: Place, what: string, value: string | string[]): Promise<Answer> {
    const spot = this.#spot(user, place)
    const found = elementsOf(spot.blocks).find(({ element }) => element['action_id'] === what)
    if (!found) throw new Error(`there is no element ${what}`)
    const { block, element } = found
    const now = chosen(element, value)
    if (spot.view) spot.view.values[block.block_id!] = { ...spot.view.values[block.block_id!], [what]: now }
    // An input tells nothing until the modal is sent, unless it asks to.
    if (block.type === 'input' && block['dispatch_action'] !== true) return { kind: 'ack', ms: 0, attempts: 0 }
    return this.#act(user, spot, block, { action_id: what, ...now })
  }

  /** What an external select offers for the typed letters. */
  async suggest(user: string, place: Place, what: string, typed: string): Promise<Answer & { options: Json[] }> {
    const who = payloads.actor(this.#state, user)
    const spot = this.#spot(user, place)
    const found = elementsOf(spot.blocks).find(({ element }) => element['action_id'] === what)
    if (!found || !word(found.element['type']).endsWith('external_select'))
      throw new Error(`no external select ${what}`)
    if (typed.length < Number(found.element['min_query_length'] ?? 3))
      throw new Error('too few letters for suggestions')
    const payload = payloads.suggestionPayload(who, (spot.view ?? spot.message)!, found.block, found.element, typed)
    const answer = await this.#interact(`block_suggestion ${what}`, payload)
    const body = (answer.body ?? {}) as { options?: Json[]; option_groups?: { options: Json[] }[] }
    const options = [...(body.options ?? []), ...(body.option_groups ?? []).flatMap((group) => group.options)]
    if (options.length > 100) violate(this.#state, `block_suggestion ${what}`, 'more than 100 options')
    for (const option of options)
      if (word((option['text'] as Json)['text']).length > 75 || word(option['value']).length > 75)
        violate(this.#state, `block_suggestion ${what}`, 'an option is longer than 75 characters')
    found.element['suggested'] = options
    return { ...answer, options }
  }

  /** Sends the modal on top, or the named one, with these fields by `action_id`, `block_id` or label. */
  async submit(user: string, values: Values = {}, id?: string): Promise<Answer> {
    const who = payloads.actor(this.#state, user)
    const stack = openModals(this.#state, user)
    const view = id === undefined ? stack.at(-1) : stack.find((each) => each.id === id)
    if (!view || view !== stack.at(-1)) throw new Error('no such modal is open')
    if (!view.spec['submit']) throw new Error('the modal has nothing to send')
    fill(view, values)
    view.errors = {}
    const name = `view_submission ${word(view.spec['callback_id'])}`
    const answer = await this.#interact(name, payloads.viewSubmissionPayload(who, view))
    if (answer.kind === 'ack') this.#answered(name, user, view, (answer.body ?? {}) as Json)
    return answer
  }

  /** Presses the modal's close button, or the ✕ that closes all of them. */
  async closeModal(user: string, all = false): Promise<Answer[]> {
    const who = payloads.actor(this.#state, user)
    const stack = openModals(this.#state, user)
    const top = stack.at(-1)
    if (!top) throw new Error('no modal is open')
    const isCleared = all || top.spec['clear_on_close'] === true
    const closed = isCleared ? stack.toReversed() : [top]
    this.#state.modals.set(user, isCleared ? [] : stack.slice(0, -1))
    return Promise.all(
      closed
        .filter((view) => view.spec['notify_on_close'] === true)
        .map((view) => this.#interact('view_closed', payloads.viewClosedPayload(who, view, isCleared))),
    )
  }

  async openHome(user: string, tab: 'home' | 'messages' = 'home'): Promise<EventAnswer> {
    const { workspace } = payloads.actor(this.#state, user)
    this.#mustBeInstalled(user)
    const channel = directId(this.#state, user) ?? openDirect(this.#state, workspace.botUser, user).id
    const event = { type: 'app_home_opened', user, channel, tab, event_ts: newTs(this.#state) }
    return emit(this.#state, this.#server.sockets, workspace, event)
  }

  async shortcut(user: string, callbackId: string): Promise<Answer> {
    this.#mustOffer('global', callbackId)
    this.#mustBeInstalled(user)
    return this.#interact(
      `shortcut ${callbackId}`,
      payloads.shortcutPayload(payloads.actor(this.#state, user), callbackId),
    )
  }

  async messageAction(user: string, at: { channel: string; ts: string }, callbackId: string): Promise<Answer> {
    this.#mustOffer('message', callbackId)
    this.#mustBeInstalled(user)
    const who = payloads.actor(this.#state, user)
    const payload = payloads.messageActionPayload(who, callbackId, this.#message(user, at))
    return this.#interact(`message_action ${callbackId}`, payload)
  }

  /** Says something as Slack's client sends it: `<@U…>` calls somebody, other signs are escaped. */
  async say(user: string, channel: string, text: string, threadTs?: string): Promise<Said> {
    const { workspace, person } = payloads.actor(this.#state, user)
    const conversation = conversationOf(this.#state, channel)
    this.#mustSee(user, channel)
    if (!conversation.members.has(user)) throw new Error('a person must join a channel before it speaks there')
    if (conversation.archived) throw new Error('the channel is archived')
    if (threadTs !== undefined && !findMessage(this.#state, channel, threadTs)) throw new Error('no such thread')
    const message = write(this.#state, {
      channel,
      user: person.id,
      text: typed(text),
      ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
      unfurl: {},
      linkNames: false,
      byBot: false,
    })
    const event = messageEvent(this.#state, conversation, message)
    const answers = [emit(this.#state, this.#server.sockets, workspace, event)]
    const calls = message.text.includes(`<@${workspace.botUser}>`)
    if (calls && conversation.kind !== 'im' && conversation.members.has(workspace.botUser)) {
      const { channel_type: _, ...rest } = event
      answers.push(emit(this.#state, this.#server.sockets, workspace, { ...rest, type: 'app_mention' }))
    }
    const all = await Promise.all(answers)
    const worst =
      all.find((each) => each.kind === 'none' || each.kind === 'refused') ??
      all.find((each) => each.kind === 'ack') ??
      all[0]!
    return { ...worst, channel, ts: message.ts }
  }

  async edit(user: string, at: { channel: string; ts: string }, text: string): Promise<EventAnswer> {
    const message = this.#own(user, at)
    const conversation = conversationOf(this.#state, at.channel)
    const previous = messageObject(this.#state, message)
    Object.assign(message, { text: typed(text), edited: { user, ts: newTs(this.#state) } })
    const workspace = workspaceOf(this.#state, conversation.team)
    return emit(
      this.#state,
      this.#server.sockets,
      workspace,
      changedEvent(this.#state, conversation, message, previous),
    )
  }

  /** A person deletes an own message; an admin any. */
  async delete(user: string, at: { channel: string; ts: string }): Promise<EventAnswer> {
    const person = personOf(this.#state, user)
    const message = person.admin || person.owner ? this.#message(user, at) : this.#own(user, at)
    const conversation = conversationOf(this.#state, at.channel)
    const previous = messageObject(this.#state, message)
    this.#state.messages.splice(this.#state.messages.indexOf(message), 1)
    const workspace = workspaceOf(this.#state, conversation.team)
    return emit(this.#state, this.#server.sockets, workspace, deletedEvent(this.#state, conversation, previous))
  }

  #spot(user: string, place: Place): { blocks: Block[]; message?: Message; view?: OpenView } {
    if ('ts' in place) {
      const message = this.#message(user, place)
      return { blocks: message.blocks ?? [], message }
    }
    const home = this.#state.homes.get(user)
    const top = openModals(this.#state, user).at(-1)
    const view = [home, top].find((each) => each?.id === place.view)
    if (!view) throw new Error('that view is not before this person')
    return { blocks: view.spec.blocks, view }
  }

  async #act(user: string, spot: { message?: Message; view?: OpenView }, block: Block, action: Json): Promise<Answer> {
    const who = payloads.actor(this.#state, user)
    const payload = spot.view
      ? payloads.viewActionsPayload(who, spot.view, block, action)
      : payloads.messageActionsPayload(who, spot.message!, block, action)
    return this.#interact(`block_actions ${word(action['action_id'])}`, payload)
  }

  async #interact(name: string, payload: Json): Promise<Answer> {
    if (this.#state.manifest.settings.interactivity?.is_enabled !== true) throw new Error('interactivity is off')
    return deliver(this.#state, this.#server.sockets, { type: 'interactive', name, payload })
  }

  /** What stood in the acknowledgement of a command becomes a message. */
  #written(command: string, user: string, channel: string, body: unknown): void {
    if (body === undefined || body === null || body === '') return
    const { workspace } = payloads.actor(this.#state, user)
    const args = typeof body === 'string' ? { text: body } : (body as Json)
    if (Object.keys(args).length === 0) return
    const key = newResponseUrl(this.#state, { team: workspace.id, channel, user }).split('/').at(-1)!
    const to = { state: this.#state, blockKit: this.#server.blockKit, workspace, emit: this.#server.emitter(workspace) }
    this.#guard(command, () => respond(to, this.#state.responseUrls.get(key)!, args))
  }

  #answered(name: string, user: string, view: OpenView, body: Json): void {
    const { workspace } = payloads.actor(this.#state, user)
    const stack = openModals(this.#state, user)
    const action = body['response_action']
    if (action === undefined) this.#state.modals.set(user, stack.slice(0, -1))
    else if (action === 'clear') this.#state.modals.set(user, [])
    else if (action === 'errors') {
      const errors = (body['errors'] ?? {}) as Record<string, string>
      const inputs = view.spec.blocks.filter((block) => block.type === 'input').map((block) => block.block_id)
      const strange = Object.keys(errors).filter((block) => !inputs.includes(block))
      if (strange.length > 0 || Object.keys(errors).length === 0)
        violate(this.#state, name, `errors for no input block: ${strange.join(', ')}`)
      view.errors = errors
    } else if (action === 'update' || action === 'push')
      this.#guard(name, () => {
        const spec = this.#server.blockKit.view(body['view'])
        if (action === 'update') changeView(view, spec)
        else if (stack.length >= 3) violate(this.#state, name, 'push_limit_reached')
        else this.#state.modals.set(user, [...stack, newView(this.#state, workspace, user, spec, view)])
      })
    else violate(this.#state, name, `unknown response_action ${word(action)}`)
  }

  #guard(name: string, work: () => void): void {
    try {
      work()
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      violate(this.#state, name, error)
    }
  }

  #message(user: string, { channel, ts }: { channel: string; ts: string }): Message {
    this.#mustSee(user, channel)
    const message = findMessage(this.#state, channel, ts)
    if (!message || (message.ephemeralTo !== undefined && message.ephemeralTo !== user))
      throw new Error(`${user} sees no such message`)
    return message
  }

  #own(user: string, at: { channel: string; ts: string }): Message {
    const message = this.#message(user, at)
    if (message.user !== user) throw new Error('that is somebody else’s message')
    return message
  }

  #mustSee(user: string, channel: string): void {
    const conversation = conversationOf(this.#state, channel)
    const sees = conversation.kind === 'channel' || conversation.members.has(user)
    if (!sees || conversation.team !== personOf(this.#state, user).team) throw new Error(`${user} is not in ${channel}`)
  }

  #mustOffer(type: 'global' | 'message', callbackId: string): void {
    const shortcuts = this.#state.manifest.features.shortcuts ?? []
    if (!shortcuts.some((each) => each.type === type && each.callback_id === callbackId))
      throw new Error(`the manifest has no ${type} shortcut ${callbackId}`)
  }

  #mustBeInstalled(user: string): void {
    const { workspace } = payloads.actor(this.#state, user)
    if (!workspace.token || workspace.revoked) throw new Error('the app is not installed here')
  }
}

/** Slack's client keeps references, and escapes the rest. */
function typed(text: string): string {
  return text
    .split(/(<(?:@[UW][A-Z0-9]+|#C[A-Z0-9]+|!(?:here|channel|everyone))(?:\|[^>]*)?>)/)
    .map((part, index) => (index % 2 === 1 ? part : escape(part).replace(/https?:\/\/[^\s<>]+/g, '<$&>')))
    .join('')
}
