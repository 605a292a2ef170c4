import { encodeFunctionData, type Address } from 'viem'
import { challenge as contract } from '../../../contracts/generated.ts'
import { arg, defineCommand } from '../../command.ts'
import { UserError } from '../../errors.ts'
import { requirePerson } from '../../identity/person.ts'
import { actorFor, openByActor, openByWallet } from '../act.ts'
import { findChallenge } from '../find.ts'
import { isTooSlow } from '../pace.ts'
import { setOf } from '../story.ts'
import { namedDao, spokenFor, sponsoring } from '../whose.ts'
import { actView } from '../views/mesh-act.ts'
import { resultView } from '../views/result.ts'
import { challengeArg } from './mesh-args.ts'

/**
 * `/result global-3`: the manifest, its parts, and who was paid. A sponsor judges the whole by `/result global-3 accept`, or
 * `/result global-3 return 1,3 The maps do not fit`.
 */
export const result = defineCommand({
  name: 'result',
  description: 'What came of a challenge: its parts and who was paid; sponsors judge it here',
  args: {
    challenge: challengeArg('Which one, like global-3'),
    verdict: arg.optional(
      arg.choice('As a sponsor', [
        { value: 'accept', label: 'Accept the whole' },
        { value: 'return', label: 'Return tasks' },
      ]),
    ),
    words: arg.optional(arg.text('Tasks to return, such as 1,3, and why; as 4 in front speaks for DAO 4')),
  },
  audience: 'caller',
  access: 'anyone',
  byLink: () => true,
  async run(ctx, { caller, person, args }) {
    const record = await findChallenge(ctx, args.challenge)
    if (args.verdict === undefined) return resultView(record)
    const who = requirePerson(person)
    const whole = record.story.tasks.at(-1)
    if (whole?.state !== 'delivered')
      throw new UserError(`The whole of ${record.ref} is not there to be judged.`, {
        hint: `/result ${record.ref}`,
        code: 'state',
      })
    const { as, rest } = spokenFor(args.words)
    const said =
      args.verdict === 'accept' ? { returned: [], reason: rest } : readReturn(rest, record.story.tasks.length)
    const { returned, reason } = said
    const title =
      returned.length === 0
        ? `Accept the whole of ${record.ref}`
        : `Return task ${returned.map((each) => each + 1).join(', ')} of ${record.ref}`
    const acting = {
      person: who,
      caller,
      title,
      about: record.title.slice(0, 200),
      calls: [
        {
          to: record.address as Address,
          label: title,
          data: encodeFunctionData({
            abi: contract.abi,
            functionName: 'judgeManifest',
            args: [setOf(returned), reason.slice(0, 1_000)],
          }),
        },
      ],
      next: [{ label: 'Result', run: `result ${record.ref}` }],
    }
    const actor = as === undefined ? undefined : await actorFor(ctx, { person: who, dao: namedDao(record.daos, as) })
    const page = actor
      ? await openByActor(ctx, { ...acting, actor })
      : await openByWallet(ctx, { ...acting, wallet: sponsoring(record, who).address })
    return actView({
      title,
      words:
        'It counts with what you put in; more than half of the money decides. If nobody says anything, the whole is accepted when its time is over.',
      page,
      decides: actor?.dao.name,
      isTooSlow: actor !== undefined && (await isTooSlow(ctx, { actor, until: whole.until })),
    })
  },
})

function readReturn(words = '', count: number): { returned: number[]; reason: string } {
  const [, numbers = '', reason = ''] = /^([\d,\s]*)([\s\S]*)$/.exec(words) ?? []
  const returned = [
    ...new Set(
      numbers
        .split(/[\s,]+/)
        .filter(Boolean)
        .map((each) => Number(each) - 1),
    ),
  ]
  if (returned.length > 0 && returned.every((each) => each >= 0 && each < count - 1))
    return { returned, reason: reason.trim() }
  throw new UserError(`Say which tasks to return, from 1 to ${count - 1}.`, {
    hint: 'Such as: return 1,3 They do not fit',
    code: 'usage',
  })
}
