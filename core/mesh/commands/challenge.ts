import { encodeFunctionData, getAddress, type Address } from 'viem'
import { challenge as contract, globalDao } from '../../../contracts/generated.ts'
import { arg, defineCommand } from '../../command.ts'
import type { Context } from '../../context.ts'
import { UserError } from '../../errors.ts'
import { ask } from '../../chain/ask.ts'
import { tokenOf, type Token } from '../../chain/token.ts'
import { requirePerson } from '../../identity/person.ts'
import { actorFor, openByActor, openByWallet } from '../act.ts'
import { durationWords, readSpan } from '../../duration.ts'
import { readAmount } from '../amounts.ts'
import { findChallenge, theGlobalDao } from '../find.ts'
import { freshSalt } from '../sealed.ts'
import { isOver, type ChallengeStory, type Terms } from '../story.ts'
import { approval, richestWallet } from '../wallet.ts'
import { namedDao } from '../whose.ts'
import { amount } from '../../amount.ts'
import { challengesView, challengeView, money } from '../views/challenge.ts'
import { actView } from '../views/mesh-act.ts'
import { challengeArg, meshDaoArg } from './mesh-args.ts'

const mostListed = 10

/** `/challenge` lists them, `/challenge global-3` shows one. */
export const challenge = defineCommand({
  name: 'challenge',
  description: 'The challenges of the Global DAO, or one of them',
  args: { challenge: arg.optional(challengeArg('Which one, like global-3')) },
  audience: 'caller',
  access: 'anyone',
  byLink: () => true,
  async run(ctx, { args }) {
    if (args.challenge !== undefined) return challengeView(await findChallenge(ctx, args.challenge))
    const global = await theGlobalDao(ctx)
    return challengesView({ global, challenges: await listed(ctx, global.id) })
  },
})

async function listed(ctx: Pick<Context, 'db' | 'chain' | 'kv'>, daoId: string) {
  const rows = await ctx.db
    .selectFrom('challenge')
    .select(['ref', 'title', 'story', 'token', 'goal'])
    .where('dao_id', '=', daoId)
    .where('gone_at', 'is', null)
    .orderBy('id', 'desc')
    .limit(100)
    .execute()
  const told = await Promise.all(
    rows.map(async ({ ref, title, story: json, token, goal }) => {
      const story = json as ChallengeStory
      const unit = await tokenOf(ctx, { chain_id: ctx.chain.id, token })
      return {
        ref,
        title,
        state: story.state,
        until: isOver(story) ? null : story.until,
        money: amount(BigInt(goal), unit),
      }
    }),
  )
  return told.sort((a, b) => Number(isOver(a)) - Number(isOver(b))).slice(0, mostListed)
}

const day = 86_400
const hour = 3_600

/** `/challenge new "A better map" 1000 90d …`: the text, and one line for each thing that a solution has to do. */
export const challengeNew = defineCommand({
  name: 'challenge-new',
  description: 'Set a challenge for DAOs to solve together',
  args: {
    title: arg.word('Title, in quotes when it is several words'),
    goal: arg.word('How much money it needs, such as 1000'),
    time: arg.word('How long it may take in all, such as 90d'),
    text: arg.text('What is wanted; each line that begins with - is something a solution has to do'),
  },
  audience: 'caller',
  access: 'linked',
  byLink: () => true,
  async run(ctx, { caller, person, args }) {
    const { wallets } = requirePerson(person)
    const global = await theGlobalDao(ctx)
    const { token, unit } = await payingToken(ctx, global.id)
    const { text, requirements } = readText(args.text)
    const goal = readAmount(args.goal, unit)
    const { timestamp } = await ask(() => ctx.chain.client.getBlock())
    const terms = termsOf(args.time, Number(timestamp))
    const title = args.title.trim()
    if (title === '' || Buffer.byteLength(title) > 200)
      throw new UserError('A title has 1 to 200 characters.', { code: 'usage' })
    const rows = {
      Goal: amount(goal, unit),
      Requirements: String(requirements.length),
      'Ends at the latest in': args.time,
    }
    const page = await openByWallet(ctx, {
      person: requirePerson(person),
      caller,
      wallet: wallets[0]?.address ?? '',
      title: `Set the challenge “${title.slice(0, 60)}”`,
      about: 'DAOs split it into tasks, bid for them, and are paid from the money that sponsors put in.',
      rows,
      calls: [
        {
          to: getAddress(global.address),
          label: 'Set the challenge',
          data: encodeFunctionData({
            abi: globalDao.abi,
            functionName: 'createChallenge',
            args: [{ title, text, requirements, token: getAddress(token), goal, terms, salt: freshSalt() }],
          }),
        },
      ],
      next: [{ label: 'Challenges', run: 'challenge' }],
    })
    return actView({
      title: 'Set a challenge',
      words: `“${title}” looks for ${amount(goal, unit)} for ${durationWords(terms.fundingUntil - Number(timestamp))}, then for a plan for ${durationWords(terms.planningTime)}.`,
      rows,
      page,
    })
  },
})

/** NOMIC where it is listed, else whatever is. */
async function payingToken(ctx: Context, daoId: string): Promise<{ token: string; unit: Token }> {
  const rows = await ctx.db.selectFrom('mesh_token').select('token').where('dao_id', '=', daoId).execute()
  const nomic = ctx.chain.addresses.nomic?.toLowerCase()
  const token = rows.find((row) => row.token === nomic)?.token ?? rows[0]?.token
  if (token === undefined)
    throw new UserError('The Global DAO has listed no token to pay in yet.', {
      hint: 'Its curator can.',
      code: 'token',
    })
  return { token, unit: await tokenOf(ctx, { chain_id: ctx.chain.id, token }) }
}

const mostRequirements = 32

function readText(typed: string): { text: string; requirements: string[] } {
  const lines = typed.split('\n').map((line) => line.trim())
  const isPoint = (line: string): boolean => /^[-*•]\s*\S/.test(line)
  const requirements = lines.filter(isPoint).map((line) => line.replace(/^[-*•]\s*/, '').slice(0, 400))
  if (requirements.length === 0 || requirements.length > mostRequirements)
    throw new UserError(`A challenge says in 1 to ${mostRequirements} lines what a solution has to do.`, {
      hint: 'Begin each of those lines with - ',
      code: 'usage',
    })
  const text = lines
    .filter((line) => !isPoint(line))
    .join('\n')
    .trim()
    .slice(0, 4_000)
  return { text, requirements }
}

/** Shares of the whole time, each within what the contract allows. */
function termsOf(word: string, now: number): Terms {
  const whole = readSpan(word)
  if (whole === undefined || whole < 2 * day || whole > 700 * day)
    throw new UserError(`“${word.slice(0, 20)}” is no time from 2d to 700d.`, {
      hint: 'Such as 90d or 12w',
      code: 'usage',
    })
  const share = (part: number, most: number): number =>
    Math.max(hour, Math.min(most, Math.floor(whole / part / hour) * hour))
  return {
    fundingUntil: now + share(5, 14 * day),
    deadline: now + whole,
    planningTime: share(8, 7 * day),
    biddingTime: share(20, 3 * day),
    revealTime: share(40, day),
    reviewTime: share(20, 3 * day),
    ratingTime: share(30, 2 * day),
  }
}

/** `/challenge fund global-3 500`, by one's own wallet or as a DAO. */
export const challengeFund = defineCommand({
  name: 'challenge-fund',
  description: 'Put money into a challenge',
  args: {
    challenge: challengeArg('Which one, like global-3'),
    amount: arg.word('How much'),
    as: arg.optional(meshDaoArg('The DAO that pays, by its number; yourself when left out')),
  },
  audience: 'caller',
  access: 'linked',
  byLink: () => true,
  async run(ctx, { caller, person, args }) {
    const who = requirePerson(person)
    const record = await findChallenge(ctx, args.challenge)
    const { story, unit, token } = record
    if (story.state !== 'funding')
      throw new UserError(`${record.ref} takes no money any more.`, { hint: `/challenge ${record.ref}`, code: 'state' })
    const value = readAmount(args.amount, unit)
    if (value === 0n) throw new UserError('Nothing would be put in.', { code: 'usage' })
    const actor =
      args.as === undefined ? undefined : await actorFor(ctx, { person: who, dao: namedDao(record.daos, args.as) })
    const owner = actor?.account ?? (await richestWallet(ctx, { person: who, token })).address
    const calls = [
      ...(await approval(ctx, {
        token,
        unit,
        owner,
        spender: record.address,
        value,
        who: actor?.dao.name ?? 'your wallet',
      })),
      {
        to: record.address as Address,
        label: `Put ${money(record, value)} into ${record.ref}`,
        data: encodeFunctionData({ abi: contract.abi, functionName: 'fund', args: [value] }),
      },
    ]
    const acting = {
      person: who,
      caller,
      title: `Fund ${record.ref}`,
      about: record.title.slice(0, 200),
      rows: { Amount: money(record, value), Goal: money(record, record.goal) },
      calls,
      next: [{ label: 'The challenge', run: `challenge ${record.ref}` }],
    }
    const page = actor
      ? await openByActor(ctx, { ...acting, actor })
      : await openByWallet(ctx, { ...acting, wallet: owner })
    return actView({
      title: `Fund ${record.ref}`,
      words: 'What is not spent on accepted work comes back to the sponsors.',
      rows: acting.rows,
      page,
      decides: actor?.dao.name,
    })
  },
})
