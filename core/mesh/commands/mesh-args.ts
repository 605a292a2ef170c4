import { arg, type Arg } from '../../command.ts'
import { UserError } from '../../errors.ts'
import type { ChallengeStory } from '../story.ts'

const challengePattern = /^[a-z][a-z0-9]{1,11}-\d{1,6}$/
const taskPattern = /^[a-z][a-z0-9]{1,11}-\d{1,6}\.\d{1,2}$/
const most = 25

const likeOf = (prefix: string): string => prefix.toLowerCase().replaceAll(/[%_\\]/g, '') + '%'

/** A short ref such as `global-3`; completes over the newest. */
export const challengeArg = (description: string): Arg<string> => ({
  ...arg.word(description),
  parse(word) {
    const ref = word.toLowerCase()
    if (!challengePattern.test(ref))
      throw new UserError(`“${word.slice(0, 40)}” is not a challenge like global-3.`, { hint: '/challenge' })
    return ref
  },
  async complete(ctx, prefix) {
    const rows = await ctx.db
      .selectFrom('challenge')
      .select(['ref', 'title'])
      .where('ref', 'like', likeOf(prefix))
      .where('gone_at', 'is', null)
      .orderBy('id', 'desc')
      .limit(most)
      .execute()
    return rows.map(({ ref, title }) => ({ value: ref, label: title.slice(0, 80) }))
  },
})

/** A task such as `global-3.2`, the second of that challenge. */
export const taskArg = (description: string): Arg<string> => ({
  ...arg.word(description),
  parse(word) {
    const ref = word.toLowerCase()
    if (!taskPattern.test(ref))
      throw new UserError(`“${word.slice(0, 40)}” is not a task like global-3.2.`, { hint: '/challenge' })
    return ref
  },
  async complete(ctx, prefix) {
    const rows = await ctx.db
      .selectFrom('challenge')
      .select(['ref', 'story'])
      .where('ref', 'like', likeOf(prefix.split('.')[0] ?? ''))
      .where('gone_at', 'is', null)
      .orderBy('id', 'desc')
      .limit(most)
      .execute()
    return rows
      .flatMap(({ ref, story }) =>
        (story as ChallengeStory).tasks.map(({ title, state }, at) => ({
          value: `${ref}.${at + 1}`,
          label: `${title.slice(0, 60)} (${state})`,
        })),
      )
      .filter(({ value }) => value.startsWith(prefix.toLowerCase()))
      .slice(0, most)
  },
})

/** A DAO of the Global DAO, by its number there. */
export const meshDaoArg = (description: string): Arg<string> => ({
  ...arg.word(description),
  async complete(ctx, prefix) {
    const rows = await ctx.db.selectFrom('mesh_dao').select(['number', 'name']).orderBy('number').execute()
    return rows
      .filter(({ number, name }) => `${number} ${name}`.toLowerCase().includes(prefix.toLowerCase()))
      .slice(0, most)
      .map(({ number, name }) => ({ value: String(number), label: name }))
  },
})
