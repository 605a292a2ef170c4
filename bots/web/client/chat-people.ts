import { get, post, wordsOf } from './api.ts'
import { byId, el } from './dom.ts'

export type Person = { id: string; name: string; address: string | null; builtIn: boolean }

const key = 'autoco-person'

/** Each tab is its own person: kept in the tab's storage, so that a reload stays who it was. */
export async function currentPerson(): Promise<Person | undefined> {
  const id = sessionStorage.getItem(key)
  if (id === null) return undefined
  const { people } = await get<{ people: Person[] }>('/api/play/people')
  return people.find((person) => person.id === id)
}

export async function choosePerson(): Promise<Person> {
  const dialog = byId<HTMLDialogElement>('people')
  const { people } = await get<{ people: Person[] }>('/api/play/people')
  return await new Promise((resolve) => {
    const take = (person: Person): void => {
      sessionStorage.setItem(key, person.id)
      dialog.close()
      resolve(person)
    }
    byId('people-list').replaceChildren(
      ...people.map((person) => {
        const button = el(
          'button',
          { type: 'button' },
          face(person),
          el('span', {}, person.name, el('small', {}, walletWords(person))),
        )
        button.addEventListener('click', () => take(person))
        return el('li', {}, button)
      }),
    )
    const form = byId<HTMLFormElement>('new-person')
    form.onsubmit = (event) => {
      event.preventDefault()
      const name = String(new FormData(form).get('name') ?? '')
      post<{ person: Person }>('/api/play/people', { name })
        .then(({ person }) => {
          form.reset()
          take(person)
        })
        .catch((error: unknown) => alertIn(form, wordsOf(error)))
    }
    // Without anybody chosen there is nothing behind the dialog to go back to.
    dialog.oncancel = (event) => {
      if (sessionStorage.getItem(key) === null) event.preventDefault()
    }
    dialog.showModal()
  })
}

export function face(person: Pick<Person, 'id' | 'name'>): HTMLElement {
  const hue = [...person.id].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 8, 7)
  const initials = person.name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => [...word][0] ?? '')
    .join('')
    .toUpperCase()
  return el('span', { class: 'face', 'aria-hidden': 'true', 'data-hue': String(hue) }, initials || '?')
}

export const walletWords = (person: Person): string =>
  person.address
    ? `Test wallet ${person.address.slice(0, 6)}…${person.address.slice(-4)}`
    : 'No wallet of the playground'

function alertIn(form: HTMLFormElement, words: string): void {
  form.querySelector('[role=alert]')?.remove()
  form.append(el('p', { role: 'alert', class: 'status bad' }, words))
}
