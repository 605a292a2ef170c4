import {
  createPublicClient,
  custom,
  keccak256,
  stringToHex,
  type LocalAccount,
  type PublicClient,
  type TransactionReceipt,
} from 'viem'
import { vi } from 'vitest'
import { autoDao } from '../../contracts/generated.ts'
import { acceptBallot } from '../../core/ballots/accept.ts'
import { openBallot } from '../../core/ballots/open.ts'
import { ballotTypedData } from '../../core/ballots/page.ts'
import { ballotKind } from '../../core/ballots/ballot-kind.ts'
import { relayWaiting } from '../../core/relay/engine.ts'
import type { Context } from '../../core/context.ts'
import type { BallotRow } from '../../core/db/tables/ballots.ts'
import { titleOf } from '../../core/governance/governor/title.ts'
import { proposalById, type Proposal } from '../../core/governance/proposal.ts'
import type { GovernorKindName } from '../../core/db/tables/governance.ts'
import type { Support } from '../../core/voting/support.ts'
import { findPerson } from '../../core/identity/person.ts'
import { settleAll } from '../../core/relay/jobs/settle.ts'
import type { Caller } from '../../core/platform.ts'
import type { View } from '../../core/view.ts'
import { caller, linkWallet } from './linking.ts'
import { preparedWorld, times, world, type World, type WorldOptions } from './world.ts'

export type BallotWorld = World & {
  /** Our DAO and the foreign one, as rows. */
  daoIds: { auto: string; oz: string }
  /** The person of each voter, linked. */
  people: readonly Caller[]
}

/** A world whose DAOs are watched and whose voters are linked. Nothing works on its own: a test says what runs when. */
export async function ballotWorld(options: WorldOptions = {}): Promise<BallotWorld> {
  const { changeOfMind = false } = options
  const { facts: daoIds, ...w } = await preparedWorld(changeOfMind ? 'ballots-change' : 'ballots', {
    options,
    from: () => world({ changeOfMind }),
    prepare: watchAndLink,
  })
  return { ...w, daoIds, people: linkedVoters(w) }
}

async function watchAndLink(w: World): Promise<BallotWorld['daoIds']> {
  const auto = await insertDao(w, { slug: 'auto', kind: 'autodao', ...w.autoDao, name: 'Test DAO' })
  const oz = await insertDao(w, { slug: 'oz', kind: 'oz5', ...w.ozDao, name: 'Plain DAO' })
  // From here on anvil calls blocks final 64 blocks later, as real chains do.
  await w.chain.rpc('anvil_mine', [`0x${finalBlocks.toString(16)}`])
  const people = linkedVoters(w)
  for (const [index, wallet] of w.voters.entries()) await linkWallet(w.ctx, people[index]!, wallet)
  return { auto, oz }
}

export const linkedVoters = ({ voters }: World): Caller[] => voters.map((_, index) => caller(`voter${index}`))

async function insertDao(
  { ctx }: World,
  dao: { slug: string; kind: GovernorKindName; dao: string; token: string; timelock: string; name: string },
): Promise<string> {
  const { id } = await ctx.db
    .insertInto('dao')
    .values({
      slug: dao.slug,
      name: dao.name,
      chain_id: ctx.chain.id,
      address: dao.dao,
      kind: dao.kind,
      token: dao.token,
      timelock: dao.timelock,
      clock: 'timestamp',
      domain_name: dao.name,
      domain_version: '1',
      probe: '{}',
      from_block: '0',
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

let proposals = 0

/** A proposal that takes votes now, known to AutoCo. */
export async function openProposal(
  w: BallotWorld,
  which: 'auto' | 'oz',
  { text = '', travel = times.votingDelay + 2 }: { text?: string; travel?: number } = {},
): Promise<Proposal> {
  proposals += 1
  const description = text || `# Proposal ${proposals}\n\nFund the audit.`
  const dao = which === 'auto' ? w.autoDao : w.ozDao
  const { onchainId, receipt } = await w.propose(dao, description)
  const contract = { abi: autoDao.abi, address: dao.dao, args: [onchainId] } as const
  const [snapshot, deadline] = await Promise.all([
    w.ctx.chain.client.readContract({ ...contract, functionName: 'proposalSnapshot' }),
    w.ctx.chain.client.readContract({ ...contract, functionName: 'proposalDeadline' }),
  ])
  const { id } = await w.ctx.db
    .insertInto('proposal')
    .values({
      dao_id: w.daoIds[which],
      number: proposals,
      ref: `${which}-${proposals}`,
      onchain_id: onchainId.toString(),
      proposer: w.voters[0]!.address,
      title: titleOf(description),
      description,
      text_hash: keccak256(stringToHex(description)),
      calls: '[]',
      snapshot: snapshot.toString(),
      deadline: deadline.toString(),
      state: 'active',
      eta: null,
      quorum: null,
      tally_block: null,
      block_number: receipt.blockNumber.toString(),
      block_hash: receipt.blockHash,
      tx_hash: receipt.transactionHash,
      orphaned_at: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  if (travel > 0) await w.chain.travel(travel)
  return proposalById(w.ctx, id)
}

/** A ballot page of this person: the secret in its address. */
export async function openPage(
  w: BallotWorld,
  who: Caller,
  params: { ref: string; support: Support; reason?: string },
): Promise<string> {
  const person = await findPerson(w.ctx, who)
  if (!person) throw new Error(`${who.user} is not linked`)
  const { url } = await openBallot(w.ctx, { person, caller: who, ...params })
  return url.split('/').at(-1) ?? ''
}

export async function sign(w: BallotWorld, draft: string, wallet: LocalAccount, as = wallet.address): Promise<string> {
  const { typedData } = await ballotTypedData(w.ctx, { draft, address: as })
  return wallet.signTypedData(typedData as never)
}

/** From the line to the stored ballot: answers with its id. */
export async function cast(
  w: BallotWorld,
  index: number,
  params: { ref: string; support: Support; reason?: string; from?: Caller },
): Promise<string> {
  const wallet = w.voters[index]!
  const draft = await openPage(w, params.from ?? w.people[index]!, params)
  const { id } = await acceptBallot(w.ctx, {
    draft,
    address: wallet.address,
    signature: await sign(w, draft, wallet),
  })
  return id
}

/** What the workers would do now: send what waits, and look what became of it. */
export async function relayAndSettle(w: BallotWorld): Promise<void> {
  for (const daoId of Object.values(w.daoIds)) await relayWaiting(w.ctx, ballotKind, { daoId })
  await settleNow(w)
}

/** Looks what became of transactions, once the chain has had time to mine them: it answers a send before that. */
export async function settleNow(w: Pick<BallotWorld, 'chain' | 'ctx'>): Promise<void> {
  const isIdle = async (): Promise<boolean> =>
    (await w.chain.rpc<{ pending: string }>('txpool_status')).pending === '0x0'
  const isMining = await w.chain.rpc<boolean>('anvil_getAutomine')
  // One that stays in the pool is too cheap, and then that is what the test is about.
  if (isMining) await vi.waitUntil(isIdle, { interval: 2, timeout: 300 }).catch(() => undefined)
  await settleAll(w.ctx)
}

/** So many blocks that everything before them is final. */
const finalBlocks = 80

export async function finalise(w: BallotWorld): Promise<void> {
  await w.chain.rpc('anvil_mine', [`0x${finalBlocks.toString(16)}`])
  await settleNow(w)
}

export const ballotRow = (w: BallotWorld, id: string): Promise<BallotRow> =>
  w.ctx.db.selectFrom('ballot').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

/** What the voter's private message says by now. */
export async function cardText(w: BallotWorld, id: string): Promise<string> {
  const effect = await w.ctx.db
    .selectFrom('effect')
    .select('view')
    .where('key', '=', `ballot/${id}`)
    .executeTakeFirstOrThrow()
  return wordsOf(effect.view as View)
}

/** The plain words of a view. */
export const wordsOf = (view: View): string => [view.title ?? '', ...strings(view.body)].join(' | ')

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return value.flatMap(strings)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => (name === 'type' || name === 'style' ? [] : strings(inner)))
}

/** The same world through an RPC that a test bends: `forward` asks the real one. */
export function withRpc(
  w: BallotWorld,
  bend: (method: string, forward: () => Promise<unknown>, params: unknown) => Promise<unknown>,
): Context {
  const request = ({ method, params }: { method: string; params?: unknown }): Promise<unknown> =>
    bend(method, () => w.ctx.chain.client.request({ method, params } as never), params)
  const client = createPublicClient({ transport: custom({ request } as never, { retryCount: 0 }) }) as PublicClient
  return { ...w.ctx, chain: { ...w.ctx.chain, client } }
}

/** What the listener writes when it reads the log of a vote. */
export async function storeVote(
  w: BallotWorld,
  proposal: Proposal,
  vote: { voter: string; support: number; receipt: TransactionReceipt },
): Promise<void> {
  await w.ctx.db
    .insertInto('vote')
    .values({
      proposal_id: proposal.id,
      voter: vote.voter,
      block_hash: vote.receipt.blockHash,
      log_index: 0,
      block_number: vote.receipt.blockNumber.toString(),
      tx_hash: vote.receipt.transactionHash,
      support: vote.support,
      weight: '1',
      reason: '',
      orphaned_at: null,
    })
    .execute()
}

/** Against, for and abstain, by the contract. */
export async function tallyOf(
  w: BallotWorld,
  proposal: Proposal,
): Promise<{ against: bigint; for: bigint; abstain: bigint }> {
  const [against, inFavour, abstain] = await w.ctx.chain.client.readContract({
    abi: autoDao.abi,
    address: proposal.dao.address as `0x${string}`,
    functionName: 'proposalVotes',
    args: [BigInt(proposal.onchain_id)],
  })
  return { against, for: inFavour, abstain }
}
