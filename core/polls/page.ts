import { randomBytes } from 'node:crypto'
import { getAddress, isAddress, numberToHex, type Address } from 'viem'
import { actionId } from '../actions/id.ts'
import { openAction } from '../actions/open.ts'
import type { Context } from '../context.ts'
import type { PaperPageRow } from '../db/tables/polls.ts'
import { UserError } from '../errors.ts'
import { tokenOf, type Token } from '../chain/token.ts'
import type { Person } from '../command.ts'
import { findPerson, requirePerson } from '../identity/person.ts'
import { nomicById, type NomicDao } from '../nomic/contracts.ts'
import { pageUrl } from '../origin.ts'
import type { Caller } from '../platform.ts'
import { cleanJson } from '../view.ts'
import type { Answer } from '../voting/options.ts'
import type { PollKind } from '../db/tables/polls.ts'
import { pollRules, writeMark, type Answers } from '../voting/paper.ts'
import { answerWords, assertOpen, readPaper, typedDataOf, type Paper } from './paper.ts'
import { assertAble, standingOf, standingsOf } from './standing.ts'

const pageMinutes = 60

export type PaperPage = {
  dao: string
  closes: string
  isAtClose: boolean
  token: Token
  polls: {
    ref: string
    kind: PollKind
    title: string
    body: string
    hash: string
    majority: string
    options: string[]
    /** What was typed in chat, in place of what the wallet has answered before. */
    typed: Answer | null
  }[]
  wallets: { address: string; weight: string; answers: (Answer | null)[]; why?: string; hint?: string }[]
}

/** A page on which somebody answers all polls of a paper; it decides nothing: only what is signed after it does. */
export async function openPaperPage(
  ctx: Context,
  params: { person: Person; caller: Caller; dao: NomicDao; paper: number; typed?: { poll: number; answer: Answer } },
): Promise<{ url: string; expiresAt: number; paper: Paper }> {
  const { caller, dao, typed } = params
  const paper = await readPaper(ctx, dao, params.paper)
  await assertOpen(ctx, paper)
  const secret = randomBytes(16).toString('base64url')
  const expiresAt = Math.floor(ctx.now() / 1000) + pageMinutes * 60
  await ctx.db
    .insertInto('paper_page')
    .values({
      id: actionId(secret),
      platform: caller.platform,
      workspace: caller.workspace,
      user_id: caller.user,
      dao_id: dao.id,
      paper: params.paper,
      answers: cleanJson(typed ? { [typed.poll]: typed.answer } : {}),
      expires_at: new Date(expiresAt * 1000),
    })
    .execute()
  return { url: pageUrl(ctx.config, `/q/${secret}`), expiresAt, paper }
}

/** What the page shows. */
export async function paperPage(ctx: Context, params: { secret: string }): Promise<PaperPage> {
  const { row, person, dao, paper } = await readPage(ctx, params.secret)
  await assertOpen(ctx, paper)
  const token = dao.token as Address
  const typed = row.answers as Record<string, Answer>
  const standings = await standingsOf(ctx, { paper, token, person })
  return {
    dao: dao.name,
    closes: paper.row.closes,
    isAtClose: paper.row.is_at_close,
    token: await tokenOf(ctx, dao),
    polls: paper.rows.map((poll, at) => ({
      ref: poll.ref,
      kind: poll.kind,
      title: poll.title,
      body: poll.body,
      hash: poll.body_hash,
      majority: poll.majority,
      options: paper.polls[at]?.options ?? [],
      typed: typed[poll.number] ?? null,
    })),
    wallets: standings.map(({ wallet, weight, answers, why, hint }) => ({
      address: wallet,
      weight: weight.toString(),
      answers: answers.map((answer) => answer ?? null),
      ...(why ? { why } : {}),
      ...(hint ? { hint } : {}),
    })),
  }
}

/** Takes what was chosen and answers with the page on which it is signed: the text to sign is made here, never by a browser. */
export async function choosePaper(
  ctx: Context,
  params: { secret: string; wallet: string; answers: readonly (Answer | null)[] },
): Promise<{ url: string }> {
  const { row, person, dao, paper } = await readPage(ctx, params.secret)
  await assertOpen(ctx, paper)
  const answers = checkAnswers(paper, params.answers)
  if (!ctx.chain.relayer)
    throw new UserError('No relayer is set up here, so answer from your wallet directly.', {
      hint: `The polls are at ${paper.to}, their function castPaper.`,
      code: 'relayer',
    })
  const wallet = walletOf(person, params.wallet)
  const standing = await standingOf(ctx, { paper, token: dao.token as Address, wallet })
  assertAble(standing)
  const { seat, next } = standing
  const mark = writeMark(paper.polls, answers, next)
  const given = answers.filter((answer) => answer !== undefined).length
  if (given === 0 && standing.answers.every((answer) => answer === undefined))
    throw new UserError('Nothing is answered yet.', { hint: 'Choose something in one of the polls.', code: 'empty' })
  const title = given === 0 ? 'Take back your answers' : `Answer ${given} ${given === 1 ? 'poll' : 'polls'}`
  const page = await openAction(ctx, {
    person,
    caller: { platform: row.platform, workspace: row.workspace, user: row.user_id, name: '', manager: false },
    wallet,
    title,
    about: 'One signature for all of them, no gas. It replaces the paper that this wallet has signed before, whole.',
    rows: wordsOf(paper, answers),
    steps: [
      {
        kind: 'sign',
        label: title,
        typedData: typedDataOf(ctx, paper, { seat, mark }),
        relay: { to: paper.to, abi: 'paper', args: [dao.id, paper.row.number, seat, numberToHex(mark)] },
        batch: 'papers',
      },
    ],
    next: [{ label: 'Polls', run: `polls ${dao.slug}` }],
  })
  return { url: page.url }
}

/** One line a poll; what stands there is what the wallet will show. */
const wordsOf = (paper: Paper, answers: Answers): Record<string, string> =>
  Object.fromEntries(
    paper.rows.map(({ ref, title, kind }, at) => {
      const answer = answers[at]
      const labels = answer === undefined ? [] : pollRules[kind].describe(answer, paper.polls[at]?.options ?? [])
      return [`${ref}: ${title.slice(0, 80).toWellFormed()}`, answerWords(labels, kind)]
    }),
  )

/** A browser's word is checked by the rule that reads it back. */
function checkAnswers(paper: Paper, given: readonly (Answer | null)[]): Answers {
  if (given.length !== paper.polls.length)
    throw new UserError('The polls of this paper have changed meanwhile.', {
      hint: 'Load the page again.',
      code: 'stale',
    })
  return paper.polls.map(({ kind, options, title }, at) => {
    const answer = given[at] ?? undefined
    if (answer === undefined || answer === 'abstain') return answer
    if (answer.length === 0) return undefined
    const sorted = kind === 'approval' ? answer.toSorted((a, b) => a - b) : answer
    const isKnown = sorted.every((option) => Number.isInteger(option) && option >= 0 && option < options.length)
    const isOnce = new Set(sorted).size === sorted.length
    if (!isKnown || !isOnce || (kind === 'single' && sorted.length > 1))
      throw new UserError(`This is not an answer to “${title.slice(0, 80).toWellFormed()}”.`, { code: 'answer' })
    return sorted
  })
}

/** By the secret of its address. */
async function readPage(
  ctx: Context,
  secret: string,
): Promise<{ row: PaperPageRow; person: Person; dao: NomicDao; paper: Paper }> {
  const row = await ctx.db.selectFrom('paper_page').selectAll().where('id', '=', actionId(secret)).executeTakeFirst()
  if (!row) throw new UserError('There is no such page.', { hint: '/polls', code: 'unknown' })
  if (row.expires_at.getTime() <= ctx.now())
    throw new UserError('This page has expired.', { hint: '/answer', code: 'expired' })
  const person = requirePerson(
    await findPerson(ctx, { platform: row.platform, workspace: row.workspace, user: row.user_id }),
  )
  const dao = await nomicById(ctx.db, row.dao_id)
  return { row, person, dao, paper: await readPaper(ctx, dao, row.paper) }
}

function walletOf(person: Person, address: string): Address {
  const wanted = person.wallets.find((wallet) => wallet.address.toLowerCase() === address.toLowerCase())
  if (wanted && isAddress(address, { strict: false })) return getAddress(wanted.address)
  throw new UserError('This wallet is not linked to your account.', { hint: '/link', code: 'not-linked' })
}
