import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { z } from 'zod'

/** A file of `prompts/`: what is always said, what is filled in, and how to name it in a label. */
export type Prompt = {
  name: string
  version: number
  sha256: string
  maxTokens: number
  input: Record<string, 'json' | 'text'>
  system: string
  user: string
}

const frontMatter = z.object({
  name: z.string().regex(/^[a-z][a-z-]*$/),
  version: z.coerce.number().int().positive(),
  description: z.string().min(1),
  config: z.object({ maxOutputTokens: z.coerce.number().int().positive() }),
  input: z.record(z.string().regex(/^\w+$/), z.enum(['json', 'text'])),
})

const opened = new Map<string, Record<string, Prompt>>()

/** Read once at first use, so that an operator may edit a prompt without a build. */
export function loadPrompts(directory = promptsDirectory()): Record<string, Prompt> {
  const known = opened.get(directory)
  if (known) return known
  const files = fs.readdirSync(directory).filter((file) => file.endsWith('.md'))
  const prompts = files.map((file) => parsePrompt(fs.readFileSync(path.join(directory, file), 'utf8'), file))
  const byName = Object.fromEntries(prompts.map((prompt) => [prompt.name, prompt]))
  opened.set(directory, byName)
  return byName
}

export function parsePrompt(text: string, file: string): Prompt {
  const [, head, body] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text.replaceAll('\r\n', '\n')) ?? []
  if (head === undefined || body === undefined) throw new Error(`prompts/${file} has no front matter`)
  const { name, version, config, input } = frontMatter.parse(readHead(head))
  if (`${name}.md` !== file) throw new Error(`prompts/${file} calls itself ${name}`)
  const [, system, user] = /^\s*\{\{role "system"\}\}\n([\s\S]*?)\n\{\{role "user"\}\}\n([\s\S]*)$/.exec(body) ?? []
  if (!system || !user) throw new Error(`prompts/${file} needs a system and a user part`)
  const sha256 = createHash('sha256').update(text).digest('hex')
  return { name, version, sha256, maxTokens: config.maxOutputTokens, input, system: system.trim(), user: user.trim() }
}

/** Fills the placeholders. A value that people wrote goes through `{{json name}}` only: as JSON it cannot leave its place. */
export function renderPrompt(prompt: Prompt, values: Record<string, unknown>): { system: string; user: string } {
  for (const name of Object.keys(values))
    if (!(name in prompt.input)) throw new Error(`prompt ${prompt.name} declares no input ${name}`)
  const fill = (text: string): string =>
    text.replaceAll(slot, (_, json: string | undefined, name: string) => {
      const value = values[name]
      const type = prompt.input[name]
      if (value === undefined || !type) throw new Error(`prompt ${prompt.name} needs ${name}`)
      if ((type === 'json') !== Boolean(json)) throw new Error(`prompt ${prompt.name} declares ${name} as ${type}`)
      if (json) return quoteJson(value)
      if (typeof value !== 'string') throw new Error(`prompt ${prompt.name} needs ${name} as text`)
      return value
    })
  return { system: fill(prompt.system), user: fill(prompt.user) }
}

export const slot = /\{\{(json )?(\w+)\}\}/g

/** JSON in which no tag, fence or role marker of a chat template can appear. */
function quoteJson(value: unknown): string {
  return JSON.stringify(value, undefined, 1).replaceAll(
    /[<>&`|\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** Two levels of `key: value`: all that a prompt's head needs of YAML. */
function readHead(head: string): Record<string, unknown> {
  const found: Record<string, unknown> = {}
  let group: Record<string, string> | undefined
  for (const line of head.split('\n')) {
    const [, indent = '', key = '', value = ''] = /^( *)([\w-]+):\s*(.*?)\s*$/.exec(line) ?? []
    if (!key) continue
    if (indent) {
      if (group) group[key] = value
    } else if (value) found[key] = value
    else found[key] = group = {}
  }
  return found
}

/** Beside the source tree or beside the bundle; an operator's own folder is the one where AutoCo is started. */
function promptsDirectory(): string {
  const tried = [process.cwd()]
  for (let at = import.meta.dirname; path.dirname(at) !== at; at = path.dirname(at)) tried.push(at)
  const found = tried
    .map((folder) => path.join(folder, 'prompts'))
    .find((folder) => fs.existsSync(path.join(folder, 'claims-map.md')))
  if (!found) throw new Error('no prompts/ folder: start AutoCo in the folder it was installed in')
  return found
}
