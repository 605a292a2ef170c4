import { encodeFunctionData, erc20Abi, type Address, type LocalAccount } from 'viem'
import { chief } from '../../contracts/generated.ts'
import { actionPage } from '../../core/actions/page.ts'
import type { Caller, View } from '../../core/index.ts'
import { pollOnce } from '../../core/listen/listener.ts'
import { watchDao } from '../../core/listen/watch.ts'
import { announceSpellJob } from '../../core/nomic/jobs/announce-spell.ts'
import { approvalsJob } from '../../core/nomic/jobs/approvals.ts'
import { chiefJob } from '../../core/nomic/jobs/chief.ts'
import { sendCall } from '../../bots/world/deploy.ts'
import { doStep, relayActions } from './actions.ts'
import { ballotWorld, linkedVoters, settleNow, wordsOf, type BallotWorld } from './ballots.ts'
import { preparedWorld } from './world.ts'

export type NomicWorld = BallotWorld & { daoId: string; chief: Address; treasury: Address }

export const governance = { platform: 'playground', id: 'governance' }

/**
 * A world whose Nomic DAO is watched in a channel, with 50 NOMIC in its treasury. The first four voters have locked all they
 * have, and the first one's 100 have woken the chief. Nothing works on its own.
 */
export async function nomicWorld(): Promise<NomicWorld> {
  const options = { settings: { RELAY_FLUSH_SECONDS: '600' } }
  const { facts, ...w } = await preparedWorld('nomic', {
    options,
    from: () => ballotWorld(options),
    prepare: wakeChief,
  })
  return { ...w, ...facts, people: linkedVoters(w), chief: w.deployed.chief }
}

async function wakeChief(w: BallotWorld): Promise<Pick<NomicWorld, 'daoIds' | 'daoId' | 'treasury'>> {
  const { dao } = await watchDao(w.ctx, { address: w.deployed.chief, slug: 'nomic', channel: governance })
  const treasury = dao.timelock as Address
  await sendCall(
    { ...w.deployer, wallet: w.chain.wallet(w.voters[4]!) },
    {
      to: w.deployed.nomic,
      data: encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [treasury, 50n * 10n ** 18n] }),
    },
  )
  const facts = { daoIds: w.daoIds, daoId: dao.id, treasury }
  const world = { ...w, ...facts, chief: w.deployed.chief }
  for (const index of [0, 1, 2, 3]) await doLine(world, index, 'lock all')
  await doLine(world, 0, 'approve launch')
  await relayApprovals(world)
  await w.chain.travel(1)
  await hear(world)
  await say(world, 0, 'lift launch')
  await hear(world)
  return facts
}

/** What the workers would do now: read the chain, send what waits, look what became of it, and show it. */
export async function hear(w: NomicWorld): Promise<void> {
  await relayActions(w)
  await pollOnce(w.ctx)
  await chiefJob.run(w.ctx, { daoId: w.daoId })
  const spells = await w.ctx.db.selectFrom('spell').select('id').execute()
  for (const { id } of spells) await announceSpellJob.run(w.ctx, { spellId: id })
}

/** Sends the approvals that wait: lists that nobody etched yet need a second look. */
export async function relayApprovals(w: NomicWorld): Promise<void> {
  for (let looks = 0; looks < 2; looks += 1) {
    await approvalsJob.run(w.ctx, { daoId: w.daoId })
    await settleNow(w)
  }
}

export async function say(w: NomicWorld, index: number, line: string): Promise<View> {
  const { view } = await w.app.run({ caller: w.people[index]!, channel: { platform: 'playground', id: '@me' }, line })
  return view
}

/** The page that a button of this answer opens: the secret in its address. */
export function pageIn(view: View, label = /./): string {
  const found = view.actions?.find((action) => 'open' in action && label.test(action.label))
  if (!found || !('open' in found)) throw new Error(`no page in: ${wordsOf(view)}`)
  return found.open.split('/').at(-1) ?? ''
}

/** Does everything that a page asks for, as its wallet would. */
export async function doPage(w: NomicWorld, secret: string, wallet: LocalAccount): Promise<void> {
  const { steps } = await actionPage(w.ctx, { secret })
  for (const _ of steps) await doStep(w, secret, wallet)
}

/** From the line to what the page asks for. */
export async function doLine(w: NomicWorld, index: number, line: string, label?: RegExp): Promise<View> {
  const view = await say(w, index, line)
  await doPage(w, pageIn(view, label), w.voters[index]!)
  return view
}

/** The words of a view, one after the other as people read them. */
export const plain = (view: View): string => wordsOf(view).replaceAll(/\s*\|\s*/g, ' ')

/** A spell of this voter, read by the listener. */
export async function makeSpell(
  w: NomicWorld,
  index: number,
  { title, calls = 'pause setDelay(uint48) 7200', days = 30 }: { title: string; calls?: string; days?: number },
): Promise<{ id: string; ref: string; address: Address; answer: string }> {
  const view = await doLine(w, index, `spell-new "${title}" ${days} always "${calls}" Because of ${title}.`)
  await hear(w)
  const { id, ref, address } = await w.ctx.db
    .selectFrom('spell')
    .select(['id', 'ref', 'address'])
    .where('title', '=', title)
    .executeTakeFirstOrThrow()
  return { id, ref, address: address as Address, answer: plain(view) }
}

/** What stands in the channel, the card of a spell and what was said under it, or in the private conversation of somebody. */
export async function shownIn(w: Pick<NomicWorld, 'ctx'>, channel: string, key = '%'): Promise<string[]> {
  const rows = await w.ctx.db
    .selectFrom('effect')
    .select('view')
    .where('channel', '=', channel)
    .where('key', 'like', key)
    .orderBy('updated_at')
    .execute()
  return rows.map(({ view }) => plain(view as View))
}

export const privately = ({ user }: Caller): string => `@${user}`

export const approvalsOf = (w: NomicWorld, spell: Address): Promise<bigint> =>
  w.ctx.chain.client.readContract({ abi: chief.abi, address: w.chief, functionName: 'approvals', args: [spell] })
