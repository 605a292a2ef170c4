import { taskRef, type ChallengeRecord } from '../record.ts'
import { cut } from '../../plain.ts'
import { note, run, text, time, type View } from '../../view.ts'

/** To who keeps something sealed with AutoCo: it is to be shown now, or was. */
export function revealView(
  record: ChallengeRecord,
  { task: number, kind, isDue }: { task: number; kind: 'delivery' | 'rating'; isDue: boolean },
): View {
  const ref = taskRef(record, number)
  const task = record.story.tasks[number]
  const what = kind === 'delivery' ? 'work' : 'rating'
  const title = `${isDue ? `Show your ${what}` : `Your ${what} was sealed`}: ${ref} ${cut(task?.title ?? '', 120)}`
  if (!isDue || !task)
    return { title, body: [note('Nothing is left to do here.')], actions: [run('The task', `task ${ref}`)] }
  return {
    title,
    body: [
      text(
        `It was handed in sealed, and counts only if it is shown`,
        ...(task.until === null ? [] : [' before ', time(task.until)]),
        '. AutoCo has kept what it says.',
      ),
    ],
    actions: [
      run(`Show my ${what}`, kind === 'delivery' ? `deliver ${ref}` : `review ${ref} reveal`, 'primary'),
      run('The task', `task ${ref}`),
    ],
  }
}
