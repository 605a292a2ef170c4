import type { OpenAI } from 'openai'
import { AiError } from './error.ts'

const mostBytes = 2_000_000

/** Loaded only when a model is asked: without one the package stays on disk. Nothing of the environment decides where texts go. */
export async function connect(options: { baseUrl: string; apiKey?: string | undefined }): Promise<OpenAI> {
  const { OpenAI } = await import('openai')
  return new OpenAI({
    baseURL: options.baseUrl,
    apiKey: options.apiKey ?? 'none',
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: 0,
    logLevel: 'off',
    fetch: (url, init) => send(url, init, options.apiKey),
  })
}

/**
 * The request with our headers only, to one address only: a redirect would carry people's messages to another host. The
 * body is read here, so that the deadline also ends an answer that drips.
 */
async function send(
  url: Parameters<typeof fetch>[0],
  init: RequestInit | undefined,
  apiKey: string | undefined,
): Promise<Response> {
  const response = await fetch(url, {
    method: init?.method ?? 'POST',
    body: init?.body ?? null,
    signal: init?.signal ?? null,
    redirect: 'manual',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(apiKey ? { authorization: `Bearer ${apiKey}` } : {}),
    },
  })
  if (response.status >= 300 && response.status < 400) {
    await response.body?.cancel()
    throw new AiError('unsupported', 'the model server answered with a redirect, which is not followed')
  }
  const text = await readCapped(response)
  if (response.ok && !isObject(text))
    throw new AiError('bad-answer', 'the model server answered with something other than JSON')
  const headers = new Headers({ 'content-type': 'application/json' })
  for (const name of ['retry-after', 'retry-after-ms']) {
    const value = response.headers.get(name)
    if (value) headers.set(name, value)
  }
  return new Response(response.ok || isObject(text) ? text : JSON.stringify({ error: { message: '' } }), {
    status: response.status,
    headers,
  })
}

async function readCapped(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    if (size > mostBytes) throw new AiError('bad-answer', 'the model server answered with more than 2 MB')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null
  } catch {
    return false
  }
}
