import { getHttpRpcClient } from 'viem/utils'
import { RetryableError } from '../errors.ts'

export type NodeCall = { method: string; params: readonly unknown[] }
export type NodeFault = { code: number; message: string }
/** What the node said to one call of a batch: a result, or a fault in its own words. */
export type NodeAnswer = { result: unknown } | { fault: NodeFault }

const timeoutMs = 8_000
const maxBytes = 50_000_000
/** Public nodes refuse longer batches. */
const batchSize = 50

const busy = /rate.?limit|too many requests|requests? (per|limit)|capacity|throughput|throttl|credits/i
const noBatch = /batch/i

/**
 * Asks a node many things in one HTTP request (a JSON-RPC batch). Whatever is no orderly answer (no connection, 429, a
 * page instead of JSON, half a body) is a `RetryableError`; what the node refuses is in the answers.
 */
export async function askNode(url: string, calls: readonly NodeCall[]): Promise<NodeAnswer[]> {
  const answers: NodeAnswer[] = []
  for (let from = 0; from < calls.length; from += batchSize)
    answers.push(...(await askBatch(url, calls.slice(from, from + batchSize))))
  return answers
}

/** The result of a call that a healthy node does not refuse. */
export function resultOf(answer: NodeAnswer | undefined): unknown {
  if (answer && 'result' in answer) return answer.result
  throw new RetryableError('The node refused a question.', {
    cause: new Error(answer?.fault.message.slice(0, 200) ?? 'no answer'),
  })
}

type Item = { id?: unknown; result?: unknown; error?: { code?: unknown; message?: unknown } }

async function askBatch(url: string, calls: readonly NodeCall[]): Promise<NodeAnswer[]> {
  const items = await post(url, calls)
  const first = items[0]?.error?.message
  const refused = items.every((item) => item.error) && typeof first === 'string' && noBatch.test(first)
  if (refused && calls.length > 1) {
    const answers: NodeAnswer[] = []
    for (const call of calls) answers.push(...(await askBatch(url, [call])))
    return answers
  }
  return calls.map((_call, id) => {
    const item = items.find((each) => each.id === id)
    if (!item) throw new RetryableError('The node left out an answer.')
    if (!item.error) return { result: item.result }
    const fault = { code: Number(item.error.code), message: String(item.error.message) }
    if (fault.code === 429 || (fault.code !== 3 && busy.test(fault.message))) throw retryable(fault.message)
    return { fault }
  })
}

async function post(url: string, calls: readonly NodeCall[]): Promise<Item[]> {
  const body = calls.map((call, id) => ({ id, method: call.method, params: [...call.params] }))
  try {
    const client = getHttpRpcClient(url, { timeout: timeoutMs, maxResponseBodySize: maxBytes })
    const items = (await client.request({ body })) as Item[]
    // A batch that was refused as a whole comes back as one error for all.
    return items.every((item) => item.error) ? items.map((item, id) => ({ ...item, id })) : items
  } catch (error) {
    const message = refusalOf(error)
    if (message === undefined) throw retryable(error)
    return calls.map((_call, id) => ({ id, error: { code: -32_000, message } }))
  }
}

type HttpFault = { name?: string; status?: number; headers?: Headers; details?: string; message?: string }

/** Nodes also refuse a range by a 4xx, by not ending, or by sending more than anybody takes. */
function refusalOf(error: unknown): string | undefined {
  const { name, status = 0, details = '' } = error as HttpFault
  if (name === 'ResponseBodyTooLargeError') return 'response size exceeded'
  if (name === 'TimeoutError') return 'query timeout exceeded'
  return status >= 400 && status < 500 && status !== 429 && details !== '' ? details : undefined
}

function retryable(error: unknown): RetryableError {
  const { name, status, headers, details } = (typeof error === 'string' ? { details: error } : error) as HttpFault
  const afterMs = Number(headers?.get('retry-after')) * 1_000
  const words = [name, status, details?.slice(0, 200)].filter(Boolean).join(' ')
  // The library's own words hold the whole request and the address; neither belongs in a log.
  return new RetryableError('The node does not answer.', {
    ...(afterMs > 0 ? { afterMs } : {}),
    cause: new Error(words),
  })
}
