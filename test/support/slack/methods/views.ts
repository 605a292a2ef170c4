import { refuse } from '../refusal.ts'
import { type Json, type OpenView, type Trigger, word } from '../state.ts'
import { changeView, newView, openModals, viewObject } from '../views.ts'
import { type Method, type MethodContext } from './method.ts'

const stackSize = 3
const mostBytes = 250_000

export const viewMethods: Record<string, Method> = {
  'views.open': {
    required: ['trigger_id', 'view'],
    run: (to, args) => {
      const spec = specOf(to, args, 'modal')
      const trigger = takeTrigger(to, args)
      const view = newView(to.state, to.workspace, trigger.user, spec)
      to.state.modals.set(trigger.user, [view])
      return { view: viewObject(to.state, to.workspace, view) }
    },
  },
  'views.push': {
    required: ['trigger_id', 'view'],
    run: (to, args) => {
      const spec = specOf(to, args, 'modal')
      const trigger = takeTrigger(to, args)
      const stack = openModals(to.state, trigger.user)
      const top = stack.at(-1)
      if (!top || trigger.view === undefined) refuse('invalid_trigger_id')
      if (stack.length >= stackSize) refuse('push_limit_reached')
      const view = newView(to.state, to.workspace, trigger.user, spec, top)
      to.state.modals.set(trigger.user, [...stack, view])
      return { view: viewObject(to.state, to.workspace, view) }
    },
  },
  'views.update': {
    required: ['view'],
    run: (to, args) => {
      const view = findView(to, args)
      const spec = specOf(to, args, view.spec.type, view)
      if (args['hash'] !== undefined && args['hash'] !== view.hash) refuse('hash_conflict')
      changeView(view, spec)
      return { view: viewObject(to.state, to.workspace, view) }
    },
  },
  'views.publish': {
    required: ['user_id', 'view'],
    run: (to, args) => {
      const person = to.state.people.get(word(args['user_id']))
      if (!person || person.team !== to.workspace.id || person.bot) refuse('invalid_arguments', ['invalid user_id'])
      if (to.state.manifest.features.app_home?.home_tab_enabled !== true) refuse('not_enabled')
      const old = to.state.homes.get(person.id)
      const spec = specOf(to, args, 'home', old)
      if (args['hash'] !== undefined && old && args['hash'] !== old.hash) refuse('hash_conflict')
      const view = newView(to.state, to.workspace, person.id, spec)
      if (old) Object.assign(view, { id: old.id, root: old.root })
      to.state.homes.set(person.id, view)
      return { view: viewObject(to.state, to.workspace, view) }
    },
  },
}

function specOf(to: MethodContext, args: Json, type: string, self?: OpenView): OpenView['spec'] {
  if (JSON.stringify(args['view']).length > mostBytes) refuse('view_too_large')
  const spec = to.blockKit.view(args['view'])
  if (spec.type !== type) refuse('invalid_arguments', [`a view of type ${type} is needed [json-pointer:/view/type]`])
  const name = spec['external_id']
  if (name && allViews(to).some((view) => view !== self && view.spec['external_id'] === name))
    refuse('duplicate_external_id')
  return spec
}

function takeTrigger(to: MethodContext, args: Json): Trigger {
  const trigger = to.state.triggers.get(word(args['trigger_id']))
  if (!trigger || trigger.team !== to.workspace.id) refuse('invalid_trigger_id')
  if (trigger.used) refuse('exchanged_trigger_id')
  if (Date.now() - trigger.at > to.state.limits.triggerMs) refuse('expired_trigger_id')
  trigger.used = true
  return trigger
}

function findView(to: MethodContext, args: Json): OpenView {
  const { view_id: id, external_id: name } = args
  if (id === undefined && name === undefined) refuse('invalid_arguments', ['view_id or external_id is needed'])
  const view = allViews(to).find((each) => each.id === id || (name !== undefined && each.spec['external_id'] === name))
  if (!view || view.team !== to.workspace.id) refuse('not_found')
  return view
}

function allViews(to: MethodContext): OpenView[] {
  return [...[...to.state.modals.values()].flat(), ...to.state.homes.values()]
}
