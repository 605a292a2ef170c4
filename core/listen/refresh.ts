import {
  decodeFunctionResult,
  encodeFunctionData,
  numberToHex,
  parseAbi,
  type ContractFunctionReturnType,
  type Hex,
} from 'viem'
import { summarizeAgain } from '../chat/hear.ts'
import type { Context } from '../context.ts'
import type {
  DaoRow,
  GovernorKindName,
  ProposalRow,
  ProposalStage,
  ProposalStateName,
} from '../db/tables/governance.ts'
import { roles } from '../identity/role-round.ts'
import { announce } from '../governance/announce.ts'
import { recordSteps } from '../governance/life.ts'
import { isGovernor } from '../governance/governor.ts'
import { bravoAbi } from '../governance/governor/bravo.ts'
import { proposalStates } from '../governance/governor/standing.ts'
import { moveCursor, type Cursor } from './cursor.ts'
import { askNode, type NodeAnswer, type NodeCall } from '../chain/node.ts'
import type { Header } from '../chain/header.ts'
import { headerCall, headerIn, unready } from '../chain/header.ts'

const abi = [
  ...bravoAbi,
  ...parseAbi([
    'function proposalDeadline(uint256 proposalId) view returns (uint256)',
    'function proposalEta(uint256 proposalId) view returns (uint256)',
    'function proposalVotes(uint256 proposalId) view returns (uint256 againstVotes, uint256 forVotes, uint256 abstainVotes)',
    'function quorum(uint256 timepoint) view returns (uint256)',
  ]),
] as const
type Open = ProposalRow & Pick<DaoRow, 'address' | 'clock'> & { kind: GovernorKindName }
/** What the contract says of a proposal. */
type Facts = Pick<ProposalRow, 'state' | 'deadline' | 'eta' | 'quorum' | 'against' | 'in_favour' | 'abstain' | 'stage'>

const atOnce = 20
const recheckSeconds = 60n
const daySeconds = 86_400n
const dayBlocks = 7_200n
const isOver = (state: ProposalStateName): boolean => state !== 'pending' && state !== 'active'

/**
 * Asks the contracts how proposals stand at the block of the cursor: those that something happened to, and those that
 * time may have moved on. What changed is written and announced together. Answers with the cursor as it is then.
 */
export async function refreshProposals(
  ctx: Pick<Context, 'db' | 'chain' | 'queue'>,
  params: { cursor: Cursor; header: Header },
): Promise<Cursor> {
  const { header } = params
  let { cursor } = params
  const rows = await openProposals(ctx, cursor)
  const due = rows.filter((row) => isDue(row, header, cursor.final))
  for (let from = 0; from < due.length; from += atOnce) {
    const some = due.slice(from, from + atOnce)
    const facts = await readFacts(ctx, header, some)
    cursor = await ctx.db.transaction().execute(async (trx) => {
      const moved = await moveCursor(ctx, trx, cursor, {})
      for (const [at, row] of some.entries()) {
        const found = facts[at]
        const isChanged = found !== undefined && differs(row, found)
        const state = found?.state ?? row.state
        const tallyBlock = isChanged || row.tally_block === null ? cursor.number : BigInt(row.tally_block)
        const final = isOver(state) && tallyBlock <= cursor.final
        // History stays quiet until its story goes on.
        const isNews = row.tally_block !== null && isChanged
        const announced = row.announced || isNews
        await trx
          .updateTable('proposal')
          .set({
            ...found,
            tally_block: tallyBlock.toString(),
            final,
            announced,
            stale: false,
            checked_at: header.time.toString(),
          })
          .where('id', '=', row.id)
          .execute()
        // The first look has nothing before it: the card itself says how a proposal stands.
        if (found && isNews)
          await recordSteps(trx, { proposalId: row.id, before: row, after: found, time: header.time })
        if (announced && (isChanged || row.stale || final !== row.final || !row.announced))
          await ctx.queue.send(trx, announce, { proposalId: row.id }, { key: row.id })
        // Who has taken part in votes is counted by those that are over.
        if (isOver(state) && !isOver(row.state)) await ctx.queue.send(trx, roles, {}, { key: 'roles' })
        if (announced && !row.announced)
          await ctx.queue.send(trx, summarizeAgain, { proposalId: row.id }, { key: row.id })
      }
      return moved
    })
  }
  return cursor
}

/** Few at any time: what is over and final is not looked at again. */
async function openProposals(ctx: Pick<Context, 'db' | 'chain'>, cursor: Cursor): Promise<Open[]> {
  const rows = await ctx.db
    .selectFrom('proposal')
    .innerJoin('dao', 'dao.id', 'proposal.dao_id')
    .selectAll('proposal')
    .select(['dao.address', 'dao.clock', 'dao.kind'])
    .where('dao.chain_id', '=', ctx.chain.id)
    .where('proposal.orphaned_at', 'is', null)
    .where((eb) =>
      eb.or([
        eb('stale', '=', true),
        eb('state', 'in', ['pending', 'active', 'queued']),
        eb.and([eb('final', '=', false), eb('tally_block', '<=', cursor.final.toString())]),
      ]),
    )
    .orderBy('proposal.id')
    .execute()
  return rows.filter(isGovernor)
}

function isDue(row: Open, header: Header, final: bigint): boolean {
  if (row.stale) return true
  if (!row.final && isOver(row.state) && BigInt(row.tally_block ?? header.number) <= final) return true
  if (row.state === 'pending') return clockAt(row, header) > BigInt(row.snapshot)
  if (row.state === 'active' && clockAt(row, header) > BigInt(row.deadline)) return true
  // A timelock can be used directly, and then the governor logs nothing.
  if (row.state === 'queued' && header.time - BigInt(row.checked_at) >= recheckSeconds) return true
  return stageOf(row, header) !== row.stage
}

/** The governor's own clock in this block (ERC-6372). */
const clockAt = ({ clock }: Pick<Open, 'clock'>, { number, time }: Header): bigint =>
  clock === 'timestamp' ? time : number

/** `ending` is the last tenth of the time to vote, and a day at most. */
function stageOf(
  row: Pick<Open, 'state' | 'clock' | 'snapshot' | 'deadline' | 'eta'>,
  header: Header,
): ProposalStage | null {
  if (row.state === 'queued') return row.eta !== null && header.time >= BigInt(row.eta) ? 'ready' : null
  if (row.state !== 'active') return null
  const tenth = (BigInt(row.deadline) - BigInt(row.snapshot)) / 10n
  const day = row.clock === 'timestamp' ? daySeconds : dayBlocks
  return clockAt(row, header) >= BigInt(row.deadline) - (tenth < day ? tenth : day) ? 'ending' : null
}

type Question = Exclude<(typeof abi)[number]['name'], 'getReceipt'>
const ofOpenZeppelin = ['state', 'proposalDeadline', 'proposalEta', 'proposalVotes', 'quorum'] as const
/** What each kind can be asked of a proposal; OpenZeppelin 4 may count under Compound's names. */
const questions: Record<GovernorKindName, readonly Question[]> = {
  autodao: ofOpenZeppelin,
  oz5: ofOpenZeppelin,
  oz4: [...ofOpenZeppelin, 'proposals'],
  bravo: ['state', 'proposals', 'quorumVotes'],
}

async function readFacts(
  ctx: Pick<Context, 'chain'>,
  header: Header,
  rows: readonly Open[],
): Promise<(Facts | undefined)[]> {
  const block = numberToHex(header.number)
  const calls = rows.flatMap((row) =>
    questions[row.kind].map((functionName): NodeCall => {
      const args = { quorum: [BigInt(row.snapshot)], quorumVotes: [] }[functionName as string] ?? [
        BigInt(row.onchain_id),
      ]
      const data = encodeFunctionData({ abi, functionName, args } as Parameters<typeof encodeFunctionData>[0])
      return { method: 'eth_call', params: [{ to: row.address, data }, block] }
    }),
  )
  const answers = await askNode(ctx.chain.url, [...calls, headerCall(header.number)])
  if (headerIn(answers.at(-1))?.hash !== header.hash) throw unready('The chain changed while it was read.')
  let at = 0
  return rows.map((row) => factsOf(row, header, answers.slice(at, (at += questions[row.kind].length))))
}

/** Undefined when the contract does not know the proposal, or does not answer as a Governor. */
function factsOf(row: Open, header: Header, answers: readonly NodeAnswer[]): Facts | undefined {
  const said = <Q extends Question>(name: Q) => decoded(name, answers[questions[row.kind].indexOf(name)])
  const state = proposalStates[said('state') ?? -1]
  if (state === undefined) return undefined
  const [, , etaThere, , endBlock, forVotes, againstVotes, abstainVotes] = said('proposals') ?? []
  const eta = said('proposalEta') ?? etaThere ?? 0n
  const [against, inFavour, abstain] = said('proposalVotes') ?? [againstVotes, forVotes, abstainVotes]
  const facts = {
    state,
    deadline: (said('proposalDeadline') ?? endBlock)?.toString() ?? row.deadline,
    eta: eta === 0n ? null : eta.toString(),
    quorum: (said('quorum') ?? said('quorumVotes'))?.toString() ?? row.quorum,
    against: against?.toString() ?? row.against,
    in_favour: inFavour?.toString() ?? row.in_favour,
    abstain: abstain?.toString() ?? row.abstain,
  }
  return { ...facts, stage: stageOf({ ...row, ...facts }, header) }
}

function decoded<Q extends Question>(
  functionName: Q,
  answer: NodeAnswer | undefined,
): ContractFunctionReturnType<typeof abi, 'view', Q> | undefined {
  if (!answer) return undefined
  if ('fault' in answer) {
    if (isRevert(answer.fault)) return undefined
    throw unready('The node cannot call the contract at this block.', answer.fault.message)
  }
  try {
    return decodeFunctionResult<typeof abi, Q>({ abi, functionName, data: answer.result as Hex } as never) as never
  } catch {
    return undefined
  }
}

const isRevert = ({ code, message }: { code: number; message: string }): boolean =>
  code === 3 || /revert|out of gas|invalid opcode|invalid jump|stack/i.test(message)

function differs(row: Open, facts: Facts): boolean {
  return (Object.keys(facts) as (keyof Facts)[]).some((key) => row[key] !== facts[key])
}
