import { createHash } from 'node:crypto'
import type { Api } from 'grammy'
import { cut, pageUrl, type App } from '../../core/index.ts'

const most = 100

/** Tells Telegram our commands and the button beside the text field, and only when they are not what it knows. */
export async function register({ ctx, commands }: App, api: Api, bot: number): Promise<void> {
  const menu = (isForManagers: boolean) =>
    commands
      .filter(({ access }) => isForManagers || access !== 'manager')
      .slice(0, most)
      .map(({ name, description }) => ({ command: name.replaceAll('-', '_'), description: cut(description, 250) }))
  const app = pageUrl(ctx.config, '/app/telegram')
  const hash = createHash('sha256')
    .update(JSON.stringify([bot, menu(true), menu(false), app]))
    .digest('hex')
  const kv = ctx.kv('telegram')
  if ((await kv.get('menu')) === hash) return
  await api.setMyCommands(menu(false))
  await api.setMyCommands(menu(true), { scope: { type: 'all_private_chats' } })
  await api.setMyCommands(menu(true), { scope: { type: 'all_chat_administrators' } })
  if (app.startsWith('https://'))
    await api.setChatMenuButton({ menu_button: { type: 'web_app', text: 'AutoCo', web_app: { url: app } } })
  await kv.set('menu', hash)
}
