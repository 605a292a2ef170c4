import {
  ComponentType,
  TextInputStyle,
  type APIComponentInLabel,
  type APILabelComponent,
  type APIModalInteractionResponseCallbackData,
  type APIModalSubmission,
} from 'discord.js'
import type { AnyCommand, Arg } from '../../core/index.ts'
import { choicesOf } from './register.ts'

type Words = Record<string, string>

const limits = { title: 45, label: 45, description: 100, fields: 5, text: 4_000 }

/** An argument that was left out although a later one is there: a line could not say so. */
export function gapOf(command: AnyCommand, words: Words): string | undefined {
  const keys = Object.keys(command.args)
  const last = keys.findLastIndex((key) => words[key])
  return keys.slice(0, Math.max(last, 0)).find((key) => !words[key])
}

/** The form that asks for what is missing, with what is there filled in. */
export function modalOf(
  command: AnyCommand,
  words: Words,
  missing: readonly string[],
): APIModalInteractionResponseCallbackData {
  const keys = Object.keys(command.args)
  const lastNeeded = keys.findLastIndex((key) => command.args[key]?.required || missing.includes(key))
  const asked = new Set([...missing, ...keys.filter((key) => !missing.includes(key))].slice(0, limits.fields))
  const kept = Object.entries(words).filter(([key]) => !asked.has(key))
  const shown = Object.entries(command.args).filter(([key]) => asked.has(key))
  return {
    custom_id: kept.length === 0 ? command.name : `${command.name}?${String(new URLSearchParams(kept))}`,
    title: command.description.slice(0, limits.title),
    components: shown.map(([key, arg]) => label(key, arg, words[key], keys.indexOf(key) <= lastNeeded)),
  }
}

function label(key: string, arg: Arg<unknown>, word: string | undefined, required: boolean): APILabelComponent {
  const isShort = arg.description.length <= limits.label
  return {
    type: ComponentType.Label,
    label: isShort ? arg.description : key.charAt(0).toUpperCase() + key.slice(1),
    ...(isShort ? {} : { description: arg.description.slice(0, limits.description) }),
    component: field(key, arg, word, required),
  }
}

function field(key: string, arg: Arg<unknown>, word: string | undefined, required: boolean): APIComponentInLabel {
  const common = { custom_id: key, required }
  if (arg.kind === 'role')
    return {
      ...common,
      type: ComponentType.RoleSelect,
      min_values: required ? 1 : 0,
      ...(word && /^\d+$/.test(word) ? { default_values: [{ id: word, type: 'role' as never }] } : {}),
    }
  const choices = choicesOf(arg)
  if (choices) {
    const given = new Set(word?.split(','))
    return {
      ...common,
      type: ComponentType.StringSelect,
      min_values: required ? 1 : 0,
      max_values: arg.kind === 'several' ? choices.length : 1,
      options: choices.map(({ name, value }) => ({ label: name, value, default: given.has(value) })),
    }
  }
  return {
    ...common,
    type: ComponentType.TextInput,
    style: arg.rest ? TextInputStyle.Paragraph : TextInputStyle.Short,
    max_length: limits.text,
    ...(word ? { value: word.slice(0, limits.text) } : {}),
  }
}

/** What a sent form says: the command's name and its words. */
export function submitted({ custom_id, components }: APIModalSubmission): { name: string; words: Words } {
  const [name = '', kept = ''] = custom_id.split('?')
  const words: Words = Object.fromEntries(new URLSearchParams(kept))
  for (const part of components) {
    if (part.type !== ComponentType.Label) continue
    const { component } = part
    if ('value' in component) words[component.custom_id] = String(component.value ?? '')
    else if ('values' in component) words[component.custom_id] = component.values.join(',')
  }
  return { name, words }
}
