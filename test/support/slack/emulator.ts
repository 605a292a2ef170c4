import { deliver, encode, signature } from './delivery.ts'
import { emit, type EventAnswer } from './events.ts'
import { addChannel, addPerson, addWorkspace, install, revoke, type NewChannel, type NewPerson } from './installing.ts'
import { slackLimits } from './limits.ts'
import { plainManifest, type Manifest } from './manifest.ts'
import { directId, openDirect } from './methods/conversations.ts'
import { openModals } from './views.ts'
import { Person } from './person.ts'
import { seeMessage, seeView, type Seen, type SeenView } from './reading.ts'
import { Server } from './server.ts'
import { conversationOf, newTs, personOf, secret, workspaceOf } from './state.ts'
import type { Answer, Call, Fault, Json, Limits, State, Workspace } from './state.ts'

export type SlackOptions = {
  /** Numbers other than Slack's own: they vary there too. */
  limits?: Partial<Limits>
  /** What the app registered; the default has `/autoco` and events, but no shortcuts. */
  manifest?: Manifest
  /** Where events, commands and interactivity go; without it they go over Socket Mode. */
  requestUrl?: string
  /** `false`: the first workspace has not installed the app yet. */
  installed?: boolean
}

/** A strict Slack on the loopback. Every refused or unknown request is in `violations`. */
export class SlackEmulator {
  /** The first workspace, where the app is installed unless told otherwise. */
  readonly workspace: string
  /** What the test declared about time and numbers, to be changed on the way. */
  readonly limits: Limits
  #state: State
  #server: Server
  #person: Person
  #deliveries: Set<Promise<unknown>>

  static async start(options: SlackOptions = {}): Promise<SlackEmulator> {
    const state = newState(options)
    const deliveries = new Set<Promise<unknown>>()
    const server = new Server(state, (work) => {
      deliveries.add(work)
      void work.finally(() => deliveries.delete(work))
    })
    state.origin = await server.listen()
    const workspace = addWorkspace(state, 'Auto Org')
    if (options.installed !== false) install(state, workspace, state.manifest.oauth_config.scopes.bot)
    return new SlackEmulator(state, server, deliveries, workspace.id)
  }

  private constructor(state: State, server: Server, deliveries: Set<Promise<unknown>>, workspace: string) {
    this.#state = state
    this.#server = server
    this.#person = new Person(state, server)
    this.#deliveries = deliveries
    this.workspace = workspace
    this.limits = state.limits
  }

  /** For SLACK_API_URL. */
  get url(): string {
    return `${this.#state.origin}/api/`
  }

  get origin(): string {
    return this.#state.origin
  }

  /** The bot token of the first workspace. */
  get token(): string {
    return this.tokenOf(this.workspace)
  }

  get appToken(): string {
    return this.#state.appToken
  }

  get signingSecret(): string {
    return this.#state.signingSecret
  }

  get appId(): string {
    return this.#state.appId
  }

  get clientId(): string {
    return this.#state.clientId
  }

  get clientSecret(): string {
    return this.#state.clientSecret
  }

  /** The bot's own user id in the workspace. */
  botUser(workspace = this.workspace): string {
    return workspaceOf(this.#state, workspace).botUser
  }

  tokenOf(workspace: string): string {
    return workspaceOf(this.#state, workspace).token
  }

  get calls(): Call[] {
    return this.#state.calls
  }

  get violations(): string[] {
    return this.#state.violations
  }

  /** Takes what a test provoked on purpose, so that the list is empty again. */
  takeViolations(): string[] {
    return this.#state.violations.splice(0)
  }

  /** How many Socket Mode connections are open. */
  get connections(): number {
    return this.#server.sockets.open.size
  }

  fault(fault: Fault): void {
    if (fault.type === 'drop') this.#server.sockets.drop()
    else this.#state.faults.push({ ...fault, times: fault.times ?? 1 })
  }

  /** Slack asks the app to renew its connections. */
  refreshSockets(reason: 'warning' | 'refresh_requested' | 'link_disabled' = 'refresh_requested'): void {
    this.#server.sockets.refresh(reason)
  }

  /** Sets where signed requests go, after the handshake that Slack makes: the app must echo the challenge. */
  async useRequestUrl(url: string): Promise<boolean> {
    this.#state.requestUrl = url
    const challenge = secret()
    const payload = { token: 'verification-is-deprecated', challenge, type: 'url_verification' }
    const { contentType, body } = encode({ type: 'events_api', payload })
    const headers = { 'content-type': contentType, ...signature(this.#state, body) }
    const response = await fetch(url, { method: 'POST', headers, body })
    const text = await response.text()
    const echoed = text === challenge || text.includes(`"challenge":"${challenge}"`)
    if (!response.ok || !echoed) this.#state.violations.push(`url_verification: answered ${response.status}`)
    return response.ok && echoed
  }

  /** Waits until everything that Slack sent by itself is answered, late retries aside. */
  async settled(): Promise<void> {
    while (this.#deliveries.size > 0) await Promise.all(this.#deliveries)
  }

  async stop(): Promise<void> {
    for (const timer of this.#state.timers) clearTimeout(timer)
    await this.#server.close()
  }

  // What there is.

  addWorkspace(name: string, { installed = true, scopes }: { installed?: boolean; scopes?: string[] } = {}): string {
    const workspace = addWorkspace(this.#state, name)
    if (installed) install(this.#state, workspace, scopes ?? this.#state.manifest.oauth_config.scopes.bot)
    return workspace.id
  }

  addUser(person: string | NewPerson, workspace = this.workspace): string {
    const about = typeof person === 'string' ? { name: person } : person
    return addPerson(this.#state, workspaceOf(this.#state, workspace), about)
  }

  addChannel(channel: string | NewChannel, workspace = this.workspace): string {
    const about = typeof channel === 'string' ? { name: channel } : channel
    return addChannel(this.#state, workspaceOf(this.#state, workspace), about)
  }

  /** The person's private conversation with the bot, opened if there was none. */
  directOf(user: string): string {
    const { team } = personOf(this.#state, user)
    return directId(this.#state, user) ?? openDirect(this.#state, workspaceOf(this.#state, team).botUser, user).id
  }

  changeUser(user: string, change: Partial<Omit<NewPerson, 'id'>>): void {
    Object.assign(personOf(this.#state, user), change)
  }

  /** Scopes that the bot token has from now on. */
  setScopes(scopes: string[], workspace = this.workspace): void {
    workspaceOf(this.#state, workspace).scopes = scopes
  }

  /** Only admins may post in the channel from now on. */
  restrict(channel: string, restricted = true): void {
    conversationOf(this.#state, channel).restricted = restricted
  }

  /** A text that a stranger wrote: from now on `active` tells where its markup acts. */
  distrust(...texts: string[]): void {
    for (const text of texts) this.#state.strangers.add(text)
  }

  // What a person does. Each promise says how the app answered.

  slash(user: string, channel: string, command: string, text = ''): Promise<Answer> {
    return this.#person.slash(user, channel, command, text)
  }

  /** By `action_id`, label or value; the place is what `messages`, `modal` or `home` returned. */
  click(...args: Parameters<Person['click']>): Promise<Answer> {
    return this.#person.click(...args)
  }

  select(...args: Parameters<Person['select']>): Promise<Answer> {
    return this.#person.select(...args)
  }

  suggest(...args: Parameters<Person['suggest']>): Promise<Answer & { options: Json[] }> {
    return this.#person.suggest(...args)
  }

  submit(...args: Parameters<Person['submit']>): Promise<Answer> {
    return this.#person.submit(...args)
  }

  closeModal(...args: Parameters<Person['closeModal']>): Promise<Answer[]> {
    return this.#person.closeModal(...args)
  }

  openHome(...args: Parameters<Person['openHome']>): Promise<EventAnswer> {
    return this.#person.openHome(...args)
  }

  shortcut(user: string, callbackId: string): Promise<Answer> {
    return this.#person.shortcut(user, callbackId)
  }

  messageAction(...args: Parameters<Person['messageAction']>): Promise<Answer> {
    return this.#person.messageAction(...args)
  }

  say(...args: Parameters<Person['say']>): ReturnType<Person['say']> {
    return this.#person.say(...args)
  }

  edit(...args: Parameters<Person['edit']>): Promise<EventAnswer> {
    return this.#person.edit(...args)
  }

  delete(...args: Parameters<Person['delete']>): Promise<EventAnswer> {
    return this.#person.delete(...args)
  }

  /** Somebody joins, or is brought in; the bot too. */
  async invite(channel: string, user: string, inviter?: string): Promise<EventAnswer> {
    const conversation = conversationOf(this.#state, channel)
    conversation.members.add(user)
    return this.#tell(conversation.team, {
      type: 'member_joined_channel',
      user,
      channel,
      channel_type: conversation.kind === 'group' ? 'G' : 'C',
      team: conversation.team,
      ...(inviter === undefined ? {} : { inviter }),
    })
  }

  /** The bot is removed from the channel. */
  async kick(channel: string, by: string): Promise<EventAnswer> {
    const conversation = conversationOf(this.#state, channel)
    const { botUser } = workspaceOf(this.#state, conversation.team)
    if (!conversation.members.delete(botUser)) throw new Error('the bot is not in the channel')
    return this.#tell(conversation.team, { type: this.#named(channel, 'left'), channel, actor_id: by })
  }

  async archive(channel: string, by: string, archived = true): Promise<EventAnswer> {
    const conversation = conversationOf(this.#state, channel)
    conversation.archived = archived
    const type = this.#named(channel, archived ? 'archive' : 'unarchive')
    return this.#tell(conversation.team, { type, channel, user: by, is_moved: 0 })
  }

  async deleteChannel(channel: string, by: string): Promise<EventAnswer> {
    const conversation = conversationOf(this.#state, channel)
    const type = this.#named(channel, 'deleted')
    this.#state.conversations.delete(channel)
    return this.#tell(conversation.team, { type, channel, actor_id: by })
  }

  /** An admin takes the app off: both events come, and every call is refused from then on. */
  async uninstall(workspace = this.workspace): Promise<EventAnswer[]> {
    const { botUser } = workspaceOf(this.#state, workspace)
    revoke(workspaceOf(this.#state, workspace), 'account_inactive')
    return [
      await this.#tell(workspace, { type: 'tokens_revoked', tokens: { oauth: [], bot: [botUser] } }),
      await this.#tell(workspace, { type: 'app_uninstalled' }),
    ]
  }

  /** The token is revoked, and the app is told. */
  async revokeToken(workspace = this.workspace): Promise<EventAnswer> {
    const { botUser } = workspaceOf(this.#state, workspace)
    revoke(workspaceOf(this.#state, workspace), 'token_revoked')
    return this.#tell(workspace, { type: 'tokens_revoked', tokens: { oauth: [], bot: [botUser] } })
  }

  /**
   * The person is on Slack's consent page (`/oauth/v2/authorize` or `/openid/connect/authorize`) and allows, or not:
   * the address at the app that the browser is sent to. The test follows it with the cookies of its browser.
   */
  async consent(user: string, authorizeUrl: string, allows = true): Promise<string> {
    const url = new URL(authorizeUrl)
    if (url.origin !== this.origin) throw new Error(`that is not Slack: ${url.origin}`)
    const page = await fetch(url)
    if (!page.ok) throw new Error(`Slack shows no consent page: ${await page.text()}`)
    return this.#server.consents.decide(this.#server.consents.ask(url), user, allows)
  }

  /** Delivers an event as it is given, for payloads that were recorded. */
  replay(type: 'events_api' | 'slash_commands' | 'interactive', payload: Json): Promise<Answer> {
    return deliver(this.#state, this.#server.sockets, { type, name: `replayed ${type}`, payload })
  }

  // What a person sees.

  /** The channel as this person reads it, threads included, oldest first. */
  messages(channel: string, user: string): Seen[] {
    return this.#state.messages
      .filter((message) => message.channel === channel)
      .filter((message) => message.ephemeralTo === undefined || message.ephemeralTo === user)
      .map((message) => seeMessage(this.#state, message))
  }

  /** The modal on top before this person. */
  modal(user: string): SeenView | undefined {
    const top = openModals(this.#state, user).at(-1)
    return top && seeView(this.#state, top)
  }

  home(user: string): SeenView | undefined {
    const home = this.#state.homes.get(user)
    return home && seeView(this.#state, home)
  }

  #tell(team: string, event: Json & { type: string }): Promise<EventAnswer> {
    const told = { ...event, event_ts: newTs(this.#state) }
    return emit(this.#state, this.#server.sockets, workspaceOf(this.#state, team), told)
  }

  #named(channel: string, what: string): string {
    return `${conversationOf(this.#state, channel).kind === 'group' ? 'group' : 'channel'}_${what}`
  }
}

function newState(options: SlackOptions): State {
  return {
    origin: '',
    appId: 'A0AUTOCO01',
    clientId: '1000000001.2000000002',
    clientSecret: secret(16),
    signingSecret: secret(16),
    appToken: `xapp-1-A0AUTOCO01-1-${secret(16)}`,
    requestUrl: options.requestUrl ?? '',
    manifest: options.manifest ?? plainManifest,
    limits: { ...slackLimits, ...options.limits },
    workspaces: new Map<string, Workspace>(),
    people: new Map(),
    conversations: new Map(),
    messages: [],
    modals: new Map(),
    homes: new Map(),
    triggers: new Map(),
    responseUrls: new Map(),
    strangers: new Set(),
    calls: [],
    violations: [],
    faults: [],
    timers: new Set(),
    seq: 0,
    lastTs: 0,
  }
}
