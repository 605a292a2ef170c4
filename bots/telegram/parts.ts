import type { Api } from 'grammy'
import type { App, Inbox } from '../../core/index.ts'
import type { Lines } from './lines.ts'
import type { About, Posts } from './send.ts'

export type Parts = {
  app: App
  api: Api
  inbox: Inbox
  lines: Lines
  posts: Posts
  about: () => About
  bot: number
  /** Presses that were told that nothing was done: Telegram may tell them once more. */
  refused: Set<string>
}
