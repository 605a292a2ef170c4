import { Refusal } from './refusal.ts'
import { isGroup, type Chat, type State } from './state.ts'

const graceMs = 250

/** Flood control: so much a second in all, so much in a chat, so much a minute in a group. A call during a wait is a breach. */
export class Flood {
  readonly #state: State
  #sent: { at: number; chat: number }[] = []
  readonly #waits = new Map<string, { from: number; until: number }>()

  constructor(state: State) {
    this.#state = state
  }

  take(chat: Chat): void {
    const now = performance.now()
    const { limits } = this.#state
    this.#sent = this.#sent.filter(({ at }) => now - at < 60_000)
    this.#mustWait('all', now)
    this.#mustWait(String(chat.id), now)
    const since = (ms: number, id?: number) =>
      this.#sent.filter(({ at, chat: where }) => now - at < ms && (id === undefined || where === id)).length
    if (since(1_000) >= limits.perSecond) this.#refuse('all', 1, now)
    const burstMs = (limits.chatBurst / limits.chatPerSecond) * 1_000
    if (since(burstMs, chat.id) >= limits.chatBurst) this.#refuse(String(chat.id), 1, now)
    if (isGroup(chat) && since(60_000, chat.id) >= limits.groupPerMinute) {
      const oldest = this.#sent.find(({ chat: where }) => where === chat.id)?.at ?? now
      this.#refuse(String(chat.id), Math.ceil((60_000 - (now - oldest)) / 1_000), now)
    }
    this.#sent.push({ at: now, chat: chat.id })
  }

  /** A wait that is asked for on purpose. */
  hold(chat: number | undefined, seconds: number): never {
    return this.#refuse(chat === undefined ? 'all' : String(chat), seconds, performance.now())
  }

  #mustWait(key: string, now: number): void {
    const wait = this.#waits.get(key)
    if (!wait || now >= wait.until - graceMs / 5) return
    // What was on its way when the first refusal was said is no breach.
    if (now > wait.from + graceMs) this.#state.violations.push(`called during the wait that a 429 asked for (${key})`)
    throw tooMany(Math.ceil((wait.until - now) / 1_000))
  }

  #refuse(key: string, seconds: number, from: number): never {
    this.#waits.set(key, { from, until: from + seconds * 1_000 })
    throw tooMany(seconds)
  }
}

const tooMany = (seconds: number): Refusal =>
  new Refusal(429, `Too Many Requests: retry after ${seconds}`, { retry_after: seconds })
