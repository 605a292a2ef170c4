import type { Context } from '../../core/index.ts'
import type { Message } from './playground-store.ts'
import { findMessage } from './playground-store.ts'

type Listener = (change: { id: string; channel: string; visibleTo: string | null }) => void

/** Tells every open tab that a message is new, changed or gone; the tab's own stream then reads what its person may see. */
export type Hub = {
  publish(message: { id: string; channel: string; visible_to: string | null }): void
  /** Waits for changes that this person may see. */
  subscribe(ctx: Pick<Context, 'db'>, person: string, onMessage: (message: Message) => Promise<void>): () => void
}

export function createHub(): Hub {
  const listeners = new Set<Listener>()
  return {
    publish({ id, channel, visible_to: visibleTo }) {
      for (const listener of listeners) listener({ id, channel, visibleTo })
    },
    subscribe(ctx, person, onMessage) {
      // One after the other, so that an edit never reaches the tab before the message.
      let turn: Promise<void> = Promise.resolve()
      const listener: Listener = ({ id, channel, visibleTo }) => {
        if (visibleTo !== null && visibleTo !== person) return
        if (channel.startsWith('@') && channel !== `@${person}`) return
        turn = turn
          .then(async () => {
            const message = await findMessage(ctx, { id, person })
            if (message) await onMessage(message)
          })
          .catch(() => undefined)
      }
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
