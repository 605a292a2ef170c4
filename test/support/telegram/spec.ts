import fs from 'node:fs'
import { hasShared, shared } from '../shared.ts'
import type { Json } from './state.ts'

type Field = { name: string; types: string[]; required: boolean; description?: string }
type Kind = { name: string; fields?: Field[]; subtypes?: string[] }
type Document = { version: string; methods: Record<string, Kind & { returns: string[] }>; types: Record<string, Kind> }

type Limit = { unit: 'characters' | 'bytes' | 'items' | 'value'; least: number; most: number }

/** The limits that stand in the document's own sentences. */
const sentences: [RegExp, Limit['unit'], boolean][] = [
  [/(\d+)-(\d+) characters/i, 'characters', true],
  [/(\d+)-(\d+) bytes/i, 'bytes', true],
  [/(\d+)-(\d+) (?:items|answer options)/i, 'items', true],
  [/must include (\d+)-(\d+) items/i, 'items', true],
  [/values between (\d+)-(\d+) are accepted/i, 'value', true],
  [/at most (\d+) \w+ can be specified/i, 'items', false],
  [/no more than (\d+) results per query/i, 'items', false],
]

function limitOf({ description = '' }: Field): Limit | undefined {
  for (const [pattern, unit, isRange] of sentences) {
    const match = pattern.exec(description)
    if (!match) continue
    return { unit, least: isRange ? Number(match[1]) : 0, most: Number(match[isRange ? 2 : 1]) }
  }
  return undefined
}

let document: Document | undefined

/** Telegram's Bot API as a document: what a call may hold, and what an update or a result must. Empty without ../shared. */
export class Spec {
  readonly #document: Document | undefined = hasShared
    ? (document ??= JSON.parse(fs.readFileSync(shared('specs/telegram/api.json'), 'utf8')) as Document)
    : undefined

  knows(method: string): boolean {
    return this.#document === undefined || this.#document.methods[method] !== undefined
  }

  /** What is wrong with the parameters of a call; empty when nothing is. */
  faults(method: string, params: Json): string[] {
    const kind = this.#document?.methods[method]
    return kind ? this.#fields(kind, params, method) : []
  }

  /** The same for what Telegram itself says. */
  shape(value: unknown, type: string): string[] {
    return this.#document ? this.#value(value, type, type) : []
  }

  #fields(kind: Kind, given: Json, at: string): string[] {
    const fields = kind.fields ?? []
    const known = new Set(fields.map(({ name }) => name))
    const strange = Object.keys(given).filter((name) => !known.has(name))
    return [
      ...strange.map((name) => `${at}: unknown field ${name}`),
      ...fields.flatMap((field) => this.#field(field, given[field.name], `${at}.${field.name}`)),
    ]
  }

  #field(field: Field, value: unknown, at: string): string[] {
    if (value === undefined) return field.required ? [`${at} is required`] : []
    const tries = field.types.map((type) => this.#value(value, type, at))
    const best = tries.toSorted((a, b) => a.length - b.length)[0] ?? []
    return best.length > 0 ? best : this.#limit(field, value, at)
  }

  #limit(field: Field, value: unknown, at: string): string[] {
    const limit = limitOf(field)
    if (!limit) return []
    const size =
      limit.unit === 'bytes'
        ? Buffer.byteLength(String(value))
        : limit.unit === 'value'
          ? Number(value)
          : Array.isArray(value) || typeof value === 'string'
            ? value.length
            : undefined
    const isInside = size === undefined || (size >= limit.least && size <= limit.most)
    return isInside ? [] : [`${at}: ${size} is not within ${limit.least}-${limit.most} ${limit.unit}`]
  }

  #value(value: unknown, type: string, at: string): string[] {
    const list = /^Array of (.+)$/.exec(type)?.[1]
    if (list !== undefined)
      return Array.isArray(value)
        ? value.flatMap((each, index) => this.#value(each, list, `${at}[${index}]`))
        : [`${at} is no list`]
    const simple = plain[type]
    if (simple) return simple(value) ? [] : [`${at} is no ${type}`]
    const kind = this.#document?.types[type]
    if (!kind) return [`${at}: no type ${type}`]
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${at} is no ${type}`]
    if (kind.subtypes && kind.subtypes.length > 0)
      return kind.subtypes.map((sub) => this.#value(value, sub, at)).toSorted((a, b) => a.length - b.length)[0] ?? []
    return this.#fields(kind, value as Json, at)
  }
}

const plain: Record<string, (value: unknown) => boolean> = {
  Integer: (value) => Number.isSafeInteger(value) || (typeof value === 'string' && /^-?\d+$/.test(value)),
  Float: (value) => typeof value === 'number' || (typeof value === 'string' && Number.isFinite(Number(value))),
  String: (value) => typeof value === 'string',
  Boolean: (value) => typeof value === 'boolean' || value === 'true' || value === 'false',
  True: (value) => value === true || value === 'true',
  InputFile: (value) => typeof value === 'string',
}
