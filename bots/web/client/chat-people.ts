import { get, post, wordsOf } from './api.ts'
import { byId, el } from './dom.ts'
import { hueOf, initials } from './face.ts'

export type Person = { id: string; name: string; address: string | null; builtIn: boolean }

const key = 'autoco-person'
/** Scripts may bring thousands; the built-in ones come first. */
const most = 40

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
      ...people.slice(0, most).map((person) => {
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
      const name = form.querySelector('input')?.value ?? ''
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

export const face = ({ id, name }: Pick<Person, 'id' | 'name'>): HTMLElement =>
  el('span', { class: 'face', 'aria-hidden': 'true', 'data-hue': String(hueOf(id)) }, initials(name))

export const walletWords = (person: Person): string =>
  person.address
    ? `Test wallet ${person.address.slice(0, 6)}…${person.address.slice(-4)}`
    : 'No wallet of the playground'

function alertIn(form: HTMLFormElement, words: string): void {
  form.querySelector('[role=alert]')?.remove()
  form.append(el('p', { role: 'alert', class: 'status bad' }, words))
}
