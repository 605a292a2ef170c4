import fs from 'node:fs'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { hasShared, shared } from '../shared.ts'
import { invalidForm } from './refusal.ts'
import type { Json } from './state.ts'

type Operation = { requestBody?: { content?: Record<string, { schema: Json }> } }
type Document = { paths: Record<string, Record<string, Operation>>; components: Json }

/** What the bot sends, with a body that Discord's own document describes. */
const checked = [
  ['PUT', '/applications/{application_id}/commands'],
  ['POST', '/channels/{channel_id}/messages'],
  ['PATCH', '/channels/{channel_id}/messages/{message_id}'],
  ['POST', '/channels/{channel_id}/messages/{message_id}/threads'],
  ['POST', '/channels/{channel_id}/threads'],
  ['POST', '/users/@me/channels'],
  ['POST', '/interactions/{interaction_id}/{interaction_token}/callback'],
  ['POST', '/webhooks/{webhook_id}/{webhook_token}'],
  ['PATCH', '/webhooks/{webhook_id}/{webhook_token}/messages/@original'],
  ['PATCH', '/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}'],
] as const

type Check = { method: string; pattern: RegExp; validate: ValidateFunction }
let compiled: Check[] | undefined

/** Discord's official OpenAPI as the judge of bodies; without ../shared the hand-written limits stand alone. */
export class Spec {
  readonly #checks: Check[]

  constructor() {
    this.#checks = hasShared ? (compiled ??= compile()) : []
  }

  check(method: string, path: string, body: Json): void {
    const found = this.#checks.find((one) => one.method === method && one.pattern.test(path))
    if (!found) return
    // A list of commands is read as a body of its own.
    const data: unknown = Array.isArray(body['list']) ? body['list'] : structuredClone(body)
    if (found.validate(data)) return
    const fault = found.validate.errors?.toSorted((a, b) => b.instancePath.length - a.instancePath.length)[0]
    const at = fault?.instancePath.split('/').filter(Boolean).join('.') || 'body'
    throw invalidForm(at, 'SPEC', `${fault?.message ?? 'does not fit'} ${JSON.stringify(fault?.params ?? {})}`)
  }
}

function compile(): Check[] {
  const document = JSON.parse(fs.readFileSync(shared('specs/discord/openapi.json'), 'utf8')) as Document
  // Numbers and strings are taken for one another, as Discord does.
  const ajv = new Ajv2020({ strict: false, coerceTypes: true, allErrors: false, validateFormats: false })
  ajv.addSchema({ $id: 'discord', components: document.components })
  return checked.flatMap(([method, template]) => {
    const content = document.paths[template]?.[method.toLowerCase()]?.requestBody?.content
    const schema = content?.['application/json']?.schema
    if (!schema) return []
    const pattern = new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`)
    return [{ method, pattern, validate: ajv.compile(absolute(schema)) }]
  })
}

const absolute = (schema: Json): Json =>
  JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"discord#/')) as Json
