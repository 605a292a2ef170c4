import type { InlineQuery, InlineQueryResultArticle } from 'grammy/types'
import { cut, openCards } from '../../core/index.ts'
import type { Parts } from './parts.ts'

const pageSize = 10
/** Telegram keeps an answer so long for everybody who types the same. */
const cacheSeconds = 15

/** `@bot ens` in any chat: open proposals as cards, whose buttons work wherever they are sent. */
export async function answerInline({ app, api, posts, lines }: Parts, query: InlineQuery): Promise<void> {
  try {
    const offset = Number(query.offset) || 0
    const cards = await openCards(app.ctx, { typed: query.query, limit: pageSize, offset })
    const results = await Promise.all(
      cards.map(async ({ ref, title, isOpen, view }): Promise<InlineQueryResultArticle> => {
        const { text, entities, reply_markup, link_preview_options } = await posts.draw(view, 'inline')
        return {
          type: 'article',
          id: ref,
          title: cut(title, 80) || ref,
          description: `${ref}, ${isOpen ? 'open for votes' : 'not open yet'}`,
          input_message_content: { message_text: text, entities, link_preview_options },
          ...(reply_markup ? { reply_markup } : {}),
        }
      }),
    )
    await api.answerInlineQuery(query.id, results, {
      cache_time: cacheSeconds,
      is_personal: false,
      next_offset: cards.length === pageSize ? String(offset + pageSize) : '',
      button: {
        text: results.length > 0 ? 'What waits for my vote' : 'Nothing open fits: see everything',
        start_parameter: lines.startOf('home'),
      },
    })
  } catch (error) {
    // Who types on asks again; nothing was lost.
    app.ctx.log.info({ error }, 'an inline query was not answered')
  }
}
