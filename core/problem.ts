import { code, note, text, type View } from './view.ts'

/** What every refusal and fault looks like: what is wrong, what to do next, and our incident id when it is our fault. */
export function problemView(problem: { message: string; hint?: string | undefined; incident?: string }): View {
  const isCommand = problem.hint?.startsWith('/') === true && !/[<[]/.test(problem.hint)
  return {
    tone: 'bad',
    body: [
      text(problem.message),
      ...(problem.hint === undefined ? [] : [isCommand ? text('Type ', code(problem.hint)) : note(problem.hint)]),
      ...(problem.incident === undefined
        ? []
        : [note('If it stays like this, tell the operator: incident ', code(problem.incident))]),
    ],
    ...(isCommand && problem.hint ? { actions: [{ label: problem.hint, run: problem.hint.slice(1) }] } : {}),
  }
}
