import { DiscordAPIError, HTTPError, RateLimitError, REST, RESTJSONErrorCodes, type RequestData } from 'discord.js'
import type { RequestMethod } from 'discord.js'
import { RetryableError } from '../../core/index.ts'

/** A shorter wait is waited for in its place; a longer one goes back to whoever asked, so that it holds nobody up. */
const patientMs = 1_500
/** So many may wait for one channel; who comes later is told to come back. */
const crowd = 4
const crowdedMs = 500

/** Discord said no. It carries neither the address nor the body, which hold tokens. */
export class Refused extends Error {
  readonly code: number | string
  readonly status: number
  constructor({ code, status, message, method }: Pick<DiscordAPIError, 'code' | 'status' | 'message' | 'method'>) {
    super(`Discord refused a ${method}: ${status}, ${code}, ${message}`)
    this.name = 'Refused'
    this.code = code
    this.status = status
  }
}

export const isRefused = (error: unknown, ...codes: number[]): boolean =>
  error instanceof Refused && codes.some((code) => code === error.code)

export const codes = RESTJSONErrorCodes

type Ask = Pick<RequestData, 'body' | 'query' | 'auth' | 'reason' | 'headers' | 'passThroughBody'>
export type Api = {
  rest: REST
  call<T>(method: `${RequestMethod}`, route: `/${string}`, ask?: Ask): Promise<T>
}

/** Discord's REST with its limits kept by discord.js, one request at a time for each channel. */
export function createApi({ url, token, perSecond }: { url: string; token?: string; perSecond: number }): Api {
  const rest = new REST({
    version: '10',
    api: url.replace(/\/+$/, ''),
    globalRequestsPerSecond: perSecond,
    // Added to every wait; Discord tells how long a wait is, so no clock has to agree.
    offset: 20,
    // The outbox tries again, and looks first whether it was done.
    retries: 0,
    timeout: 6_000,
    rejectOnRateLimit: ({ retryAfter, timeToReset }) => Math.max(retryAfter, timeToReset) > patientMs,
  })
  if (token !== undefined) rest.setToken(token)
  const lines = new Map<string, { last: Promise<unknown>; waiting: number; heldUntil: number }>()

  const ask = async (
    place: string,
    request: { method: `${RequestMethod}`; fullRoute: `/${string}` } & Ask,
  ): Promise<unknown> => {
    const line = lines.get(place)
    const heldMs = (line?.heldUntil ?? 0) - Date.now()
    if (heldMs > 0) throw new RetryableError('Discord asked to wait.', { afterMs: heldMs })
    try {
      return await rest.request(request as Parameters<REST['request']>[0])
    } catch (error) {
      if (line && error instanceof RateLimitError && !error.global) line.heldUntil = Date.now() + error.retryAfter
      throw translated(error)
    }
  }

  return {
    rest,
    async call<T>(method: `${RequestMethod}`, fullRoute: `/${string}`, options: Ask = {}) {
      const place = /^\/(?:channels|guilds)\/\d+/.exec(fullRoute)?.[0]
      if (place === undefined) return (await ask('', { method, fullRoute, ...options })) as T
      const line = lines.get(place) ?? { last: Promise.resolve(), waiting: 0, heldUntil: 0 }
      if (line.waiting >= crowd) throw new RetryableError('Many wait for this channel.', { afterMs: crowdedMs })
      lines.set(place, line)
      line.waiting += 1
      const mine = line.last.then(() => ask(place, { method, fullRoute, ...options }))
      line.last = mine.catch(() => {})
      try {
        return (await mine) as T
      } finally {
        line.waiting -= 1
        if (line.waiting === 0 && line.heldUntil <= Date.now()) lines.delete(place)
      }
    },
  }
}

function translated(error: unknown): Error {
  if (error instanceof RateLimitError)
    return new RetryableError('Discord asked to wait.', { afterMs: Math.ceil(error.retryAfter) })
  if (error instanceof DiscordAPIError) return new Refused(error)
  const what = error instanceof HTTPError ? `answered ${error.status}` : 'did not answer'
  return new RetryableError(`Discord ${what}.`, { maybeDone: true })
}
