import type { Json } from './json.ts'

/** How Discord says no: an HTTP status, its own code, and where in the body the fault is. */
export class Refusal extends Error {
  readonly status: number
  readonly code: number
  readonly errors: Json | undefined

  constructor(status: number, code: number, message: string, errors?: Json) {
    super(message)
    this.status = status
    this.code = code
    this.errors = errors
  }

  body(): Json {
    return { message: this.message, code: this.code, ...(this.errors && { errors: this.errors }) }
  }
}

/** 50035 with the path of one bad field. */
export function invalidForm(path: string, code: string, message: string): Refusal {
  const errors = path.split('.').reduceRight<Json>((inner, key) => ({ [key]: inner }), { _errors: [{ code, message }] })
  return new Refusal(400, 50035, 'Invalid Form Body', errors)
}

const sentences: Record<number, [number, string]> = {
  10003: [404, 'Unknown Channel'],
  10004: [404, 'Unknown Guild'],
  10007: [404, 'Unknown Member'],
  10008: [404, 'Unknown Message'],
  10011: [404, 'Unknown Role'],
  10013: [404, 'Unknown User'],
  10015: [404, 'Unknown Webhook'],
  10062: [404, 'Unknown interaction'],
  40005: [413, 'Request entity too large'],
  40060: [400, 'Interaction has already been acknowledged.'],
  40094: [400, 'Maximum number of follow-up messages reached for this interaction'],
  50001: [403, 'Missing Access'],
  50005: [403, 'Cannot edit a message authored by another user'],
  50006: [400, 'Cannot send an empty message'],
  50007: [403, 'Cannot send messages to this user'],
  50008: [400, 'Cannot send messages in a non-text channel'],
  50013: [403, 'Missing Permissions'],
  50027: [401, 'Invalid Webhook Token'],
  50083: [400, 'Thread is archived'],
  160004: [400, 'A thread has already been created for this message'],
}

export function refuse(code: number): Refusal {
  const [status, sentence] = sentences[code] ?? [400, 'Refused']
  return new Refusal(status, code, sentence)
}
