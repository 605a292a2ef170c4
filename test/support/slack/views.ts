import { newId, secret, type Json, type OpenView, type State, type Workspace } from './state.ts'

/** A view as answers and payloads carry it. */
export function viewObject(state: State, workspace: Workspace, view: OpenView): Json {
  const { spec } = view
  const modal = spec.type === 'modal'
  return {
    id: view.id,
    team_id: view.team,
    type: spec.type,
    blocks: spec.blocks,
    private_metadata: spec['private_metadata'] ?? '',
    callback_id: spec['callback_id'] ?? '',
    state: { values: view.values },
    hash: view.hash,
    ...(modal
      ? { title: spec['title'], close: spec['close'] ?? null, submit: spec['submit'] ?? null }
      : { title: { type: 'plain_text', text: 'View Title', emoji: true }, close: null, submit: null }),
    clear_on_close: spec['clear_on_close'] ?? false,
    notify_on_close: spec['notify_on_close'] ?? false,
    previous_view_id: view.previous ?? null,
    root_view_id: view.root,
    app_id: state.appId,
    external_id: spec['external_id'] ?? '',
    app_installed_team_id: view.team,
    bot_id: workspace.botId,
  }
}

export function newView(
  state: State,
  workspace: Workspace,
  user: string,
  spec: OpenView['spec'],
  below?: OpenView,
): OpenView {
  const id = newId(state, 'V')
  return {
    id,
    team: workspace.id,
    user,
    root: below?.root ?? id,
    ...(below ? { previous: below.id } : {}),
    hash: newHash(),
    spec,
    errors: {},
    values: {},
  }
}

/** What a person filled in stays where the block stays. */
export function changeView(view: OpenView, spec: OpenView['spec']): void {
  const kept = new Set(spec.blocks.map((block) => block.block_id))
  view.spec = spec
  view.hash = newHash()
  view.errors = {}
  view.values = Object.fromEntries(Object.entries(view.values).filter(([block]) => kept.has(block)))
}

export function openModals(state: State, user: string): OpenView[] {
  return state.modals.get(user) ?? []
}

function newHash(): string {
  return `${Math.floor(Date.now() / 1000)}.${secret(4)}`
}
