import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { Hono } from 'hono'

type Asset = { body: string; type: string; etag: string }

// In a built bundle the folder stands beside the bundle, as it stands beside this file in the source.
const folder = new URL('./client/', import.meta.url)
const cache = new Map<string, Asset | undefined>()

/** The browser's files: the stylesheet as it is, the scripts with their types taken off at the first request. */
export function assetRoutes(): Hono {
  const routes = new Hono()
  routes.get('/assets/:file', (c) => {
    const name = c.req.param('file')
    if (!cache.has(name)) cache.set(name, load(name))
    const asset = cache.get(name)
    if (!asset) return c.notFound()
    const headers = { etag: asset.etag, 'cache-control': 'no-cache' }
    if (c.req.header('if-none-match') === asset.etag) return c.body(null, 304, headers)
    return c.body(asset.body, 200, { ...headers, 'content-type': asset.type })
  })
  return routes
}

function load(name: string): Asset | undefined {
  const match = /^([a-z][a-z-]{0,40})\.(js|css|svg)$/.exec(name)
  if (!match) return undefined
  const [, stem, kind] = match
  if (kind === 'css') return read(`${stem}.css`, 'text/css; charset=utf-8')
  if (kind === 'svg') return read(`${stem}.svg`, 'image/svg+xml')
  return read(`${stem}.ts`, 'text/javascript; charset=utf-8', toScript)
}

function read(file: string, type: string, change: (text: string) => string = (text) => text): Asset | undefined {
  const url = new URL(file, folder)
  if (!existsSync(url)) return undefined
  const body = change(readFileSync(url, 'utf8'))
  return { body, type, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` }
}

const toScript = (source: string): string =>
  stripTypeScriptTypes(source).replaceAll(/(from\s+'\.\/[a-z-]+)\.ts'/g, "$1.js'")
