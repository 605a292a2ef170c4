import type { Config, Platform } from '../../core/index.ts'

export function createSlack(_config: Config): Platform {
  throw new Error('not built yet')
}
