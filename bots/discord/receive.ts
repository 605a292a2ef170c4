import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ComponentType,
  InteractionResponseType,
  InteractionType,
  MessageFlags,
  PermissionFlagsBits,
  Routes,
  type APIApplicationCommandAutocompleteInteraction,
  type APIApplicationCommandInteractionDataOption,
  type APIInteraction,
  type APIInteractionResponse,
} from 'discord.js'
import {
  privateChannel,
  type Answer,
  type App,
  type Call,
  type CallHappening,
  type Caller,
  type Channel,
  type Inbox,
} from '../../core/index.ts'
import { codes, isRefused, type Api } from './api.ts'
import { gapOf, modalOf, submitted } from './forms.ts'
import type { Lines } from './lines.ts'
import { isThread } from './places.ts'
import { renderView, type RenderOptions } from './render.ts'

/** What is needed to answer an interaction later, after a restart too. */
export type Reply = { application: string; id: string; token: string; isPrivate: boolean }

/** Discord waits three seconds for completions; nobody waits that long for a list. */
const completeMs = 2_000
const limits = { choices: 25, choice: 100 }

/** Deals with one interaction: a form before any I/O, else one insert, the acknowledgement, then the work. */
export async function receive(
  app: App,
  { api, inbox }: { api: Api; inbox: Inbox },
  interaction: APIInteraction,
): Promise<void> {
  if (interaction.type === InteractionType.Ping) return
  if (interaction.type === InteractionType.ApplicationCommandAutocomplete)
    return await answer(api, interaction, {
      type: InteractionResponseType.ApplicationCommandAutocompleteResult,
      data: { choices: await completions(app, interaction) },
    })
  const asked = askedBy(app, interaction)
  if (asked === undefined) return
  if ('form' in asked) return await answer(api, interaction, { type: InteractionResponseType.Modal, data: asked.form })
  if ('refusal' in asked) return await answer(api, interaction, sentence(asked.refusal))
  const { line } = asked
  const caller = callerOf(interaction)
  const isPrivate = asked.isPrivate(caller)
  const { application_id: application, id, token } = interaction
  const happening: CallHappening = {
    key: `discord:${id}`,
    type: 'call',
    call: { caller, channel: channelOf(interaction), line },
    reply: { application, id, token, isPrivate } satisfies Reply,
  }
  const taken = await inbox.take(happening)
  if (taken === 'seen') return
  if (taken === 'busy')
    return await answer(
      api,
      interaction,
      sentence('AutoCo cannot store what you asked right now. Nothing was done: try again in a minute.'),
    )
  await answer(api, interaction, {
    type: InteractionResponseType.DeferredChannelMessageWithSource,
    data: isPrivate ? { flags: MessageFlags.Ephemeral } : {},
  }).catch((error: unknown) => app.ctx.log.info({ error }, 'not acknowledged in time'))
  await inbox.work(happening)
}

const sentence = (content: string): APIInteractionResponse => ({
  type: InteractionResponseType.ChannelMessageWithSource,
  data: { content, flags: MessageFlags.Ephemeral, allowed_mentions: { parse: [] } },
})

const answer = (api: Api, { id, token }: APIInteraction, body: APIInteractionResponse): Promise<void> =>
  api.call('POST', Routes.interactionCallback(id, token), { body, auth: false })

type Asked =
  | { line: string; isPrivate: (caller: Caller) => boolean }
  | { form: ReturnType<typeof modalOf> }
  | { refusal: string }

/** Pure: what an interaction asks for, and whether its answer is for the caller alone. */
function askedBy(app: App, interaction: APIInteraction): Asked | undefined {
  if (interaction.type === InteractionType.ApplicationCommand) {
    if (interaction.data.type !== ApplicationCommandType.ChatInput) return undefined
    const { name, options = [] } = interaction.data
    return byWords(app, name, wordsOf(options), true)
  }
  if (interaction.type === InteractionType.ModalSubmit) {
    const { name, words } = submitted(interaction.data)
    return byWords(app, name, words, false)
  }
  if (interaction.type !== InteractionType.MessageComponent) return undefined
  if (interaction.data.component_type !== ComponentType.Button) return undefined
  return byLine(app, interaction.data.custom_id)
}

function byWords(app: App, name: string, words: Record<string, string>, isFormPossible: boolean): Asked {
  const command = app.commands.find((entry) => entry.name === name)
  if (!command) return byLine(app, name)
  const gap = gapOf(command, words)
  if (gap === undefined) {
    const asked = byLine(app, app.formLine(command, words))
    // Discord opens no form behind a form.
    return 'form' in asked && !isFormPossible ? { refusal: 'Something is missing in what you filled in.' } : asked
  }
  if (isFormPossible) return { form: modalOf(command, words, [gap]) }
  return { refusal: `Fill in “${command.args[gap]?.description ?? gap}” too.` }
}

function byLine(app: App, line: string): Asked {
  if (line.startsWith('~')) return { line, isPrivate: () => line[1] !== 'c' }
  try {
    const parsed = app.parse(line)
    if (parsed.status === 'form') return { form: modalOf(parsed.command, parsed.words, parsed.missing) }
    if (parsed.status === 'ready') {
      const { audience, access } = parsed.command
      return { line, isPrivate: ({ manager }) => audience === 'caller' || (access === 'manager' && !manager) }
    }
  } catch {
    // The line makes no sense: app.run says so.
  }
  return { line, isPrivate: () => true }
}

const wordsOf = (options: readonly APIApplicationCommandInteractionDataOption[]): Record<string, string> =>
  Object.fromEntries(options.flatMap((option) => ('value' in option ? [[option.name, String(option.value)]] : [])))

function callerOf(interaction: APIInteraction): Caller {
  const { member } = interaction
  const user = member?.user ?? interaction.user
  if (!user) throw new Error('an interaction of nobody')
  const manages = PermissionFlagsBits.ManageGuild | PermissionFlagsBits.Administrator
  return {
    platform: 'discord',
    workspace: '',
    user: user.id,
    name: member?.nick ?? user.global_name ?? user.username,
    // In private everybody manages their own conversation.
    manager: member === undefined || (BigInt(member.permissions) & manages) !== 0n,
  }
}

/** A thread belongs to its channel, as what is set up there does. */
function channelOf(interaction: APIInteraction): Channel {
  const { guild_id: server, channel } = interaction
  if (server === undefined || !channel) return privateChannel(callerOf(interaction))
  const parent = isThread(channel.type) && 'parent_id' in channel ? channel.parent_id : undefined
  return { platform: 'discord', id: parent ?? channel.id, server }
}

async function completions(
  app: App,
  interaction: APIApplicationCommandAutocompleteInteraction,
): Promise<{ name: string; value: string }[]> {
  const { name, options } = interaction.data
  const focused = options.find((option) => 'focused' in option && option.focused)
  const keys = Object.keys(app.commands.find((entry) => entry.name === name)?.args ?? {})
  const index = keys.indexOf(focused?.name ?? '')
  if (index < 0 || focused?.type !== ApplicationCommandOptionType.String) return []
  // Words count: whatever stands before is one word each, and so is what is being typed.
  const words = [name, ...keys.slice(0, index).map(() => '-'), focused.value.replaceAll(/\s+/g, '_')]
  const call: Call = { caller: callerOf(interaction), channel: channelOf(interaction), line: words.join(' ') }
  const { promise: late, resolve } = Promise.withResolvers<never[]>()
  const timer = setTimeout(() => resolve([]), completeMs)
  const found = await Promise.race([app.complete(call).catch(() => []), late])
  clearTimeout(timer)
  return found
    .filter(({ value }) => value.length > 0 && value.length <= limits.choice)
    .slice(0, limits.choices)
    .map(({ value, label }) => ({ value, name: nameOf(value, label) }))
}

function nameOf(value: string, label: string): string {
  const name = label === '' || label.toLowerCase().includes(value.toLowerCase()) ? label || value : `${value}: ${label}`
  return name.slice(0, limits.choice).toWellFormed()
}

/** Nothing more can be said: the person did not wait, or fifteen minutes are over. */
const isOver = (error: unknown): boolean =>
  isRefused(
    error,
    codes.UnknownInteraction,
    codes.UnknownWebhook,
    codes.InvalidWebhookToken,
    codes.UnknownMessage,
    codes.UnknownChannel,
  )

/** Shows an answer where the acknowledgement stands; what only the caller may see replaces a public one. */
export async function answerCall(
  app: Pick<App, 'ctx'>,
  { api, lines, options }: { api: Api; lines: Lines; options: RenderOptions },
  { reply }: Pick<CallHappening, 'reply'>,
  { view, audience }: Answer,
): Promise<void> {
  const { application, token, isPrivate } = reply as Reply
  const body = renderView(view, options)
  await lines.keep()
  const original = Routes.webhookMessage(application, token)
  try {
    if (isPrivate || audience === 'channel') return void (await api.call('PATCH', original, { body, auth: false }))
    await api.call('DELETE', original, { auth: false }).catch((error: unknown) => {
      if (!isRefused(error, codes.UnknownMessage)) throw error
    })
    const flags = body.flags | MessageFlags.Ephemeral
    await api.call('POST', Routes.webhook(application, token), { body: { ...body, flags }, auth: false })
  } catch (error) {
    if (!isOver(error)) throw error
    app.ctx.log.info({ error }, 'too late for an answer')
  }
}
