import { randomBytes, randomInt } from 'node:crypto'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Flood } from './flood.ts'
import { shown, type Parts } from './methods.ts'
import { see, type Seen } from './reading.ts'
import { createApi } from './server.ts'
import { signInitData } from './sign.ts'
import { Spec } from './spec.ts'
import { isGroup, keyOf, nextId } from './state.ts'
import type { Call, Chat, Fault, Json, Limits, Message, Person, Place, State } from './state.ts'
import { Updates } from './updates.ts'

export type { Seen } from './reading.ts'

export type TelegramOptions = {
  limits?: Partial<Limits>
  /** What @BotFather was told. */
  bot?: {
    can_read_all_group_messages?: boolean
    supports_inline_queries?: boolean
    has_main_web_app?: boolean
    inlineFeedback?: boolean
  }
}

const usual: Limits = { perSecond: 30, chatBurst: 5, chatPerSecond: 1, groupPerMinute: 20, queryMs: 10_000 }

/** A strict Telegram on the loopback: Bot API, updates, inline mode, Mini Apps. Every refused request is in `violations`. */
export class TelegramEmulator {
  readonly token = `${randomInt(100_000_000, 999_999_999)}:${randomBytes(26).toString('base64url')}`
  readonly state: State
  readonly #spec = new Spec()
  readonly #updates: Updates
  readonly #server: Server
  readonly #parts: Parts
  readonly #hasFeedback: boolean

  static async start(options: TelegramOptions = {}): Promise<TelegramEmulator> {
    const it = new TelegramEmulator(options)
    await new Promise<void>((resolve) => it.#server.listen(0, '127.0.0.1', resolve))
    return it
  }

  private constructor({ limits = {}, bot = {} }: TelegramOptions) {
    const { inlineFeedback = true, ...told } = bot
    this.#hasFeedback = inlineFeedback
    this.state = {
      me: {
        id: Number(this.token.split(':')[0]),
        is_bot: true,
        first_name: 'AutoCo',
        username: 'autoco_bot',
        can_join_groups: true,
        can_read_all_group_messages: false,
        supports_inline_queries: true,
        can_connect_to_business: false,
        has_main_web_app: false,
        ...told,
      },
      token: this.token,
      limits: { ...usual, ...limits },
      people: new Map(),
      places: new Map(),
      messages: new Map(),
      inline: new Map(),
      callbacks: new Map(),
      inlineQueries: new Map(),
      commands: new Map(),
      menu: undefined,
      calls: [],
      violations: [],
      faults: [],
      lastId: 0,
    }
    this.#updates = new Updates(this.state, this.#spec)
    this.#parts = { state: this.state, updates: this.#updates, flood: new Flood(this.state) }
    this.#server = createApi(this.#parts, this.#spec)
  }

  /** For TELEGRAM_API_URL. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  get username(): string {
    return this.state.me.username ?? ''
  }

  get calls(): Call[] {
    return this.state.calls
  }

  get violations(): string[] {
    return this.state.violations
  }

  /** How many updates the bot has not confirmed. */
  get pending(): number {
    return this.#updates.pending
  }

  get isPolled(): boolean {
    return this.#updates.isPolled
  }

  takeViolations(): string[] {
    return this.state.violations.splice(0)
  }

  fault(fault: Fault): void {
    this.state.faults.push({ ...fault, times: fault.times ?? 1 })
  }

  /** The next thing that happens is told so many times. */
  repeatNext(copies = 2): void {
    this.#updates.copies = copies
  }

  /** Where a webhook's address leads to. */
  set sendTo(change: (url: string) => string) {
    this.#updates.sendTo = change
  }

  async stop(): Promise<void> {
    this.#updates.stop()
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  // What there is.

  /** Somebody with a private chat that has begun, unless told otherwise. */
  addUser(name: string, { started = true } = {}): number {
    const id = randomInt(1_000_000, 900_000_000)
    const person: Person = { id, is_bot: false, first_name: name, username: `${name.toLowerCase()}_${id % 1000}_user` }
    this.state.people.set(id, person)
    this.#place({ id, type: 'private', first_name: name, username: person.username }, [id], started)
    return id
  }

  addChat(
    title: string,
    people: readonly number[],
    { type = 'supergroup', forum = false }: { type?: 'group' | 'supergroup'; forum?: boolean } = {},
  ): number {
    const id =
      type === 'group' ? -randomInt(1_000_000, 900_000_000) : -1_000_000_000_000 - randomInt(1_000_000, 900_000_000)
    this.#place({ id, type, title, ...(forum ? { is_forum: true } : {}) }, people, true)
    return id
  }

  addTopic(chat: number, name: string): number {
    const id = nextId(this.state)
    this.#of(chat).topics.set(id, name)
    return id
  }

  promote(chat: number, user: number, status: 'creator' | 'administrator' = 'administrator'): void {
    this.#of(chat).members.set(user, status)
  }

  block(user: number, isBlocked = true): void {
    this.#of(user).isBlocked = isBlocked
    const [from, to] = isBlocked ? ['member', 'kicked'] : ['kicked', 'member']
    this.#membership(this.#of(user), user, from!, to!)
  }

  deactivate(user: number): void {
    this.#of(user).isDeactivated = true
  }

  leave(chat: number, user: number): void {
    this.#of(chat).members.delete(user)
  }

  kick(chat: number, by: number): void {
    this.#of(chat).isKicked = true
    this.#membership(this.#of(chat), by, 'member', 'kicked')
  }

  silence(chat: number, mayWrite = false): void {
    this.#of(chat).mayWrite = mayWrite
  }

  /** A group becomes a supergroup, under a new number. */
  migrate(chat: number): number {
    const place = this.#of(chat)
    const id = -1_000_000_000_000 - randomInt(1_000_000, 900_000_000)
    this.#place({ ...place.chat, id, type: 'supergroup' }, [...place.members.keys()], true)
    for (const [user, status] of place.members) this.#of(id).members.set(user, status)
    place.migratedTo = id
    const from = this.state.people.get([...place.members.keys()][0] ?? 0)
    const base = { message_id: nextId(this.state), date: now(), from }
    this.#updates.push('message', { ...base, chat: place.chat, migrate_to_chat_id: id })
    return id
  }

  deleteChat(chat: number): void {
    this.state.places.delete(chat)
  }

  // What a person does.

  /** Somebody says something; a command, when it begins with `/`. In a group the bot hears only what concerns it. */
  say(
    user: number,
    chat: number,
    text: string,
    { reply, topic, isForward = false }: { reply?: number; topic?: number; isForward?: boolean } = {},
  ): number {
    const place = this.#of(chat)
    if (!place.members.has(user)) throw new Error('that person is not in the chat')
    if (place.chat.type === 'private') Object.assign(place, { isStarted: true, isBlocked: false })
    const answered = reply === undefined ? undefined : this.state.messages.get(keyOf(chat, reply))
    const message: Message = {
      message_id: nextId(this.state),
      date: now(),
      chat: place.chat,
      from: this.#person(user),
      text,
      ...(topic === undefined ? {} : { message_thread_id: topic, is_topic_message: true }),
      ...(answered ? { reply_to_message: shown(answered) } : {}),
      ...(isForward ? { forward_origin: { type: 'hidden_user', date: now(), sender_user_name: 'Somebody' } } : {}),
    }
    const marks = [
      ...[...text.matchAll(/(?<![\w/])\/[a-zA-Z0-9_]{1,32}(?:@\w+)?/g)].map((match) => ({
        type: 'bot_command',
        offset: match.index,
        length: match[0].length,
      })),
      ...[...text.matchAll(/(?<![\w@])@\w{4,32}/g)].map((match) => ({
        type: 'mention',
        offset: match.index,
        length: match[0].length,
      })),
    ]
    if (marks.length > 0) message.entities = marks
    this.state.messages.set(keyOf(chat, message.message_id), message)
    if (this.#concernsBot(message)) this.#updates.push('message', shown(message))
    return message.message_id
  }

  editText(user: number, chat: number, id: number, text: string): void {
    const message = this.state.messages.get(keyOf(chat, id))
    if (message?.from.id !== user) throw new Error('that is somebody else’s message')
    Object.assign(message, { text, edit_date: now() })
    if (this.#concernsBot(message)) this.#updates.push('edited_message', shown(message))
  }

  deleteMessage(chat: number, id: number): void {
    this.state.messages.delete(keyOf(chat, id))
  }

  /** Follows `t.me/<bot>?start=<payload>` and presses Start. */
  start(user: number, payload = ''): number {
    if (payload !== '' && !/^[\w-]{1,64}$/.test(payload)) throw new Error(`Telegram takes no such start: ${payload}`)
    return this.say(user, user, payload === '' ? '/start' : `/start ${payload}`)
  }

  /** Presses a button by its label or data; in an inline message by that message's id. Answers with the query's id. */
  press(user: number, where: { chat: number; message: number } | { inline: string }, what: string): string {
    const message =
      'inline' in where
        ? this.state.inline.get(where.inline)
        : this.state.messages.get(keyOf(where.chat, where.message))
    if (!message) throw new Error('there is no such message')
    const button = ((message.reply_markup?.['inline_keyboard'] ?? []) as Json[][])
      .flat()
      .find((one) => one['text'] === what || one['callback_data'] === what)
    if (button?.['callback_data'] === undefined) throw new Error(`there is no button ${what}`)
    const id = String(randomInt(1, 2 ** 47))
    this.state.callbacks.set(id, { at: Date.now(), isAnswered: false, user })
    this.#updates.push('callback_query', {
      id,
      from: this.#person(user),
      chat_instance: '1',
      data: button['callback_data'] as string,
      ...('inline' in where ? { inline_message_id: where.inline } : { message: shown(message) }),
    })
    return id
  }

  /** How the bot answered a press: nothing, words, or the address that the person is led to. */
  answerTo(query: string): Json | undefined {
    return this.state.callbacks.get(query)?.answer
  }

  /** Types `@bot <query>` in some chat. */
  async ask(user: number, query: string, offset = ''): Promise<{ id: string; results: Json[]; answer: Json }> {
    if (!this.state.me['supports_inline_queries']) throw new Error('inline mode is off')
    const id = String(randomInt(1, 2 ** 47))
    const asked = { at: Date.now(), isAnswered: false, user }
    this.state.inlineQueries.set(id, asked)
    this.#updates.push('inline_query', { id, from: this.#person(user), query, offset, chat_type: 'supergroup' })
    const answer = await this.#until(() => this.state.inlineQueries.get(id)?.answer)
    return { id, results: answer['results'] as Json[], answer }
  }

  /** Chooses a card: it is sent by way of the bot into a chat that the bot may not know. Answers with the inline message's id. */
  choose(user: number, query: string, result: string): string {
    const answer = this.state.inlineQueries.get(query)?.answer
    const card = ((answer?.['results'] ?? []) as Json[]).find(({ id }) => id === result)
    if (!card) throw new Error('there is no such card')
    const content = card['input_message_content'] as Json
    const inlineId = `BAAAA${randomBytes(12).toString('base64url')}`
    const chat: Chat = { id: -1, type: 'supergroup', title: 'elsewhere' }
    this.state.inline.set(inlineId, {
      message_id: 0,
      date: now(),
      chat,
      from: this.#person(user),
      text: content['message_text'] as string,
      ...(content['entities'] ? { entities: content['entities'] as Json[] } : {}),
      ...(card['reply_markup'] ? { reply_markup: card['reply_markup'] as Json } : {}),
      link_preview_options: content['link_preview_options'],
      inlineId,
    })
    const hasKeyboard = card['reply_markup'] !== undefined
    if (this.#hasFeedback)
      this.#updates.push('chosen_inline_result', {
        result_id: result,
        from: this.#person(user),
        query: '',
        ...(hasKeyboard ? { inline_message_id: inlineId } : {}),
      })
    return inlineId
  }

  /** The launch data of a Mini App that this person opens. */
  initData(user: number, more: Record<string, string> = {}): string {
    const { id, first_name, username } = this.#person(user)
    return signInitData(this.token, { query_id: 'AAH', user: JSON.stringify({ id, first_name, username }), ...more })
  }

  /** Delivers an update as it was recorded, under a number of its own. */
  replay(update: Json): number {
    const [[kind, body] = ['', {}]] = Object.entries(update).filter(([key]) => key !== 'update_id')
    return this.#updates.push(kind, body as Json)
  }

  // What a person sees.

  messages(chat: number, user: number): Seen[] {
    if (!this.#of(chat).members.has(user)) throw new Error('that person does not see the chat')
    return [...this.state.messages.values()].filter((message) => message.chat.id === chat).map(see)
  }

  inlineMessage(id: string): Seen {
    const message = this.state.inline.get(id)
    if (!message) throw new Error('there is no such message')
    return see(message)
  }

  #concernsBot(message: Message): boolean {
    if (!isGroup(message.chat) || this.state.me['can_read_all_group_messages']) return true
    const { text, reply_to_message: reply } = message as Json
    const name = `@${this.username}`
    const command = /^\/\w+(@\w+)?/.exec(text as string)
    const isForUs = command !== null && (command[1] === undefined || command[1] === name)
    return isForUs || (text as string).includes(name) || reply?.from?.id === this.state.me.id
  }

  #membership(place: Place, by: number, from: string, to: string): void {
    const { id, is_bot, first_name, username } = this.state.me
    const user = { id, is_bot, first_name, username }
    const of = (status: string) => (status === 'kicked' ? { status, user, until_date: 0 } : { status, user })
    this.#updates.push('my_chat_member', {
      chat: place.chat,
      from: this.#person(by),
      date: now(),
      old_chat_member: of(from),
      new_chat_member: of(to),
    })
  }

  #place(chat: Chat, people: readonly number[], isStarted: boolean): void {
    this.state.places.set(chat.id, {
      chat,
      members: new Map(people.map((id) => [id, 'member'])),
      topics: new Map(),
      isStarted,
      isBlocked: false,
      isKicked: false,
      isDeactivated: false,
      mayWrite: true,
    })
  }

  #of(chat: number): Place {
    const place = this.state.places.get(chat)
    if (!place) throw new Error('there is no such chat')
    return place
  }

  #person(id: number): Person {
    const person = this.state.people.get(id)
    if (!person) throw new Error('there is no such person')
    return person
  }

  async #until<T>(look: () => T | undefined, withinMs = 10_000): Promise<T> {
    const end = Date.now() + withinMs
    for (;;) {
      const found = look()
      if (found !== undefined) return found
      if (Date.now() > end) throw new Error('the bot did not answer')
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
}

const now = (): number => Math.floor(Date.now() / 1_000)
