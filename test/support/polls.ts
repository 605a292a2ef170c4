import { encodeFunctionData, parseEventLogs, type Address, type Hex, type LocalAccount } from 'viem'
import { polls } from '../../contracts/generated.ts'
import { acceptSigned } from '../../core/actions/accept.ts'
import { actionAsked } from '../../core/actions/page.ts'
import { pollOnce } from '../../core/listen/listener.ts'
import { watchDao } from '../../core/listen/watch.ts'
import type { View } from '../../core/index.ts'
import { announcePollJob } from '../../core/polls/jobs/announce-poll.ts'
import { enrolJob } from '../../core/ids/jobs/enrol.ts'
import { papersJob } from '../../core/polls/jobs/papers.ts'
import { pollsJob } from '../../core/polls/jobs/polls.ts'
import { choosePaper } from '../../core/polls/page.ts'
import type { Answer } from '../../core/voting/options.ts'
import { sendCall } from '../../bots/world/deploy.ts'
import { ballotWorld, linkedVoters, settleNow, type BallotWorld } from './ballots.ts'
import { governance, pageIn, plain } from './spells.ts'
import { preparedWorld } from './world.ts'

export type PollWorld = BallotWorld & { daoId: string; polls: Address }

type NewPoll = {
  title: string
  kind: 0 | 1 | 2
  options: string[]
  majority?: 0 | 1 | 2
  body?: string
  fallback?: number
}

/** A world whose Nomic DAO is watched in a channel and whose five voters, of 100 to 500 votes, have seats. Nothing works on its own. */
export async function pollWorld(): Promise<PollWorld> {
  const options = { settings: { RELAY_FLUSH_SECONDS: '600' } }
  const { facts, ...w } = await preparedWorld('polls', { options, from: () => ballotWorld(options), prepare: seatAll })
  return { ...w, ...facts, people: linkedVoters(w), polls: w.deployed.polls }
}

async function seatAll(w: BallotWorld): Promise<Pick<PollWorld, 'daoIds' | 'daoId'>> {
  const { dao } = await watchDao(w.ctx, { address: w.deployed.chief, slug: 'nomic', channel: governance })
  await enrolJob.run(w.ctx, {})
  await settleNow(w)
  return { daoIds: w.daoIds, daoId: dao.id }
}

export const hourAndMore = 7_200

/** Opens polls on a paper of their own and waits until they take answers; answers with their refs and the paper's number. */
export async function openPolls(
  w: PollWorld,
  list: readonly NewPoll[],
  { isAtClose = false, waits = true }: { isAtClose?: boolean; waits?: boolean } = {},
): Promise<{ refs: string[]; paper: number }> {
  const { timestamp } = await w.ctx.chain.client.getBlock()
  const opens = Number(timestamp) + 60
  const params = list.map(({ title, kind, options, majority = 0, body = '', fallback = 0 }) => ({
    kind,
    majority,
    minimum: 0n,
    fallback_: fallback,
    title,
    body,
    multihash: '',
    options,
  }))
  const receipt = await sendCall(
    { ...w.deployer, wallet: w.chain.wallet(w.voters[0]!) },
    {
      to: w.polls,
      data: encodeFunctionData({
        abi: polls.abi,
        functionName: 'open',
        args: [params, opens, opens + hourAndMore, isAtClose],
      }),
    },
  )
  const opened = parseEventLogs({ abi: polls.abi, eventName: 'PollOpened', logs: receipt.logs })
  if (waits) await w.chain.travel(62)
  await hearPolls(w)
  return {
    refs: opened.map(({ args }) => `nomic-p${args.poll}`),
    paper: Number(opened[0]!.args.paper),
  }
}

/** What the workers would do now: read the chain, look how the polls stand, and show it. */
export async function hearPolls(w: PollWorld): Promise<void> {
  await pollOnce(w.ctx)
  await pollsJob.run(w.ctx, { daoId: w.daoId })
  const rows = await w.ctx.db.selectFrom('poll').select('id').execute()
  for (const { id } of rows) await announcePollJob.run(w.ctx, { pollId: id })
}

/** Sends the papers that wait, looks what became of them, and reads what the chain says of it. */
export async function relayPapers(w: PollWorld): Promise<void> {
  await papersJob.run(w.ctx, { daoId: w.daoId })
  await settleNow(w)
  await hearPolls(w)
}

export async function say(w: PollWorld, index: number, line: string): Promise<View> {
  const { view } = await w.app.run({ caller: w.people[index]!, channel: { platform: 'playground', id: '@me' }, line })
  return view
}

export const said = async (w: PollWorld, index: number, line: string): Promise<string> =>
  plain(await say(w, index, line))

/** What the page asks this voter to sign when these are the answers. */
export async function askedFor(
  w: PollWorld,
  index: number,
  { ref, answers }: { ref: string; answers: readonly (Answer | null)[] },
): Promise<{ secret: string; number: number; typedData: { message: Record<string, unknown> } }> {
  const secret = pageIn(await say(w, index, `answer ${ref}`))
  const { url } = await choosePaper(w.ctx, { secret, wallet: w.voters[index]!.address, answers })
  const action = url.split('/').at(-1) ?? ''
  const asked = (await actionAsked(w.ctx, { secret: action })) as { number: number; typedData: never }
  return { secret: action, ...asked }
}

/** As `acceptSigned` takes it. */
export async function signedPaper(
  w: PollWorld,
  index: number,
  params: { ref: string; answers: readonly (Answer | null)[]; by?: LocalAccount },
): Promise<{ secret: string; number: number; signature: Hex }> {
  const { secret, number, typedData } = await askedFor(w, index, params)
  const signature = await (params.by ?? w.voters[index]!).signTypedData(typedData as never)
  return { secret, number, signature }
}

/** From the line to the stored paper. */
export async function answer(
  w: PollWorld,
  index: number,
  params: { ref: string; answers: readonly (Answer | null)[] },
): Promise<void> {
  await acceptSigned(w.ctx, await signedPaper(w, index, params))
}

/** Votes by option, of all who chose, of all who abstained; by the contract. */
export const tallyOf = (w: PollWorld, ref: string) =>
  w.ctx.chain.client.readContract({
    abi: polls.abi,
    address: w.polls,
    functionName: 'tally',
    args: [BigInt(ref.split('-p')[1]!)],
  })
