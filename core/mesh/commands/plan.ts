import { encodeFunctionData, type Address } from 'viem'
import { challenge as contract } from '../../../contracts/generated.ts'
import { arg, defineCommand } from '../../command.ts'
import { UserError } from '../../errors.ts'
import { requirePerson } from '../../identity/person.ts'
import { actorFor, openByActor, openByWallet } from '../act.ts'
import { findChallenge } from '../find.ts'
import { readPlan } from '../plan-text.ts'
import { isTooSlow } from '../pace.ts'
import type { ChallengeRecord } from '../record.ts'
import type { PlanStory } from '../story.ts'
import { approval, richestWallet } from '../wallet.ts'
import { namedDao, spokenFor, sponsoring } from '../whose.ts'
import { money } from '../views/challenge.ts'
import { actView } from '../views/mesh-act.ts'
import { planBlocks, planFaultsView, planView } from '../views/plan.ts'
import { challengeArg, meshDaoArg } from './mesh-args.ts'

/** `/plan global-3` opens a form; one line a task. */
export const plan = defineCommand({
  name: 'plan',
  description: 'Propose how a challenge is split into tasks',
  args: {
    challenge: challengeArg('Which one, like global-3'),
    tasks: arg.text('A line a task: title | domain | 40% | needs 1 | covers 1,2 | accept: … | 14d | stake 100'),
  },
  audience: 'caller',
  access: 'linked',
  byLink: () => true,
  async run(ctx, { caller, person, args }) {
    const who = requirePerson(person)
    const record = await findChallenge(ctx, args.challenge)
    const { story, unit, token, domains, requirements } = record
    if (story.state !== 'planning')
      throw new UserError(
        story.state === 'funding'
          ? `${record.ref} has not got its money yet.`
          : `${record.ref} takes no plan any more.`,
        { hint: `/challenge ${record.ref}`, code: 'state' },
      )
    const { as, rest } = spokenFor(args.tasks)
    const read = readPlan(rest, { requirements, domains, unit })
    if (read.faults.length > 0) return planFaultsView(record, read)
    const bond = BigInt(record.goal) / 100n
    const actor = as === undefined ? undefined : await actorFor(ctx, { person: who, dao: namedDao(record.daos, as) })
    const owner = actor?.account ?? (await richestWallet(ctx, { person: who, token })).address
    const specs = read.tasks.map((task) => ({
      ...task,
      domain: task.domain as `0x${string}`,
      minStake: BigInt(task.minStake),
    }))
    const rows = { Tasks: String(specs.length), Bond: money(record, bond) }
    const acting = {
      person: who,
      caller,
      title: `Propose a plan for ${record.ref}`,
      about: `${record.title.slice(0, 160)}. The bond comes back unless the sponsors call the plan spam.`,
      rows,
      calls: [
        ...(await approval(ctx, {
          token,
          unit,
          owner,
          spender: record.address,
          value: bond,
          who: actor?.dao.name ?? 'your wallet',
        })),
        {
          to: record.address as Address,
          label: `Propose a plan of ${specs.length} tasks`,
          data: encodeFunctionData({ abi: contract.abi, functionName: 'proposePlan', args: [read.summary, specs] }),
        },
      ],
      next: [{ label: 'The challenge', run: `challenge ${record.ref}` }],
    }
    const page = actor
      ? await openByActor(ctx, { ...acting, actor })
      : await openByWallet(ctx, { ...acting, wallet: owner })
    return actView({
      title: `A plan for ${record.ref}`,
      words: 'This is what you would propose. The bond comes back unless the sponsors call the plan spam.',
      rows,
      page,
      decides: actor?.dao.name,
      isTooSlow: actor !== undefined && (await isTooSlow(ctx, { actor, until: story.until })),
      more: planBlocks(record, read),
    })
  },
})

/** `/plan show global-3 1`. */
export const planShow = defineCommand({
  name: 'plan-show',
  description: 'A plan that was proposed for a challenge',
  args: { challenge: challengeArg('Which one, like global-3'), plan: arg.optional(arg.word('Its number')) },
  audience: 'caller',
  access: 'anyone',
  byLink: () => true,
  async run(ctx, { args }) {
    const record = await findChallenge(ctx, args.challenge)
    return planView(record, planOf(record, args.plan ?? String(record.story.adopted ?? record.story.plans.length)))
  },
})

function planOf(record: ChallengeRecord, word: string): PlanStory {
  const found = record.story.plans.find(({ number }) => String(number) === word)
  if (found) return found
  throw new UserError(`${record.ref} has no plan ${word.slice(0, 10)}.`, {
    hint: `/challenge ${record.ref}`,
    code: 'usage',
  })
}

/** `/plan judge global-3 1 approve`, by a sponsor. */
export const planJudge = defineCommand({
  name: 'plan-judge',
  description: 'As a sponsor, approve a plan or call it spam',
  args: {
    challenge: challengeArg('Which one, like global-3'),
    plan: arg.word('Its number'),
    verdict: arg.choice('Your verdict', [
      { value: 'approve', label: 'Approve' },
      { value: 'spam', label: 'Call it spam' },
    ]),
    as: arg.optional(meshDaoArg('The DAO that funded it, by its number; yourself when left out')),
  },
  audience: 'caller',
  access: 'linked',
  byLink: () => true,
  async run(ctx, { caller, person, args }) {
    const who = requirePerson(person)
    const record = await findChallenge(ctx, args.challenge)
    const { number } = planOf(record, args.plan)
    if (record.story.state !== 'planning')
      throw new UserError(`The plan of ${record.ref} is decided.`, { hint: `/challenge ${record.ref}`, code: 'state' })
    const title =
      args.verdict === 'approve'
        ? `Approve plan ${number} of ${record.ref}`
        : `Call plan ${number} of ${record.ref} spam`
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
            functionName: 'judgePlan',
            args: [BigInt(number), args.verdict === 'approve'],
          }),
        },
      ],
      next: [{ label: 'The challenge', run: `challenge ${record.ref}` }],
    }
    const words = 'It counts with what you put in. More than half of the money adopts a plan.'
    if (args.as !== undefined) {
      const actor = await actorFor(ctx, { person: who, dao: namedDao(record.daos, args.as) })
      return actView({ title, words, page: await openByActor(ctx, { ...acting, actor }), decides: actor.dao.name })
    }
    const { address: wallet } = sponsoring(record, who)
    return actView({ title, words, page: await openByWallet(ctx, { ...acting, wallet }) })
  },
})
