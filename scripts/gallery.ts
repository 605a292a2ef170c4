/** `npm run gallery [file]`: every screen of AutoCo as the playground, Discord, Telegram and Slack draw it, on one page for the eye. */
import fs from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { html, raw } from 'hono/html'
import { renderView } from '../bots/web/render.ts'
import { gallery } from '../test/support/gallery.ts'
import { drawDiscord } from './gallery/discord.ts'
import { drawSlack } from './gallery/slack.ts'
import { drawTelegram } from './gallery/telegram.ts'

const root = path.resolve(import.meta.dirname, '..')
const file = path.resolve(process.argv[2] ?? path.join(root, 'dist', 'gallery.html'))
const own = fs.readFileSync(path.join(root, 'bots/web/client/style.css'), 'utf8')
const frames = fs.readFileSync(path.join(import.meta.dirname, 'gallery/gallery.css'), 'utf8')

const page = html`<!doctype html>
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'" />
      <title>AutoCo on every platform</title>
      <style>
        ${raw(own)} ${raw(frames)}
      </style>
    </head>
    <body class="gallery">
      <h1>AutoCo on every platform</h1>
      <p>Drawn from the same views, with the words of somebody who means harm. Nothing of theirs may act.</p>
      <nav>${Object.keys(gallery).map((name) => html`<a href="#${name}">${name}</a> `)}</nav>
      ${Object.entries(gallery).map(
        ([name, view]) =>
          html`<section id="${name}">
            <h2>${name}</h2>
            <div class="row">
              <figure>
                <figcaption>Playground</figcaption>
                ${renderView(view)}
              </figure>
              <figure>
                <figcaption>Discord</figcaption>
                ${drawDiscord(view)}
              </figure>
              <figure>
                <figcaption>Telegram</figcaption>
                ${drawTelegram(view)}
              </figure>
              <figure>
                <figcaption>Slack</figcaption>
                ${drawSlack(view)}
              </figure>
            </div>
          </section>`,
      )}
    </body>
  </html>`

fs.mkdirSync(path.dirname(file), { recursive: true })
fs.writeFileSync(file, String(await page))
console.log(`${Object.keys(gallery).length} screens on four platforms: ${pathToFileURL(file).href}`)
