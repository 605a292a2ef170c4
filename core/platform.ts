import type { IncomingMessage, ServerResponse } from 'node:http'
import type { View } from './view.ts'

/**
 * A place to talk in: a chat channel, or a private conversation (a channel too, see `privateChannel`). `id` is the
 * platform's own; `server` is the Discord server that the channel belongs to, where there is one.
 */
export type Channel = { platform: string; id: string; server?: string | undefined }

/** A message that was sent, in the platform's own terms; plain JSON, kept by the outbox. */
export type MessageRef = { platform: string; channel: string; id: string; thread?: string }

/** Who speaks, as the platform proved it. `workspace` is the Slack team, '' where accounts are the whole platform's. */
export type Caller = { platform: string; workspace: string; user: string; name: string; manager: boolean }

/** The private conversation with one account: `@user`, or `@team/user` where accounts belong to a team. */
export const privateChannel = ({
  platform,
  workspace,
  user,
}: Pick<Caller, 'platform' | 'workspace' | 'user'>): Channel => ({
  platform,
  id: workspace ? `@${workspace}/${user}` : `@${user}`,
})

/** One thing a person did: a typed line, a pressed button or a sent form, always as a command line. */
export type Call = {
  caller: Caller
  channel: Channel
  line: string
  /** A link asks for it, which anybody may have made: it changes nothing. */
  byLink?: boolean
}

/** What core says anything through: one chat platform's sending half. `Platform` in `host.ts` is the whole. */
export interface Messenger {
  readonly name: string
  /**
   * `key` names the message for good: a platform that can recognise a repeated send does so by it. `maybeSent` says that
   * an earlier attempt may have arrived although nobody heard so: look before sending, as well as the platform lets
   * you. What is found may show an older view, and is edited.
   */
  send(
    to: Channel,
    view: View,
    options: { key: string; under?: MessageRef | undefined; maybeSent?: boolean },
  ): Promise<MessageRef>
  edit(message: MessageRef, view: View): Promise<void>
}

/** A platform that knows what it may do in a channel: asked when the channel is set up. */
export interface ChecksChannels {
  /** What AutoCo lacks there, in the platform's own words (`Send Messages in Threads`); nothing when all is well. */
  missing(channel: Channel): Promise<string[]>
}

/** Who the platform says is at the browser. */
export type ProvedAccount = { workspace: string; user: string; name: string }

/** A platform with a login of its own (Discord OAuth2, Slack OpenID), so that no code has to be typed back. */
export interface ProvesAccounts {
  /** The address that the browser is sent to; undefined where the login is not configured. */
  loginUrl(params: { state: string; redirectUri: string; challenge: string; workspace: string }): string | undefined
  /** Trades what came back for the account. Throws UserError when the platform does not stand by it. */
  login(params: { code: string; redirectUri: string; verifier: string; state: string }): Promise<ProvedAccount>
}

/** A platform that opens our pages itself and signs for who opened them (Telegram Mini Apps). */
export interface ProvesLaunches {
  /** Throws UserError when the launch data is not the platform's or is too old. */
  launch(data: string): { account: ProvedAccount; startParam: string | undefined; hash: string }
  /** The command line that a link's start parameter stands for. */
  startLine(startParam: string): Promise<string>
}

/** A platform whose members wear roles that we may give and take. */
export interface GivesRoles {
  /** Throws UserError with what stands in the way; true when something changed. */
  setRole(params: { server: string; user: string; role: string; has: boolean }): Promise<boolean>
  roleName(params: { server: string; role: string }): Promise<string | undefined>
}

/** A platform where nobody is written to in private before they agreed (`mayMessage`). */
export interface AsksFirst {
  asksFirst: true
}

/** A platform that hears by HTTP: the web server hands it what comes in under `/hooks/<platform>/`. */
export interface Serves {
  serve(request: IncomingMessage, response: ServerResponse): void
}

/** A platform that says at the start what it can and cannot do here, and how to mend it. */
export interface Tells {
  notes(): string[]
}

/** Asks a platform for one of these abilities by the name of its method. */
export const has = <A>(platform: Messenger | undefined, method: keyof A & string): platform is Messenger & A =>
  platform !== undefined && method in platform

/**
 * The channel or the message is gone for good (deleted, blocked, permission lost): never retried. `reason` is a sentence
 * for whoever set the channel up: why, and what to give back, as in `AutoCo lacks the permission Send Messages there.`
 */
export class GoneError extends Error {
  readonly what: 'channel' | 'message'
  readonly reason: string | undefined
  constructor(what: 'channel' | 'message', options: { reason?: string | undefined; cause?: unknown } = {}) {
    super(`The ${what} is gone.`, { cause: options.cause })
    this.name = 'GoneError'
    this.what = what
    this.reason = options.reason
  }
}
