import type { Json } from './json.ts'

export type Call = {
  method: string
  route: string
  path: string
  body: Json
  at: number
  status: number
  answer?: unknown
}
