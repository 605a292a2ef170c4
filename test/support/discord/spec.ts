import fs from 'node:fs'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { hasShared, shared } from '../shared.ts'
import { invalidForm } from './refusal.ts'
import type { Call } from './call.ts'
import type { Json } from './json.ts'

type Content = { content?: Record<string, { schema: Json }> }
type Operation = { requestBody?: Content; responses: Record<string, Content> }
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

/** What the emulator itself answered otherwise than Discord's document says. */
export function faultsOfAnswers(calls: readonly Call[]): string[] {
  const { document, ajv } = read()
  const compiled = new Map<string, ValidateFunction>()
  return calls.flatMap(({ method, route, status, answer }) => {
    if (answer === undefined || status >= 300) return []
    const name = `${method} ${route} ${status}`
    const template = Object.keys(document.paths).find((one) =>
      patternOf(one).test(route.replaceAll(/:\w+/g, '@original')),
    )
    const content = document.paths[template ?? '']?.[method.toLowerCase()]?.responses[status]?.content
    const schema = content?.['application/json']?.schema
    if (!schema) return [`${name}: the document knows no such answer`]
    const validate = compiled.get(name) ?? ajv.compile(absolute(schema))
    compiled.set(name, validate)
    if (validate(structuredClone(answer))) return []
    return [`${name}: ${ajv.errorsText(validate.errors)}`]
  })
}

function compile(): Check[] {
  const { document, ajv } = read()
  return checked.flatMap(([method, template]) => {
    const content = document.paths[template]?.[method.toLowerCase()]?.requestBody?.content
    const schema = content?.['application/json']?.schema
    if (!schema) return []
    return [{ method, pattern: patternOf(template), validate: ajv.compile(absolute(schema)) }]
  })
}

function read(): { document: Document; ajv: Ajv2020 } {
  // A nonce of digits is a string and a number at once.
  const text = fs.readFileSync(shared('specs/discord/openapi.json'), 'utf8').replaceAll('"oneOf"', '"anyOf"')
  const document = JSON.parse(text) as Document
  // Numbers and strings are taken for one another, as Discord does.
  const ajv = new Ajv2020({ strict: false, coerceTypes: true, allErrors: false, validateFormats: false })
  ajv.addSchema({ $id: 'discord', components: document.components })
  return { document, ajv }
}

const patternOf = (template: string): RegExp => new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`)

const absolute = (schema: Json): Json =>
  JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"discord#/')) as Json
