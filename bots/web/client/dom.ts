/** Makes an element; strings become text, never markup. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string | boolean | undefined> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue
    element.setAttribute(name, value === true ? '' : value)
  }
  element.append(...children)
  return element
}

export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id)
  if (!element) throw new Error(`No element #${id}`)
  return element as T
}

/** Shows a sentence in a status line: read out by screen readers, coloured and worded alike. */
export function say(element: HTMLElement, words: string, tone: 'plain' | 'good' | 'bad' | 'warn' = 'plain'): void {
  element.textContent = words
  element.className = `status ${tone === 'plain' ? '' : tone}`
  element.hidden = words === ''
}
