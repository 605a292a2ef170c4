import type { types } from '@slack/bolt'
import { cut, usage, type AnyCommand, type App, type Arg } from '../../core/index.ts'

/** Where the answer to a form goes, kept in the form itself; nobody but Slack and we can write it. */
export type FormPlace = { team: string; channel?: string | undefined; thread?: string | undefined; command: string }

const limits = { title: 24, label: 2_000, hint: 2_000, options: 100, option: 75, metadata: 3_000, text: 3_000 }
const plain = (text: string, limit: number): types.PlainTextElement => ({
  type: 'plain_text',
  text: cut(text, limit) || '…',
  emoji: false,
})

/** A command with words missing, as a modal: built from its arguments alone. */
export function formModal(command: AnyCommand, words: Record<string, string>, place: FormPlace): types.ModalView {
  return {
    type: 'modal',
    callback_id: 'form',
    private_metadata: JSON.stringify(place),
    title: plain(`/${command.name}`, limits.title),
    submit: plain('Send', limits.title),
    close: plain('Cancel', limits.title),
    blocks: Object.entries(command.args).map(([name, arg]) => ({
      type: 'input',
      block_id: name,
      optional: !arg.required,
      label: plain(arg.description, limits.label),
      ...(arg.required ? {} : { hint: plain(usage(command), limits.hint) }),
      element: elementOf(command, name, arg, words[name]),
    })),
  }
}

type Element = types.InputBlock['element']

function elementOf(command: AnyCommand, name: string, arg: Arg<unknown>, word: string | undefined): Element {
  const options = (arg.choices ?? [])
    .slice(0, limits.options)
    .map(({ value, label }) => ({ text: plain(label, limits.option), value: value.slice(0, limits.option) }))
  const action_id = `value:${command.name}:${name}`
  const chosen = (word ?? '').split(',')
  const initial = options.filter(({ value }) => chosen.includes(value))
  if (arg.kind === 'several') {
    if (options.length === 0) return { type: 'multi_external_select', action_id, min_query_length: 0 }
    return {
      type: 'multi_static_select',
      action_id,
      options,
      ...(initial.length > 0 ? { initial_options: initial } : {}),
    }
  }
  if (options.length > 0)
    return { type: 'static_select', action_id, options, ...(initial[0] ? { initial_option: initial[0] } : {}) }
  if (arg.complete) {
    const given = word === undefined ? undefined : { text: plain(word, limits.option), value: word.slice(0, 75) }
    return {
      type: 'external_select',
      action_id,
      min_query_length: 0,
      ...(given ? { initial_option: given } : {}),
    }
  }
  return {
    type: 'plain_text_input',
    action_id,
    multiline: arg.rest,
    max_length: limits.text,
    ...(word === undefined ? {} : { initial_value: word }),
  }
}

type State = Record<
  string,
  Record<string, { value?: string | null; selected_option?: Option; selected_options?: Option[] }>
>
type Option = { value: string } | null

/** The words that somebody put into a form. */
export function wordsOf(values: State): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, elements]) => {
      const [given] = Object.values(elements)
      const several = given?.selected_options?.map((option) => option?.value).join(',')
      const word = several ?? given?.selected_option?.value ?? given?.value ?? ''
      return word === '' ? [] : [[name, word]]
    }),
  )
}

/** What a select offers while somebody types: the command's own completion of that argument. */
export async function suggestionsFor(
  app: App,
  params: { action: string; typed: string; call: Omit<Parameters<App['complete']>[0], 'line'> },
): Promise<{ text: types.PlainTextElement; value: string }[]> {
  const [, name = '', arg = ''] = params.action.split(':')
  const command = app.commands.find((entry) => entry.name === name)
  if (!command) return []
  // Completion looks at the last word: those before it only have to be there.
  const before = Object.keys(command.args).slice(0, Object.keys(command.args).indexOf(arg))
  const line = [name, ...before.map(() => 'x'), params.typed.replaceAll(/\s/g, '')].join(' ')
  const choices = await app.complete({ ...params.call, line })
  return choices
    .filter(({ value }) => value.length <= limits.option)
    .slice(0, limits.options)
    .map(({ value, label }) => ({ text: plain(label === value ? label : `${value}: ${label}`, limits.option), value }))
}
