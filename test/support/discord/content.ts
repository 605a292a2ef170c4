import { invalidForm, refuse } from './refusal.ts'
import type { Json } from './json.ts'

export const flags = { suppressEmbeds: 1 << 2, ephemeral: 1 << 6, components: 1 << 15 } as const

const sizes: [string, number][] = [
  ['title', 256],
  ['description', 4096],
]

/** Limits of a message that stand in Discord's documents, and not (or looser) in its OpenAPI. */
export function checkMessage(body: Json, files: number[] = []): void {
  const content: string = body.content ?? ''
  const embeds: Json[] = body.embeds ?? []
  const rows: Json[] = body.components ?? []
  const v2 = Boolean((body.flags ?? 0) & flags.components)
  if (Array.from(content).length > 2000) throw tooLong('content', 2000)
  if (embeds.length > 10) throw invalidForm('embeds', 'BASE_TYPE_MAX_LENGTH', 'Must be 10 or fewer in length.')
  for (const [index, embed] of embeds.entries()) checkEmbed(`embeds.${index}`, embed)
  if (embeds.reduce((sum, embed) => sum + embedSize(embed), 0) > 6000)
    throw invalidForm('embeds', 'MAX_EMBED_SIZE_EXCEEDED', 'Embed size exceeds maximum size of 6000')
  if (files.length > 10 || (body.attachments ?? []).length > 10)
    throw invalidForm('attachments', 'BASE_TYPE_MAX_LENGTH', 'Must be 10 or fewer in length.')
  if (files.some((size) => size > 10 * 1024 * 1024)) throw refuse(40005)
  if (v2 && (content || embeds.length > 0 || body.poll || body.sticker_ids?.length))
    throw invalidForm('content', 'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2', 'Not with components v2.')
  checkComponents(rows, v2)
  if (body.poll) checkPoll(body.poll)
}

/** Whether anything at all would be shown. */
export function isEmpty(body: Json, files: number): boolean {
  return (
    !body.content?.trim() &&
    !body.embeds?.length &&
    !body.components?.length &&
    !body.poll &&
    !body.sticker_ids?.length &&
    files === 0
  )
}

export function checkComponents(rows: Json[], v2 = false): void {
  const all = rows.flatMap((row, index) => within(row, `components.${index}`))
  if (!v2 && rows.length > 5)
    throw invalidForm('components', 'BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 5 in length.')
  if (!v2 && rows.some((row) => row.type !== 1))
    throw invalidForm('components', 'UNION_TYPE_CHOICES', 'Only action rows.')
  if (v2 && all.length > 40)
    throw invalidForm('components', 'COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED', 'Too many components: 40.')
  const text = all.reduce((sum, [, one]) => sum + (one.type === 10 ? one.content.length : 0), 0)
  if (text > 4000) throw tooLong('components', 4000)
  const seen = new Set<string>()
  for (const [at, one] of all) {
    checkComponent(at, one)
    if (!one.custom_id) continue
    if (seen.has(one.custom_id))
      throw invalidForm(`${at}.custom_id`, 'COMPONENT_CUSTOM_ID_DUPLICATED', 'Component custom id cannot be duplicated')
    seen.add(one.custom_id)
  }
}

export function checkModal(data: Json): void {
  short('title', data.title, 45, 1)
  short('custom_id', data.custom_id, 100, 1)
  const rows: Json[] = data.components ?? []
  if (rows.length < 1 || rows.length > 5)
    throw invalidForm('components', 'BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 5 in length.')
  checkComponents(rows, true)
}

export function checkChoices(choices: Json[]): void {
  if (choices.length > 25) throw invalidForm('choices', 'BASE_TYPE_MAX_LENGTH', 'Must be 25 or fewer in length.')
  for (const [index, choice] of choices.entries()) {
    short(`choices.${index}.name`, choice.name, 100, 1)
    if (typeof choice.value === 'string') short(`choices.${index}.value`, choice.value, 100)
  }
}

export function within(component: Json, at: string): [string, Json][] {
  const inner: [string, Json[]][] = [
    ['components', component.components ?? []],
    ['component', component.component ? [component.component] : []],
    ['accessory', component.accessory ? [component.accessory] : []],
  ]
  return [
    [at, component],
    ...inner.flatMap(([key, list]) =>
      list.flatMap((one, index) => within(one, key === 'components' ? `${at}.${key}.${index}` : `${at}.${key}`)),
    ),
  ]
}

function checkComponent(at: string, one: Json): void {
  if (one.type === 1) {
    const inner: Json[] = one.components ?? []
    const room = inner.some((each) => each.type !== 2) ? 1 : 5
    if (inner.length < 1 || inner.length > room)
      throw invalidForm(`${at}.components`, 'BASE_TYPE_BAD_LENGTH', `Must be between 1 and ${room} in length.`)
  }
  if (one.type === 2) {
    short(`${at}.label`, one.label ?? '', 80)
    if (one.style === 5) {
      short(`${at}.url`, one.url, 512, 1)
      if (one.custom_id) throw invalidForm(at, 'BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE', 'Not both.')
      return
    }
    if (one.url) throw invalidForm(at, 'BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE', 'Not both.')
    if (!one.label && !one.emoji)
      throw invalidForm(at, 'BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED', 'A label or an emoji.')
  }
  if (one.type >= 2 && one.type <= 8) short(`${at}.custom_id`, one.custom_id, 100, 1)
  if (one.type === 3) checkSelect(at, one)
  if (one.type === 4) {
    if (one.label !== undefined) short(`${at}.label`, one.label, 45, 1)
    if ((one.max_length ?? 1) > 4000 || (one.value ?? '').length > 4000) throw tooLong(`${at}.value`, 4000)
    short(`${at}.placeholder`, one.placeholder ?? '', 100)
  }
  if (one.type === 18) short(`${at}.label`, one.label, 45, 1)
}

function checkSelect(at: string, one: Json): void {
  const options: Json[] = one.options ?? []
  if (options.length < 1 || options.length > 25)
    throw invalidForm(`${at}.options`, 'BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 25 in length.')
  short(`${at}.placeholder`, one.placeholder ?? '', 150)
  for (const [index, option] of options.entries()) {
    short(`${at}.options.${index}.label`, option.label, 100, 1)
    short(`${at}.options.${index}.value`, option.value, 100, 1)
    short(`${at}.options.${index}.description`, option.description ?? '', 100)
  }
}

function checkEmbed(at: string, embed: Json): void {
  for (const [key, most] of sizes) short(`${at}.${key}`, embed[key] ?? '', most)
  short(`${at}.footer.text`, embed.footer?.text ?? '', 2048)
  short(`${at}.author.name`, embed.author?.name ?? '', 256)
  const fields: Json[] = embed.fields ?? []
  if (fields.length > 25) throw invalidForm(`${at}.fields`, 'BASE_TYPE_MAX_LENGTH', 'Must be 25 or fewer in length.')
  for (const [index, field] of fields.entries()) {
    short(`${at}.fields.${index}.name`, field.name, 256, 1)
    short(`${at}.fields.${index}.value`, field.value, 1024, 1)
  }
}

function checkPoll(poll: Json): void {
  if (poll.answers.length > 10)
    throw invalidForm('poll.answers', 'BASE_TYPE_MAX_LENGTH', 'Must be 10 or fewer in length.')
  if ((poll.duration ?? 24) > 768) throw invalidForm('poll.duration', 'NUMBER_TYPE_MAX', 'Must be 768 or less.')
}

function embedSize(embed: Json): number {
  const fields: Json[] = embed.fields ?? []
  const texts = [
    embed.title,
    embed.description,
    embed.footer?.text,
    embed.author?.name,
    ...fields.flatMap((one) => [one.name, one.value]),
  ]
  return texts.reduce((sum: number, text) => sum + (text?.length ?? 0), 0)
}

function short(at: string, text: unknown, most: number, least = 0): void {
  if (typeof text !== 'string') throw invalidForm(at, 'BASE_TYPE_REQUIRED', 'This field is required')
  if (text.length > most || text.length < least) throw tooLong(at, most)
}

function tooLong(at: string, most: number): Error {
  return invalidForm(at, 'BASE_TYPE_BAD_LENGTH', `Must be ${most} or fewer in length.`)
}
