import { hasShared, readShared } from '../shared.ts'
import { refuse } from './refusal.ts'
import type { Json } from './state.ts'

type Parameter = { name: string; type: string }
type Spec = { paths: Record<string, Record<string, { parameters: Parameter[] }>> }

/** What Slack added after its last published document, or takes for all methods. */
const newer: Record<string, string[]> = {
  'chat.postMessage': ['metadata', 'markdown_text', 'client_msg_id'],
  'chat.postEphemeral': ['markdown_text', 'thread_ts', 'blocks', 'icon_emoji', 'icon_url', 'username'],
  'chat.update': ['metadata', 'markdown_text', 'reply_broadcast', 'file_ids', 'blocks', 'attachments'],
  'conversations.history': ['include_all_metadata'],
  'conversations.info': ['include_num_members'],
  'conversations.open': ['prevent_creation'],
  'conversations.replies': ['include_all_metadata'],
  'oauth.v2.access': ['grant_type', 'refresh_token', 'code_verifier'],
  'openid.connect.token': ['client_id', 'client_secret', 'code', 'redirect_uri', 'grant_type', 'refresh_token'],
  'openid.connect.userInfo': [],
  'team.info': ['domain'],
  'views.open': ['interactivity_pointer'],
  'views.push': ['interactivity_pointer'],
  'views.update': ['external_id', 'view_id', 'hash'],
  'api.test': ['foo', 'error'],
}

/** Bolt's clients name the workspace in every call. */
const everywhere = ['team_id']

/** Names of arguments by the document of 2021 and what came later. Without the document nothing is refused for its name. */
export class Arguments {
  #known = new Map<string, Map<string, string>>()

  constructor() {
    if (!hasShared) return
    const spec = JSON.parse(readShared('specs/slack/web-api-openapi-2021.json')) as Spec
    for (const [path, operations] of Object.entries(spec.paths))
      for (const { parameters } of Object.values(operations))
        this.#known.set(path.slice(1), new Map(parameters.map(({ name, type }) => [name, type])))
  }

  check(method: string, args: Json): void {
    const known = this.#known.get(method)
    const added = newer[method]
    if (!known && !(hasShared && added)) return
    for (const [name, value] of Object.entries(args)) {
      if (!known?.has(name) && !added?.includes(name) && !everywhere.includes(name))
        refuse('invalid_arg_name', [`no argument named ${name}`])
      const type = known?.get(name)
      if (type === 'boolean' && !/^(true|false|0|1)$/.test(String(value)))
        refuse('invalid_arguments', [`${name} must be a boolean`])
      if (type === 'integer' && !/^-?\d+$/.test(String(value)))
        refuse('invalid_arguments', [`${name} must be an integer`])
    }
  }

  /** The names that are checked for this method. */
  of(method: string): string[] {
    return [...(this.#known.get(method)?.keys() ?? []), ...(newer[method] ?? [])]
  }
}
