import type { Config } from './config.ts'

/** Where people reach our pages: configured, never taken from a request. */
export function pageUrl(config: Pick<Config, 'PUBLIC_URL' | 'PORT'>, path = '/'): string {
  return new URL(path, config.PUBLIC_URL ?? `http://127.0.0.1:${config.PORT}`).href
}
