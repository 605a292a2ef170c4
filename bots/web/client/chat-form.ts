import { get } from './api.ts'
import { byId, el } from './dom.ts'

export type Form = { command: string; description: string; usage: string; fields: Field[] }
type Field = {
  name: string
  description: string
  required: boolean
  long: boolean
  value: string
  choices?: { value: string; label: string }[]
}

/** A form is a command with words missing: asks for them and hands back what was filled in. */
export function askForm(
  form: Form,
  place: { person: string; channel: string },
): Promise<Record<string, string> | undefined> {
  const dialog = byId<HTMLDialogElement>('form')
  const body = el('form', { method: 'dialog', class: 'stack' })
  const inputs = form.fields.map((field) => [field, control(form, field, place)] as const)
  body.append(el('h2', { id: 'form-title' }, `/${form.command}`), el('p', { class: 'note' }, form.description))
  for (const [field, input] of inputs) {
    body.append(
      el(
        'label',
        {},
        `${field.description}${field.required ? '' : ' (optional)'}`,
        input,
        ...(listOf(input) ? [listOf(input) as HTMLElement] : []),
      ),
    )
  }
  const cancel = el('button', { type: 'button' }, 'Cancel')
  body.append(el('div', { class: 'actions' }, el('button', { class: 'primary' }, 'Send'), cancel))
  dialog.replaceChildren(body)
  return new Promise((resolve) => {
    let words: Record<string, string> | undefined
    body.addEventListener('submit', () => {
      words = Object.fromEntries(inputs.map(([field, input]) => [field.name, input.value]))
    })
    cancel.addEventListener('click', () => dialog.close())
    dialog.addEventListener('close', () => resolve(words), { once: true })
    dialog.showModal()
    inputs.find(([field]) => field.required && field.value === '')?.[1].focus()
  })
}

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement
const lists = new WeakMap<Control, HTMLElement>()
const listOf = (input: Control): HTMLElement | undefined => lists.get(input)

function control(form: Form, field: Field, place: { person: string; channel: string }): Control {
  const common = { name: field.name, required: field.required }
  if (field.choices) {
    const empty = el('option', { value: '' }, 'Choose…')
    const options = field.choices.map(({ value, label }) =>
      el('option', { value, selected: value === field.value }, label),
    )
    return el('select', common, empty, ...options)
  }
  if (field.long) return withValue(el('textarea', { ...common, rows: '3', maxlength: '2000' }), field.value)
  const id = `form-${field.name}`
  const input = withValue(el('input', { ...common, list: id, autocomplete: 'off' }), field.value)
  const list = el('datalist', { id })
  lists.set(input, list)
  const suggest = async (): Promise<void> => {
    // The values for a field are the completions of a line that ends in it; the words before it only hold the place.
    const before = form.fields.slice(0, form.fields.indexOf(field)).map((each) => each.value || '-')
    const line = [form.command, ...before, input.value].join(' ')
    const { choices } = await get<{ choices: { value: string; label: string }[] }>('/api/play/complete', {
      ...place,
      line,
    }).catch(() => ({ choices: [] }))
    list.replaceChildren(...choices.map(({ value, label }) => el('option', { value }, label)))
  }
  input.addEventListener('focus', () => void suggest())
  input.addEventListener('input', () => void suggest())
  return input
}

function withValue<T extends HTMLInputElement | HTMLTextAreaElement>(input: T, value: string): T {
  input.value = value
  return input
}
