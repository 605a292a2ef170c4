import { el } from './dom.ts'

export type Ranking = { element: HTMLElement; get(): number[]; set(order: readonly number[]): void }

/**
 * A list that is put in order. By touch or mouse: tap to rank, drag by the whole line, or the arrows. By keyboard: on a line,
 * a number key gives it that place, the arrow keys up and down with Alt move it, Delete takes it out. Each move is said.
 */
export function ranking(options: readonly string[], { say, onChange }: Told): Ranking {
  let order: number[] = []
  const ranked = el('ol', { class: 'ranked', 'aria-label': 'Your ranking, the first choice first' })
  const rest = el('ul', { class: 'unranked', 'aria-label': 'Not ranked' })
  const help = el(
    'p',
    { class: 'note' },
    'Tap to rank, drag to move. By keyboard: a number gives an option that place, Alt with the arrows moves it, Delete takes it out.',
  )

  const put = (option: number, at: number): void => {
    const others = order.filter((each) => each !== option)
    const place = Math.max(0, Math.min(at, others.length))
    order = [...others.slice(0, place), option, ...others.slice(place)]
    draw()
    focus(option)
    say(`${options[option]}: place ${place + 1} of ${order.length}.`)
    onChange()
  }
  const drop = (option: number): void => {
    order = order.filter((each) => each !== option)
    draw()
    focus(option)
    say(`${options[option]}: not ranked.`)
    onChange()
  }
  const focus = (option: number): void => {
    element.querySelector<HTMLElement>(`[data-option="${option}"]`)?.focus()
  }

  const onKey = (event: KeyboardEvent, option: number): void => {
    const at = order.indexOf(option)
    const moves: Record<string, () => void> = {
      ArrowUp: () => at > 0 && put(option, at - 1),
      ArrowDown: () => at !== -1 && put(option, at + 1),
    }
    const isNumber = /^[1-8]$/.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey
    if (isNumber) put(option, Number(event.key) - 1)
    else if (event.altKey && moves[event.key]) moves[event.key]?.()
    else if ((event.key === 'Delete' || event.key === 'Backspace') && at !== -1) drop(option)
    else return
    event.preventDefault()
  }

  const lineOf = (option: number): HTMLLIElement => {
    const at = order.indexOf(option)
    const label = options[option] ?? ''
    const place = at === -1 ? 'not ranked' : `place ${at + 1}`
    const name = el(
      'button',
      { type: 'button', class: 'name', 'data-option': String(option), 'aria-label': `${label}, ${place}`, dir: 'auto' },
      label,
    )
    name.addEventListener('click', () => at === -1 && put(option, order.length))
    name.addEventListener('keydown', (event) => onKey(event, option))
    const line = el('li', { 'data-line': String(option) }, name)
    if (at === -1) return line
    line.append(
      tool('↑', `Move ${label} up`, at === 0, () => put(option, at - 1)),
      tool('↓', `Move ${label} down`, at === order.length - 1, () => put(option, at + 1)),
      tool('✕', `Take ${label} out`, false, () => drop(option)),
    )
    drag(name, option)
    return line
  }

  /** Follows one finger or the mouse; the line stands wherever it is let go. */
  const drag = (handle: HTMLElement, option: number): void => {
    handle.addEventListener('pointerdown', (down) => {
      const target = (event: PointerEvent): number => {
        const lines = [...ranked.children].filter((line) => line.getAttribute('data-line') !== String(option))
        return lines.filter((line) => {
          const { top, height } = line.getBoundingClientRect()
          return event.clientY > top + height / 2
        }).length
      }
      handle.setPointerCapture(down.pointerId)
      const move = (event: PointerEvent): void => {
        if (Math.abs(event.clientY - down.clientY) > 6) handle.parentElement?.classList.add('dragged')
      }
      const end = (event: PointerEvent): void => {
        handle.removeEventListener('pointermove', move)
        const isDragged = handle.parentElement?.classList.contains('dragged')
        handle.parentElement?.classList.remove('dragged')
        if (isDragged && event.type === 'pointerup') put(option, target(event))
      }
      handle.addEventListener('pointermove', move)
      handle.addEventListener('pointerup', end, { once: true })
      handle.addEventListener('pointercancel', end, { once: true })
    })
  }

  const draw = (): void => {
    ranked.replaceChildren(...order.map(lineOf))
    rest.replaceChildren(...options.flatMap((_, option) => (order.includes(option) ? [] : [lineOf(option)])))
    rest.hidden = order.length === options.length
    ranked.hidden = order.length === 0
  }
  const element = el('div', { class: 'ranking' }, help, ranked, rest)
  draw()
  return {
    element,
    get: () => [...order],
    set(next) {
      order = [...next]
      draw()
    },
  }
}

type Told = {
  /** For who cannot see it. */
  say: (words: string) => void
  onChange: () => void
}

function tool(sign: string, name: string, isOff: boolean, act: () => void): HTMLButtonElement {
  const button = el('button', { type: 'button', 'aria-label': name, title: name, disabled: isOff }, sign)
  button.addEventListener('click', act)
  return button
}
