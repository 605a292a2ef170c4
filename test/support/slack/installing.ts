import { newId, secret, type Conversation, type State, type Workspace } from './state.ts'

/** Gives the workspace its bot user and token, or a new token with more scopes. */
export function install(state: State, workspace: Workspace, scopes: string[]): void {
  if (!workspace.botUser) {
    workspace.botUser = newId(state, 'U')
    workspace.botId = newId(state, 'B')
    addPerson(state, workspace, { id: workspace.botUser, name: 'autoco', realName: 'AutoCo', bot: true })
  }
  // A bot keeps its token over installs; only one that was revoked gets another.
  if (!workspace.token || workspace.revoked) workspace.token = `xoxb-${workspace.id}-${secret()}`
  workspace.scopes = [...new Set([...(workspace.revoked ? [] : workspace.scopes), ...scopes])]
  delete workspace.revoked
}

export function revoke(workspace: Workspace, why: NonNullable<Workspace['revoked']>): void {
  workspace.revoked = why
}

export function addWorkspace(state: State, name: string): Workspace {
  const domain = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
  const workspace = { id: newId(state, 'T'), name, domain, token: '', botUser: '', botId: '', scopes: [] }
  state.workspaces.set(workspace.id, workspace)
  return workspace
}

export type NewPerson = {
  id?: string
  name: string
  realName?: string
  admin?: boolean
  owner?: boolean
  bot?: boolean
  deleted?: boolean
  tz?: string
  locale?: string
}

export function addPerson(state: State, workspace: Workspace, person: NewPerson): string {
  const id = person.id ?? newId(state, 'U')
  const { name, realName = name, admin = false, owner = false, bot = false, deleted = false } = person
  const { tz = 'Etc/UTC', locale = 'en-US' } = person
  state.people.set(id, { id, team: workspace.id, name, realName, admin, owner, bot, deleted, tz, locale })
  return id
}

export type NewChannel = {
  name: string
  /** The bot is a member unless told otherwise. */
  bot?: boolean
  members?: string[]
  private?: boolean
  archived?: boolean
  restricted?: boolean
}

export function addChannel(state: State, workspace: Workspace, channel: NewChannel): string {
  const members = new Set(channel.members ?? [])
  if (channel.bot !== false && workspace.botUser) members.add(workspace.botUser)
  const conversation: Conversation = {
    id: newId(state, 'C'),
    team: workspace.id,
    name: channel.name,
    kind: channel.private ? 'group' : 'channel',
    members,
    archived: channel.archived ?? false,
    restricted: channel.restricted ?? false,
    created: Math.floor(Date.now() / 1000),
  }
  state.conversations.set(conversation.id, conversation)
  return conversation.id
}
