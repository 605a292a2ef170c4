import { cut, usage, type AnyCommand, type App, type Call, type View } from '../../core/index.ts'

const mostChoices = 8
const question = 'Answer this message'

/** Whether a message of ours asks for an answer. */
export const isQuestion = (text: string): boolean => text.replaceAll('\u2060', '').includes(question)

/** Telegram has no forms: what is missing is asked for, one at a time. `half` is what the answer will complete. */
export type Question = { view: View; half: Half | undefined }
/** `place` is the channel that it is about, where the answer is given in private. */
export type Half = { command: string; words: Record<string, string>; arg: string; place?: string | undefined }

/** Asks for the first word that a line lacks: a button a choice where there are few, else by a reply. */
export async function questionOf(app: App, call: Call): Promise<Question | undefined> {
  const parsed = formOf(app, call.line)
  if (!parsed) return undefined
  const { command, words, missing } = parsed
  const [name] = missing
  const arg = name === undefined ? undefined : command.args[name]
  if (name === undefined || !arg) return undefined
  const offered = arg.choices ?? (await app.complete({ ...call, line: lineBefore(command, words, name) }))
  const isClosed = arg.choices !== undefined && arg.kind !== 'several' && arg.choices.length <= mostChoices
  const actions = offered.slice(0, mostChoices).map(({ value, label }) => ({
    label: cut(
      label === '' || label.toLowerCase().startsWith(value.toLowerCase()) ? label || value : `${value}: ${label}`,
      60,
    ),
    run: app.formLine(command, { ...words, [name]: value }),
  }))
  return {
    view: {
      body: [
        { type: 'text', text: [{ strong: `${arg.description}?` }] },
        ...(isClosed
          ? []
          : [
              {
                type: 'text' as const,
                text: [`${question}, or type `, { code: usage(command) }],
                style: 'note' as const,
              },
            ]),
      ],
      ...(arg.kind === 'several' ? {} : { actions }),
    },
    half: isClosed ? undefined : { command: command.name, words, arg: name },
  }
}

/** The line that an answer makes of what was asked. */
export function answeredLine(app: App, half: Half, text: string): string | undefined {
  const command = app.commands.find(({ name }) => name === half.command)
  return command && app.formLine(command, { ...half.words, [half.arg]: text })
}

function formOf(app: App, line: string) {
  try {
    const parsed = app.parse(line)
    return parsed.status === 'form' ? parsed : undefined
  } catch {
    // A line that makes no sense is answered by app.run.
    return undefined
  }
}

/** Completion looks at the last word: those before it only have to be there. */
function lineBefore(command: AnyCommand, words: Record<string, string>, arg: string): string {
  const names = Object.keys(command.args)
  const before = names.slice(0, names.indexOf(arg)).map((name) => words[name]?.replaceAll(/\s/g, '') ?? '-')
  return [command.name, ...before, ''].join(' ')
}
