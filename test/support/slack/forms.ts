import { elementsOf } from './block-kit.ts'
import { word } from './state.ts'
import type { Block, Json, OpenView } from './state.ts'

export type Values = Record<string, string | string[]>

type Found = { block: Block; element: Json }

const several = new Set(['multi_static_select', 'multi_external_select', 'checkboxes'])
const plain: Record<string, string> = {
  plain_text_input: 'value',
  email_text_input: 'value',
  url_text_input: 'value',
  number_input: 'value',
  datepicker: 'selected_date',
  timepicker: 'selected_time',
  datetimepicker: 'selected_date_time',
  users_select: 'selected_user',
  channels_select: 'selected_channel',
  conversations_select: 'selected_conversation',
  multi_users_select: 'selected_users',
  multi_channels_select: 'selected_channels',
  multi_conversations_select: 'selected_conversations',
}

/** What Slack reports of an element that a person set to `value`; it must be possible there. */
export function chosen(element: Json, value: string | string[] | undefined): Json {
  const type = word(element['type'])
  const key = plain[type]
  if (key) return { type, [key]: key === 'selected_date_time' && value !== undefined ? Number(value) : (value ?? null) }
  if (several.has(type)) {
    const wanted = value === undefined ? [] : [value].flat()
    return { type, selected_options: wanted.map((each) => optionOf(element, each)) }
  }
  return { type, selected_option: value === undefined ? null : optionOf(element, String(value)) }
}

/** Fills the inputs of a modal by `action_id`, `block_id` or label, and refuses what the client would not let through. */
export function fill(view: OpenView, values: Values): void {
  const found = elementsOf(view.spec.blocks).filter(({ block, element }) => isField(block, element))
  const used = new Set<string>()
  for (const each of found) {
    const name = namesOf(each).find((candidate) => candidate in values)
    if (name !== undefined) used.add(name)
    const typed = name === undefined ? alreadyIn(view, each) : chosen(each.element, values[name])
    checkInput(each, typed)
    const { block, element } = each
    view.values[block.block_id!] = { ...view.values[block.block_id!], [word(element['action_id'])]: typed }
  }
  const strange = Object.keys(values).filter((name) => !used.has(name))
  if (strange.length > 0) throw new Error(`the modal has no field ${strange.join(', ')}`)
}

function isField(block: Block, element: Json): boolean {
  return block.type === 'input' || (element['type'] !== 'button' && element['action_id'] !== undefined)
}

function namesOf({ block, element }: Found): string[] {
  const label = (block['label'] as Json | undefined)?.['text']
  return [word(element['action_id']), String(block.block_id), ...(label === undefined ? [] : [word(label)])]
}

/** What stands there: typed before, or the element's initial value. */
function alreadyIn(view: OpenView, { block, element }: Found): Json {
  const before = view.values[block.block_id!]?.[word(element['action_id'])]
  if (before) return before
  const type = word(element['type'])
  const options = element['initial_options'] as Json[] | undefined
  if (options) return { type, selected_options: options }
  const option = element['initial_option'] as Json | undefined
  if (option) return { type, selected_option: option }
  const initial = Object.entries(element).find(([key]) => key.startsWith('initial_'))?.[1]
  return chosen(element, initial as string | undefined)
}

function checkInput({ block, element }: Found, typed: Json): void {
  if (block.type !== 'input') return
  const label = word((block['label'] as Json)['text'])
  const values = Object.entries(typed).filter(([key]) => key !== 'type')
  const isEmpty = values.every(
    ([, value]) => value === null || value === '' || (Array.isArray(value) && value.length === 0),
  )
  if (isEmpty && block['optional'] !== true) throw new Error(`"${label}" must be filled in before it can be sent`)
  const text = typed['value']
  if (typeof text !== 'string') return
  const [min, max] = [Number(element['min_length'] ?? 0), Number(element['max_length'] ?? 3_000)]
  if (!isEmpty && (text.length < min || text.length > max))
    throw new Error(`"${label}" takes ${min} to ${max} characters`)
}

function optionOf(element: Json, value: string): Json {
  const groups = (element['option_groups'] ?? []) as Json[]
  const suggested = (element['suggested'] ?? []) as Json[]
  const options = [element['options'] ?? [], ...groups.map((group) => group['options']), suggested].flat() as Json[]
  const option = options.find((each) => each['value'] === value || (each['text'] as Json)['text'] === value)
  if (!option) throw new Error(`${word(element['action_id'])} offers no ${value}`)
  return option
}
