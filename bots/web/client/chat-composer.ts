import { get } from './api.ts'
import { byId, el } from './dom.ts'

type Choice = { value: string; label: string }
export type Place = { person: string; channel: string; thread?: string | undefined }

/** The line at the foot of the chat: talk, or a command with completion (an ARIA combobox). */
export function createComposer(
  id: string,
  options: { place(): Place | undefined; send(line: string): Promise<void> },
): { focus(): void; set(line: string): void } {
  const form = byId<HTMLFormElement>(id)
  const input = byId<HTMLTextAreaElement>(`${id}-line`)
  const list = byId(`${id}-options`)
  let choices: Choice[] = []
  let active = -1
  let asked = 0

  const close = (): void => {
    choices = []
    active = -1
    list.hidden = true
    input.setAttribute('aria-expanded', 'false')
    input.removeAttribute('aria-activedescendant')
  }

  const draw = (): void => {
    list.replaceChildren(
      ...choices.map((choice, index) => {
        const option = el('li', {
          role: 'option',
          id: `${id}-option-${index}`,
          'aria-selected': String(index === active),
        })
        option.append(
          el('b', {}, isName() ? `/${choice.value}` : choice.value),
          ' ',
          el('span', {}, choice.label === choice.value ? '' : choice.label),
        )
        option.addEventListener('pointerdown', (event) => {
          event.preventDefault()
          take(index)
        })
        return option
      }),
    )
    list.hidden = choices.length === 0
    input.setAttribute('aria-expanded', String(choices.length > 0))
    if (active >= 0) {
      input.setAttribute('aria-activedescendant', `${id}-option-${active}`)
      list.children[active]?.scrollIntoView({ block: 'nearest' })
    } else input.removeAttribute('aria-activedescendant')
  }

  const isName = (): boolean => /^\/\S*$/.test(input.value)

  const complete = async (): Promise<void> => {
    const place = options.place()
    const line = input.value
    if (!place || !line.startsWith('/')) return close()
    const turn = ++asked
    const answer = await get<{ choices: Choice[] }>('/api/play/complete', {
      person: place.person,
      channel: place.channel,
      line: line.slice(1),
    }).catch(() => ({ choices: [] }))
    if (turn !== asked || input.value !== line) return
    choices = answer.choices
    active = choices.length > 0 ? 0 : -1
    draw()
  }

  /** What stands open must fit what is typed at every moment: Tab may come before the server's answer. */
  const narrow = (): void => {
    choices = isName() ? choices.filter(({ value }) => `/${value}`.startsWith(input.value)) : []
    active = choices.length > 0 ? 0 : -1
    draw()
  }

  const take = (index: number): void => {
    const choice = choices[index]
    if (!choice) return
    const value = /[\s"]/.test(choice.value) ? `"${choice.value}"` : choice.value
    input.value = isName() ? `/${value} ` : input.value.replace(/\S*$/, `${value} `)
    close()
    input.focus()
    void complete()
  }

  const grow = (): void => {
    input.rows = Math.min(8, input.value.split('\n').length)
  }

  const submit = async (): Promise<void> => {
    const line = input.value.trim()
    if (!line) return
    close()
    asked++
    input.value = ''
    grow()
    await options.send(line).catch(() => {
      // What was typed must not be lost because the server was away.
      if (input.value === '') input.value = line
    })
  }

  input.addEventListener('input', () => {
    grow()
    narrow()
    void complete()
  })
  input.addEventListener('blur', close)
  input.addEventListener('keydown', (event) => {
    const isOpen = choices.length > 0
    if (isOpen && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault()
      active = (active + (event.key === 'ArrowDown' ? 1 : -1) + choices.length) % choices.length
      return draw()
    }
    if (isOpen && event.key === 'Tab' && !event.shiftKey) {
      event.preventDefault()
      return take(active)
    }
    if (isOpen && event.key === 'Escape') {
      event.preventDefault()
      return close()
    }
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    // A half-typed name is finished first; a whole one is sent.
    const chosen = choices[active]
    if (isOpen && chosen && isName() && input.value !== `/${chosen.value}`) return take(active)
    void submit()
  })
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void submit()
  })
  return {
    focus: () => input.focus(),
    set(line) {
      input.value = line
      grow()
      input.focus()
      void complete()
    },
  }
}
