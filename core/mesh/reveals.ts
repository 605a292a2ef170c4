import type { Trx } from '../context.ts'
import type { ChallengeRecord } from './record.ts'

/** Something sealed that its person was, or is now to be, told of. */
export type Reveal = {
  key: string
  platform: string
  channel: string
  task: number
  kind: 'delivery' | 'rating'
  isDue: boolean
}

/** What has to be shown now by people who keep it with AutoCo, and what they were told of before. */
export async function revealsOf(trx: Trx, { id, story }: Pick<ChallengeRecord, 'id' | 'story'>): Promise<Reveal[]> {
  const rows = await trx
    .selectFrom('sealed_work')
    .select(['commitment', 'task', 'kind', 'platform', 'channel'])
    .where('challenge_id', '=', id)
    .execute()
  return rows.flatMap(({ commitment, task: number, kind, platform, channel }) => {
    const task = story.tasks[number]
    if (!task || platform === null || channel === null) return []
    const isDue =
      kind === 'delivery'
        ? task.state === 'committed' && task.commitment === commitment
        : task.state === 'revealing' &&
          task.ratings.some((each) => each.commitment === commitment && each.rating === null)
    return [{ key: `challenge-reveal/${id}/${commitment}`, platform, channel, task: number, kind, isDue }]
  })
}
