import { createHash } from 'node:crypto'
import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  PermissionFlagsBits,
  Routes,
  type APIApplicationCommandBasicOption,
  type RESTPostAPIChatInputApplicationCommandsJSONBody,
} from 'discord.js'
import type { AnyCommand, App, Arg } from '../../core/index.ts'
import type { Api } from './api.ts'

const limits = { description: 100, choices: 25, choice: 100 }

/** Tells Discord our commands, and only when they are not what it knows: it takes few changes a day. */
export async function registerCommands({ ctx, commands }: App, api: Api, application: string): Promise<void> {
  const body = commands.map(slashCommand)
  const hash = createHash('sha256')
    .update(JSON.stringify([application, body]))
    .digest('hex')
  const kv = ctx.kv('discord')
  if ((await kv.get('commands')) === hash) return
  await api.call('PUT', Routes.applicationCommands(application), { body })
  await kv.set('commands', hash)
}

/** No option is required: what is left out, a form asks for. */
const slashCommand = (command: AnyCommand): RESTPostAPIChatInputApplicationCommandsJSONBody => ({
  type: ApplicationCommandType.ChatInput,
  name: command.name,
  description: command.description.slice(0, limits.description),
  contexts: [InteractionContextType.Guild, InteractionContextType.BotDM],
  integration_types: [ApplicationIntegrationType.GuildInstall],
  default_member_permissions: command.access === 'manager' ? PermissionFlagsBits.ManageGuild.toString() : null,
  options: Object.entries(command.args).map(([name, arg]) => option(name, arg)),
})

function option(name: string, arg: Arg<unknown>): APIApplicationCommandBasicOption {
  const common = { name, description: arg.description.slice(0, limits.description), required: false }
  if (arg.kind === 'role') return { ...common, type: ApplicationCommandOptionType.Role }
  const choices = arg.kind === 'several' ? undefined : choicesOf(arg)
  if (choices) return { ...common, type: ApplicationCommandOptionType.String, choices }
  return { ...common, type: ApplicationCommandOptionType.String, autocomplete: arg.complete !== undefined }
}

/** The choices of an argument, where Discord can show them all. */
export function choicesOf(arg: Arg<unknown>): { name: string; value: string }[] | undefined {
  if (!arg.choices || arg.choices.length > limits.choices) return undefined
  return arg.choices.map(({ value, label }) => ({ name: label.slice(0, limits.choice), value }))
}
