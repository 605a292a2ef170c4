import { encodeFunctionData, type Address, type Hex } from 'viem'
import { challenge as contract } from '../../../contracts/generated.ts'
import { arg, defineCommand } from '../../command.ts'
import type { Context } from '../../context.ts'
import { UserError } from '../../errors.ts'
import { ask } from '../../chain/ask.ts'
import type { Person } from '../../command.ts'
import { requirePerson } from '../../identity/person.ts'
import { actorFor, openByActor, openByWallet, type Actor } from '../act.ts'
import { findTask, type FoundTask } from '../find.ts'
import { ratingCall } from '../duty-call.ts'
import { isTooSlow } from '../pace.ts'
import { freshSalt, keepSealed, openRating } from '../sealed.ts'
import { approval, richestWallet, type Call } from '../wallet.ts'
import { actorsOf, namedDao, spokenFor } from '../whose.ts'
import type { Caller } from '../../platform.ts'
import type { View } from '../../view.ts'
import { money } from '../views/challenge.ts'
import { actView } from '../views/mesh-act.ts'
import { taskArg } from './mesh-args.ts'

const mostReason = 1_000

type Reviewing = { person: Person; caller: Caller; found: FoundTask; words: string; as: string | undefined }

const kinds: Record<string, (ctx: Context, reviewing: Reviewing) => Promise<View>> = { object, rate, reveal, settle }

/**
 * `/review global-3.2 object It lacks the maps`, `/review global-3.2 rate 40 The maps are missing`, and when its time is
 * over `/review global-3.2 settle`. Words that begin with `as 4` speak for DAO 4.
 */
export const review = defineCommand({
  name: 'review',
  description: 'Object to delivered work, rate it, or settle it when its time is over',
  args: {
    task: taskArg('Which one, like global-3.2'),
    what: arg.choice('What you do', [
      { value: 'object', label: 'Object' },
      { value: 'rate', label: 'Rate' },
      { value: 'reveal', label: 'Show my rating' },
      { value: 'settle', label: 'Settle' },
    ]),
    words: arg.optional(arg.text('Why; a rating begins with a number from 0 to 100')),
  },
  audience: 'caller',
  access: 'linked',
  byLink: () => true,
  async run(ctx, { caller, person, args }) {
    const { as, rest } = spokenFor(args.words)
    const words = rest.slice(0, mostReason)
    const found = await findTask(ctx, args.task)
    return kinds[args.what]!(ctx, { person: requirePerson(person), caller, found, words, as })
  },
})

const mustBe = ({ task, ref }: FoundTask, state: FoundTask['task']['state'], message: string): void => {
  if (task.state !== state) throw new UserError(message, { hint: `/task ${ref}`, code: 'state' })
}

async function object(ctx: Context, { person, caller, found, words, as }: Reviewing): Promise<View> {
  const { record, number, ref } = found
  mustBe(found, 'delivered', `${ref} is not delivered, so there is nothing to object to.`)
  if (words === '')
    throw new UserError('Say what is wrong with it: reviewers will read it.', {
      hint: `/review ${ref} object <why>`,
      code: 'usage',
    })
  const actor = as === undefined ? undefined : await actorFor(ctx, { person, dao: namedDao(record.daos, as) })
  const bond = await ask(() =>
    ctx.chain.client.readContract({
      abi: contract.abi,
      address: record.address as Address,
      functionName: 'objectionBond',
      args: [BigInt(number)],
    }),
  )
  const owner = actor?.account ?? (await richestWallet(ctx, { person, token: record.token })).address
  const calls = [
    ...(await approval(ctx, {
      token: record.token,
      unit: record.unit,
      owner,
      spender: record.address,
      value: bond,
      who: actor?.dao.name ?? 'your wallet',
    })),
    {
      to: record.address as Address,
      label: `Object to the work on task ${number + 1}`,
      data: encodeFunctionData({ abi: contract.abi, functionName: 'object', args: [BigInt(number), words] }),
    },
  ]
  return decided(ctx, {
    person,
    caller,
    found,
    actor,
    wallet: owner,
    calls,
    title: `Object to ${ref}`,
    words: `Reviewers will rate the work. The bond of ${money(record, bond)} comes back with a part of the stake if they reject it, and is lost if they do not.`,
  })
}

type Reviewer = { dao: number; address: string; weight: bigint; actor: Actor | undefined; wallet: string }

async function rate(ctx: Context, { person, caller, found, words, as }: Reviewing): Promise<View> {
  const { record, number, ref } = found
  mustBe(found, 'rating', `Nobody objected to ${ref}, or its ratings are over.`)
  const [, score, reason = ''] = /^(\d{1,3})(?!\d)\s*([\s\S]*)$/.exec(words) ?? []
  const rating = Number(score ?? Number.NaN)
  if (!(rating >= 0 && rating <= 100))
    throw new UserError('A rating is a number from 0 (worthless) to 100 (perfect); below 60 the work is rejected.', {
      hint: `/review ${ref} rate 80 <why>`,
      code: 'usage',
    })
  const reviewer = await reviewerOf(ctx, { person, found, as })
  const salt = freshSalt()
  const commitment = await ratingCommitment(ctx, found, { reviewer, rating, reason, salt })
  await keepSealed(ctx, {
    challengeId: record.id,
    commitment,
    task: number,
    dao: reviewer.dao,
    reviewer: reviewer.address,
    kind: 'rating',
    tell: caller,
    content: { rating, reason, salt },
  })
  return decided(ctx, {
    person,
    caller,
    found,
    actor: reviewer.actor,
    wallet: reviewer.wallet,
    calls: [
      {
        to: record.address as Address,
        label: `Rate the work on task ${number + 1}, sealed`,
        data: encodeFunctionData({
          abi: contract.abi,
          functionName: 'commitRating',
          args: [BigInt(number), BigInt(reviewer.dao), commitment],
        }),
      },
    ],
    title: `Rate ${ref}`,
    words: `You rate it ${rating} of 100. Ratings stay sealed until all are in; AutoCo keeps yours and shows it then.`,
  })
}

const ratingCommitment = (
  ctx: Pick<Context, 'chain'>,
  { record, number }: FoundTask,
  { reviewer, rating, salt }: { reviewer: Reviewer; rating: number; reason: string; salt: Hex },
): Promise<Hex> =>
  ask(() =>
    ctx.chain.client.readContract({
      abi: contract.abi,
      address: record.address as Address,
      functionName: 'ratingCommitmentOf',
      args: [BigInt(number), BigInt(reviewer.dao), reviewer.address as Address, rating, salt],
    }),
  )

/** As whom the person's word weighs most: as a sponsor, or for a DAO that is known in the domain. */
async function reviewerOf(
  ctx: Context,
  { person, found, as }: { person: Person; found: FoundTask; as: string | undefined },
): Promise<Reviewer> {
  const { record, number, ref } = found
  const actors =
    as === undefined
      ? await actorsOf(ctx, { person, daos: record.daos })
      : [await actorFor(ctx, { person, dao: namedDao(record.daos, as) })]
  const isSponsor = (address: string): boolean =>
    record.story.sponsors.some((each) => each.address === address.toLowerCase())
  const candidates = [
    ...(as === undefined ? person.wallets : [])
      .filter(({ address }) => isSponsor(address))
      .map(({ address }) => ({ dao: 0, address, actor: undefined, wallet: address })),
    ...actors.map((actor) => ({ dao: actor.dao.number, address: actor.dao.account, actor, wallet: actor.wallet })),
  ]
  const weighed = await Promise.all(
    candidates.map(async (candidate) => ({
      ...candidate,
      weight: await ask(() =>
        ctx.chain.client.readContract({
          abi: contract.abi,
          address: record.address as Address,
          functionName: 'reviewWeight',
          args: [BigInt(number), candidate.address as Address, BigInt(candidate.dao)],
        }),
      ),
    })),
  )
  const [best] = weighed
    .filter(({ weight }) => weight > 0n)
    .sort((a, b) => (a.weight === b.weight ? 0 : a.weight < b.weight ? 1 : -1))
  if (best) return best
  throw new UserError(`You may not rate ${ref}.`, {
    hint: 'Sponsors and DAOs with reputation in its domain may; never who did the work, who objected, or who would get the task next.',
    code: 'not-reviewer',
  })
}

async function reveal(ctx: Context, { person, caller, found, as }: Reviewing): Promise<View> {
  const { record, task, number, ref } = found
  mustBe(found, 'revealing', `Ratings of ${ref} are not shown now.`)
  const actors = await actorsOf(ctx, { person, daos: record.daos })
  const isMine = (reviewer: string, dao: number): boolean =>
    dao === 0
      ? person.wallets.some(({ address }) => address.toLowerCase() === reviewer)
      : actors.some((actor) => actor.dao.number === dao)
  const wanted = as === undefined ? undefined : namedDao(record.daos, as).number
  for (const { reviewer, dao, commitment, rating } of task.ratings) {
    if (rating !== null || (wanted !== undefined && wanted !== dao) || !isMine(reviewer, dao)) continue
    const said = await openRating(ctx, { challengeId: record.id, commitment: commitment as Hex })
    if (!said) continue
    const actor = actors.find((each) => each.dao.number === dao)
    return decided(ctx, {
      person,
      caller,
      found,
      actor,
      wallet: actor?.wallet ?? reviewer,
      calls: [
        {
          to: record.address as Address,
          label: `Show the rating of task ${number + 1}`,
          data: ratingCall({ task: number, dao, reviewer }, said),
        },
      ],
      title: `Show your rating of ${ref}`,
      words: `${said.rating} of 100.`,
    })
  }
  throw new UserError(`AutoCo keeps no sealed rating of yours for ${ref}.`, { hint: `/task ${ref}`, code: 'sealed' })
}

/** What time has decided, anyone may carry out; AutoCo does it by itself, unless its relayer cannot. */
async function settle(ctx: Context, { person, caller, found }: Reviewing): Promise<View> {
  const { record, task, number, ref } = found
  const { timestamp } = await ask(() => ctx.chain.client.getBlock())
  if (task.until === null || Number(timestamp) <= task.until)
    throw new UserError(`Nothing is to be settled for ${ref} yet.`, { hint: `/task ${ref}`, code: 'state' })
  return decided(ctx, {
    person,
    caller,
    found,
    actor: undefined,
    wallet: person.wallets[0]?.address ?? '',
    calls: [
      {
        to: record.address as Address,
        label: `Settle task ${number + 1}`,
        data: encodeFunctionData({ abi: contract.abi, functionName: 'pokeTask', args: [BigInt(number)] }),
      },
    ],
    title: `Settle ${ref}`,
    words: 'Its time is over. AutoCo carries that out by itself; you can also do it now.',
  })
}

async function decided(
  ctx: Context,
  params: Pick<Reviewing, 'person' | 'caller' | 'found'> & {
    actor: Actor | undefined
    wallet: string
    calls: readonly Call[]
    title: string
    words: string
  },
): Promise<View> {
  const { person, caller, found, actor, wallet, calls, title, words } = params
  const { ref, task } = found
  const acting = {
    person,
    caller,
    title,
    about: task.title.slice(0, 200),
    calls,
    next: [{ label: 'The task', run: `task ${ref}` }],
  }
  if (!actor) return actView({ title, words, page: await openByWallet(ctx, { ...acting, wallet }) })
  return actView({
    title,
    words,
    page: await openByActor(ctx, { ...acting, actor }),
    decides: actor.dao.name,
    isTooSlow: await isTooSlow(ctx, { actor, until: task.until }),
  })
}
