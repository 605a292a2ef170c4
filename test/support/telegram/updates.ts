import { Refusal } from './refusal.ts'
import type { Spec } from './spec.ts'
import type { Json, State } from './state.ts'

type Poll = { resolve(updates: Json[]): void; reject(error: Error): void; limit: number; timer: NodeJS.Timeout }

const stopped = 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running'
const webhookOn =
  "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"

/** What happened, until the bot has confirmed it: by long polling, or by webhook. */
export class Updates {
  readonly #state: State
  readonly #spec: Spec
  #queue: Json[] = []
  #poll: Poll | undefined
  #webhook: { url: string; secret: string | undefined } | undefined
  #allowed: string[] = []
  #lastId = 1_000
  #isDelivering = false
  #isOver = false
  /** The next update comes so many times. */
  copies = 1
  /** Where a webhook's address leads to: a public name means nothing on the loopback. */
  sendTo: (url: string) => string = (url) => url

  constructor(state: State, spec: Spec) {
    this.#state = state
    this.#spec = spec
  }

  get webhookUrl(): string {
    return this.#webhook?.url ?? ''
  }

  get pending(): number {
    return this.#queue.length
  }

  get isPolled(): boolean {
    return this.#poll !== undefined
  }

  push(kind: string, body: Json): number {
    const update_id = (this.#lastId += 1)
    const update = { update_id, [kind]: body }
    for (const fault of this.#spec.shape(update, 'Update')) this.#state.violations.push(`own update: ${fault}`)
    const isWanted = this.#allowed.length === 0 ? kind !== 'chat_member' : this.#allowed.includes(kind)
    if (!isWanted) return update_id
    for (let copy = 0; copy < this.copies; copy += 1) this.#queue.push(update)
    this.copies = 1
    if (this.#webhook) void this.#deliver()
    else this.#release(this.#queue.slice(0, this.#poll?.limit ?? 0))
    return update_id
  }

  async get(params: Json): Promise<Json[]> {
    if (this.#webhook) throw new Refusal(409, webhookOn)
    this.stopPolling(stopped)
    if (params['allowed_updates']) this.#allowed = params['allowed_updates'] as string[]
    const offset = Number(params['offset'] ?? 0)
    if (offset > 0) this.#queue = this.#queue.filter(({ update_id }) => (update_id as number) >= offset)
    const limit = Number(params['limit'] ?? 100)
    if (this.#queue.length > 0) return this.#queue.slice(0, limit)
    const seconds = Math.min(Number(params['timeout'] ?? 0), 50)
    if (seconds <= 0) return []
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#release([]), seconds * 1_000)
      this.#poll = { resolve, reject, limit, timer }
    })
  }

  setWebhook(params: Json): void {
    this.stopPolling('Conflict: terminated by setWebhook request')
    const url = (params['url'] ?? '') as string
    this.#webhook = url ? { url, secret: params['secret_token'] as string | undefined } : undefined
    if (params['allowed_updates']) this.#allowed = params['allowed_updates'] as string[]
    if (params['drop_pending_updates']) this.#queue = []
    void this.#deliver()
  }

  stopPolling(why: string): void {
    const poll = this.#poll
    this.#poll = undefined
    if (!poll) return
    clearTimeout(poll.timer)
    poll.reject(new Refusal(409, why))
  }

  stop(): void {
    this.#isOver = true
    this.#webhook = undefined
    this.#release([])
  }

  #release(updates: Json[]): void {
    const poll = this.#poll
    if (!poll || (updates.length === 0 && !this.#isOver && poll.limit === 0)) return
    this.#poll = undefined
    clearTimeout(poll.timer)
    poll.resolve(updates)
  }

  async #deliver(): Promise<void> {
    if (this.#isDelivering) return
    this.#isDelivering = true
    let waitMs = 50
    for (let update = this.#queue[0]; update && this.#webhook; update = this.#queue[0]) {
      const { url, secret } = this.#webhook
      const headers = {
        'content-type': 'application/json',
        ...(secret === undefined ? {} : { 'x-telegram-bot-api-secret-token': secret }),
      }
      const response = await fetch(this.sendTo(url), { method: 'POST', headers, body: JSON.stringify(update) }).catch(
        () => undefined,
      )
      if (response?.ok) {
        this.#queue.shift()
        waitMs = 50
      } else {
        await new Promise((resolve) => setTimeout(resolve, waitMs))
        waitMs = Math.min(waitMs * 2, 2_000)
      }
    }
    this.#isDelivering = false
  }
}
