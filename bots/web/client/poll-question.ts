import { el } from './dom.ts'
import { ranking } from './ranking.ts'

export type Answer = number[] | 'abstain' | null
export type Poll = {
  ref: string
  kind: 'single' | 'approval' | 'ranked'
  title: string
  body: string
  hash: string
  majority: 'none' | 'participating' | 'active'
  options: string[]
  typed: Answer
}
export type Question = { element: HTMLElement; get(): Answer; set(answer: Answer): void }

const kinds = {
  single: 'Choose one.',
  approval: 'Choose as many as you approve of.',
  ranked: 'Rank as many as you like, the first choice first.',
}
const bases = {
  none: 'The most votes win.',
  participating: 'It takes more than half of all who chose.',
  active: 'It takes more than half of those who still have an option in.',
}

/** One poll with its options, and beside them to abstain and to leave it open, which are not the same. */
export function question(poll: Poll, say: (words: string) => void): Question {
  const choose = mode('choose', 'My choice')
  const abstain = mode('abstain', 'Abstain: I take part and choose nothing')
  const none = mode('none', 'No answer')
  const inputs = [choose, abstain, none]
  const choosing = (): void => {
    choose.input.checked = true
  }
  const answer = poll.kind === 'ranked' ? ranked(poll, { say, onChange: choosing }) : ticked(poll, choosing)
  none.input.checked = true
  const element = el(
    'section',
    { class: 'panel poll', 'aria-labelledby': `${poll.ref}-title` },
    el('h2', { id: `${poll.ref}-title`, dir: 'auto' }, poll.title),
    el('p', { class: 'note' }, `${poll.ref} · ${kinds[poll.kind]} ${bases[poll.majority]}`),
    ...text(poll),
    answer.element,
    el(
      'fieldset',
      { class: 'signers' },
      el('legend', {}, 'Your answer'),
      el('div', {}, ...inputs.map(({ label }) => label)),
    ),
  )
  function mode(value: string, words: string) {
    const input = el('input', { type: 'radio', name: `${poll.ref}-mode`, value })
    return { input, label: el('label', {}, input, el('span', {}, words)) }
  }
  return {
    element,
    get() {
      if (abstain.input.checked) return 'abstain'
      const chosen = answer.get()
      return none.input.checked || chosen.length === 0 ? null : chosen
    },
    set(given) {
      answer.set(Array.isArray(given) ? given : [])
      for (const { input } of inputs) input.checked = false
      const { input } = given === null ? none : given === 'abstain' ? abstain : choose
      input.checked = true
    },
  }
}

type Picked = { element: HTMLElement; get(): number[]; set(options: readonly number[]): void }

const ranked = (poll: Poll, told: Parameters<typeof ranking>[1]): Picked => ranking(poll.options, told)

/** Radios for one option, boxes for several. */
function ticked(poll: Poll, onChange: () => void): Picked {
  const type = poll.kind === 'single' ? 'radio' : 'checkbox'
  const inputs = poll.options.map((_, at) => el('input', { type, name: `${poll.ref}-option`, value: String(at) }))
  for (const input of inputs) input.addEventListener('change', onChange)
  const labels = inputs.map((input, at) => el('label', {}, input, el('span', { dir: 'auto' }, poll.options[at] ?? '')))
  return {
    element: el('fieldset', { class: 'signers' }, el('legend', {}, 'Options'), el('div', {}, ...labels)),
    get: () => inputs.flatMap(({ checked }, at) => (checked ? [at] : [])),
    set(options) {
      for (const [at, input] of inputs.entries()) input.checked = options.includes(at)
    },
  }
}

const text = ({ body, hash }: Poll): HTMLElement[] =>
  body.trim() === ''
    ? []
    : [
        el(
          'details',
          {},
          el('summary', {}, 'The text of this poll'),
          el('p', { class: 'poll-text', dir: 'auto' }, body),
          el('p', { class: 'note' }, 'Hash of the text, as the contract keeps it: ', el('code', {}, hash)),
        ),
      ]
