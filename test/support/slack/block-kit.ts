import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import { hasShared, readShared } from '../shared.ts'
import { refuse } from './refusal.ts'
import { word } from './state.ts'
import type { Block, Json } from './state.ts'

type Schema = { definitions: Record<string, { properties?: Record<string, { const?: string; enum?: string[] }> }> }

const schemaFile = 'specs/slack/block-kit.schema.json'
const most = { message: 50, modal: 100, home: 100 }
const elementLists = ['elements', 'blocks'] as const

/** Judges blocks and views by the Block Kit schema, where it is, and by Slack's limits always. */
export class BlockKit {
  #blocks = new Map<string, ValidateFunction>()
  #views = new Map<string, ValidateFunction>()

  /** Compiles everything at once: later it would eat into somebody's three seconds. */
  constructor() {
    if (!hasShared) return
    const schema = JSON.parse(readShared(schemaFile)) as Schema
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false })
    ajv.addSchema(schema, 'slack')
    for (const [name, definition] of Object.entries(schema.definitions)) {
      const type = definition.properties?.['type']?.const
      if (!type) continue
      if (name.endsWith('Block')) this.#blocks.set(type, ajv.compile({ $ref: `slack#/definitions/${name}` }))
      if (name.endsWith('View')) this.#views.set(type, ajv.compile({ $ref: `slack#/definitions/${name}` }))
    }
  }

  /** Blocks of a message, with the ids that Slack gives to those without. */
  message(blocks: unknown): Block[] {
    const faults = this.#faults(blocks, 'message')
    if (faults.length > 0) refuse('invalid_blocks', faults)
    return named(blocks as Block[])
  }

  view(view: unknown): Json & { type: string; blocks: Block[] } {
    if (typeof view !== 'object' || view === null) refuse('invalid_arguments', ['view must be an object'])
    const { type, blocks } = view as Json
    if (type !== 'modal' && type !== 'home') refuse('invalid_arguments', ['unsupported type of view'])
    const faults = [...this.#faults(blocks, type), ...viewFaults(view as Json)]
    const judge = this.#views.get(type)
    if (faults.length === 0 && judge && !judge(view)) faults.push(...said(judge.errors, ''))
    if (faults.length > 0) refuse('invalid_arguments', faults)
    return { ...(view as Json), type, blocks: named(blocks as Block[]) }
  }

  #faults(blocks: unknown, surface: keyof typeof most): string[] {
    if (!Array.isArray(blocks)) return ['blocks must be an array']
    if (blocks.length > most[surface]) return [`no more than ${most[surface]} items allowed [json-pointer:/blocks]`]
    const ids = new Set<string>()
    return blocks.flatMap((block: Block, index) => {
      const at = `/blocks/${index}`
      const faults = [...this.#shape(block, at), ...limitFaults(block, at)]
      const id = block?.block_id
      if (id !== undefined && ids.has(id)) faults.push(`block_id already exists: ${id} [json-pointer:${at}]`)
      if (id !== undefined) ids.add(id)
      return faults
    })
  }

  #shape(block: Block, at: string): string[] {
    if (!hasShared) return []
    const judge = this.#blocks.get(block?.type)
    if (!judge) return [`unsupported type: ${block?.type} [json-pointer:${at}/type]`]
    return judge(block) ? [] : said(judge.errors, at)
  }
}

/** What the schema cannot say, and what a clone without the schema must still check. */
function limitFaults(block: Block, at: string): string[] {
  const faults: string[] = []
  const tooLong = (what: string, value: unknown, max: number): void => {
    const words = typeof value === 'object' && value !== null ? (value as Json)['text'] : value
    if (typeof words === 'string' && words.length > max)
      faults.push(`must be less than ${max + 1} characters [json-pointer:${at}/${what}]`)
  }
  tooLong('block_id', block.block_id, 255)
  if (block.type === 'section') {
    tooLong('text', block['text'], 3_000)
    const fields = (block['fields'] ?? []) as Json[]
    if (fields.length > 10) faults.push(`no more than 10 items allowed [json-pointer:${at}/fields]`)
    for (const field of fields) tooLong('fields', field, 2_000)
    if (!block['text'] && fields.length === 0) faults.push(`text or fields are needed [json-pointer:${at}]`)
  }
  if (block.type === 'header') {
    tooLong('text', block['text'], 150)
    if ((block['text'] as Json | undefined)?.['type'] !== 'plain_text')
      faults.push(`must be plain_text [json-pointer:${at}/text]`)
  }
  const elements = (block['elements'] ?? []) as Json[]
  const many = block.type === 'actions' ? 25 : block.type === 'context' ? 10 : undefined
  if (many && (elements.length > many || elements.length === 0))
    faults.push(`between 1 and ${many} items needed [json-pointer:${at}/elements]`)
  const ids = new Set<string>()
  for (const element of [...elements, block['accessory'], block['element']] as (Json | undefined)[]) {
    if (!element) continue
    const id = element['action_id'] as string | undefined
    if (id !== undefined && ids.has(id)) faults.push(`action_id already exists: ${id} [json-pointer:${at}]`)
    if (id !== undefined) ids.add(id)
    tooLong('action_id', id, 255)
    faults.push(...optionFaults(element, at))
    const confirm = element['confirm'] as Json | undefined
    for (const [key, max] of Object.entries({ title: 100, text: 300, confirm: 30, deny: 30 }))
      tooLong(`confirm/${key}`, confirm?.[key], max)
    if (element['type'] !== 'button') continue
    tooLong('text', element['text'], 75)
    tooLong('value', element['value'], 2_000)
    tooLong('url', element['url'], 3_000)
    if (!(element['text'] as Json | undefined)?.['text']) faults.push(`a button needs a text [json-pointer:${at}]`)
  }
  faults.push(...emptyTexts(block, at))
  return faults
}

function optionFaults(element: Json, at: string): string[] {
  const options = (element['options'] ?? []) as Json[]
  const faults = options.length > 100 ? [`no more than 100 items allowed [json-pointer:${at}/options]`] : []
  if (Array.isArray(element['options']) && options.length === 0) faults.push(`options are needed [json-pointer:${at}]`)
  const isLong = ({ text, value }: Json): boolean =>
    word((text as Json | undefined)?.['text']).length > 75 || word(value).length > 75
  if (options.some(isLong)) faults.push(`must be less than 76 characters [json-pointer:${at}/options]`)
  return faults
}

/** Slack refuses empty texts everywhere but in what a person may fill. */
function emptyTexts(node: unknown, at: string): string[] {
  if (typeof node !== 'object' || node === null) return []
  const { type, text } = node as Json
  const isText = (type === 'mrkdwn' || type === 'plain_text') && typeof text === 'string'
  const own = isText && text === '' ? [`must be more than 0 characters [json-pointer:${at}/text]`] : []
  return [...own, ...Object.entries(node).flatMap(([key, value]) => emptyTexts(value, `${at}/${key}`))]
}

function viewFaults(view: Json): string[] {
  const faults: string[] = []
  const words = (key: string): string | undefined => (view[key] as Json | undefined)?.['text'] as string | undefined
  if (view['type'] === 'modal') {
    if (!words('title')) faults.push('a title is needed [json-pointer:/view/title]')
    for (const key of ['title', 'submit', 'close'])
      if ((words(key)?.length ?? 0) > 24) faults.push(`must be less than 25 characters [json-pointer:/view/${key}]`)
    const asks = (view['blocks'] as Block[]).some((block) => block.type === 'input')
    if (asks && !view['submit']) faults.push('submit is needed with an input block [json-pointer:/view/submit]')
  }
  for (const [key, max] of Object.entries({ callback_id: 255, private_metadata: 3_000, external_id: 255 }))
    if (word(view[key]).length > max) faults.push(`must be less than ${max + 1} characters [json-pointer:/view/${key}]`)
  return faults
}

function said(errors: ErrorObject[] | null | undefined, at: string): string[] {
  const vague = new Set(['anyOf', 'oneOf', 'allOf', 'const', 'enum', 'additionalProperties'])
  const all = errors ?? []
  const plain = all.filter((error) => !vague.has(error.keyword))
  return (plain.length > 0 ? plain : all)
    .slice(0, 3)
    .map((error) => `${error.message} [json-pointer:${at}${error.instancePath}]`)
}

let unnamed = 0

function named(blocks: Block[]): Block[] {
  return blocks.map((block) => ({ ...block, block_id: block.block_id ?? `b${(unnamed += 1).toString(36)}=` }))
}

/** All words of the blocks together, as Slack counts them against its undocumented limit. */
export function countText(node: unknown): number {
  if (typeof node !== 'object' || node === null) return 0
  if (Array.isArray(node)) return node.reduce<number>((sum, each) => sum + countText(each), 0)
  const { text, ...rest } = node as Json
  const own = typeof text === 'string' ? text.length : countText(text)
  return own + Object.values(rest).reduce<number>((sum, each) => sum + countText(each), 0)
}

/** The elements that a person can use, in messages and views. */
export function elementsOf(blocks: Block[]): { block: Block; element: Json }[] {
  return blocks.flatMap((block) => {
    const direct = [block['accessory'], block['element']].filter(Boolean) as Json[]
    const listed = elementLists.flatMap((key) => (Array.isArray(block[key]) ? (block[key] as Json[]) : []))
    return [...direct, ...listed].map((element) => ({ block, element }))
  })
}
