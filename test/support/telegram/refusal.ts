import type { Json } from './state.ts'

/** How the Bot API says no. */
export class Refusal extends Error {
  readonly code: number
  readonly parameters: Json | undefined
  constructor(code: number, description: string, parameters?: Json) {
    super(description)
    this.code = code
    this.parameters = parameters
  }
}

export function bad(description: string, parameters?: Json): never {
  throw new Refusal(400, `Bad Request: ${description}`, parameters)
}

export function forbidden(description: string): never {
  throw new Refusal(403, `Forbidden: ${description}`)
}
