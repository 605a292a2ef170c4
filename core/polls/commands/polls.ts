import { arg, defineCommand, type Arg } from '../../command.ts'
import type { Context } from '../../context.ts'
import type { PollRow } from '../../db/tables/polls.ts'
import { UserError } from '../../errors.ts'
import { tokenOf } from '../../chain/token.ts'
import { requirePerson } from '../../identity/person.ts'
import { findNomic, nomicById } from '../../nomic/contracts.ts'
import { openPaperPage } from '../page.ts'
import { answerWords } from '../paper.ts'
import { findPoll, openPapers, optionsOf, paperRow, pollRefPattern, pollsOn, readPoll } from '../record.ts'
import { pollView } from '../views/poll.ts'
import { answerView, pollsView } from '../views/polls.ts'
import { pollRules } from '../../voting/paper.ts'
import { daoArg } from '../../args.ts'

const most = { live: 24, over: 8 }

/** `/polls`: those that can be answered, and what came out of the last ones. */
export const polls = defineCommand({
  name: 'polls',
  description: 'Polls of the Nomic DAO: open ones, and what came out of the closed ones',
  args: { dao: arg.optional(daoArg('Which one, where several are watched')) },
  audience: 'caller',
  access: 'anyone',
  byLink: () => true,
  async run(ctx, { args }) {
    const dao = await findNomic(ctx, args.dao)
    const token = await tokenOf(ctx, dao)
    const listed = async (isOver: boolean) =>
      Promise.all((await pollsOf(ctx, dao.id, isOver)).map((poll) => readPoll(ctx.db, { poll, token })))
    const [live, over] = await Promise.all([listed(false), listed(true)])
    return pollsView({ dao, live, over })
  },
})

const pollsOf = (ctx: Pick<Context, 'db'>, daoId: string, isOver: boolean): Promise<PollRow[]> =>
  ctx.db
    .selectFrom('poll')
    .selectAll()
    .where('dao_id', '=', daoId)
    .where('orphaned_at', 'is', null)
    .where('state', 'in', isOver ? ['closed', 'withdrawn'] : ['open', 'upcoming', 'weighing'])
    .orderBy('id', isOver ? 'desc' : 'asc')
    .limit(isOver ? most.over : most.live)
    .execute()

/** `/poll nomic-p3`: its text, options, tally and rules; of a ranked one the rounds. */
export const poll = defineCommand({
  name: 'poll',
  description: 'What a poll asks, how it stands and who would win',
  args: { poll: pollArg('Which poll, like nomic-p3') },
  audience: 'caller',
  access: 'anyone',
  byLink: () => true,
  async run(ctx, { args }) {
    const found = await findPoll(ctx, args.poll)
    const token = await tokenOf(ctx, await nomicById(ctx.db, found.dao_id))
    return pollView(await readPoll(ctx.db, { poll: found, token }))
  },
})

/** `/answer`, `/answer nomic-p3`, `/answer nomic-p3 2>1>3`: the page on which all polls of a paper are answered at once. */
export const answer = defineCommand({
  name: 'answer',
  description: 'Answer the open polls, all of them with one signature and no gas',
  args: {
    poll: arg.optional(pollArg('A poll like nomic-p3; the ones that close first when left out')),
    choice: arg.optional(arg.text('Your answer to it: 2, or 1,4, or 2>1>3, or abstain')),
  },
  audience: 'caller',
  access: 'linked',
  byLink: () => true,
  async run(ctx, { caller, person, args }) {
    const found = args.poll === undefined ? undefined : await findPoll(ctx, args.poll)
    const dao = found ? await nomicById(ctx.db, found.dao_id) : await findNomic(ctx)
    const paper = found?.paper ?? (await openPapers(ctx.db, dao.id))[0]?.number
    if (paper === undefined) throw new UserError('No poll is open right now.', { hint: '/polls', code: 'closed' })
    if (found?.is_withdrawn)
      throw new UserError(`${found.ref} was withdrawn by its author.`, { hint: '/polls', code: 'closed' })
    const typed = found && args.choice !== undefined ? typedAnswer(found, args.choice) : undefined
    const page = await openPaperPage(ctx, {
      person: requirePerson(person),
      caller,
      dao,
      paper,
      ...(typed ? { typed: { poll: typed.poll, answer: typed.answer } } : {}),
    })
    const { closes } = await paperRow(ctx.db, { daoId: dao.id, number: paper })
    return answerView({
      polls: await pollsOn(ctx.db, { daoId: dao.id, paper }),
      typed: typed?.words,
      closes: Number(closes),
      url: page.url,
      expiresAt: page.expiresAt,
    })
  },
})

/** As the kind of the poll reads it. */
function typedAnswer(found: PollRow, choice: string) {
  const options = optionsOf(found)
  const rule = pollRules[found.kind]
  const parsed = rule.parse(choice, options)
  return {
    poll: found.number,
    answer: parsed,
    words: `${found.ref} ${answerWords(rule.describe(parsed, options), found.kind)}`,
  }
}

/** A poll's ref such as `nomic-p3`; completes over those that are open first. */
function pollArg(description: string): Arg<string> {
  return {
    description,
    required: true,
    rest: false,
    parse(word) {
      const name = word.toLowerCase()
      if (pollRefPattern.test(name)) return name
      throw new UserError(`“${word.slice(0, 60)}” is not a poll like nomic-p3.`, { hint: '/polls' })
    },
    async complete(ctx, prefix) {
      const rows = await ctx.db
        .selectFrom('poll')
        .select(['ref', 'title', 'state'])
        .where('ref', 'like', prefix.toLowerCase().replaceAll(/[%_\\]/g, '') + '%')
        .where('orphaned_at', 'is', null)
        .orderBy((eb) => eb.case().when('state', '=', 'open').then(0).else(1).end())
        .orderBy('id', 'desc')
        .limit(25)
        .execute()
      return rows.map(({ ref, title, state }) => ({ value: ref, label: `${title.slice(0, 60)} (${state})` }))
    },
  }
}
