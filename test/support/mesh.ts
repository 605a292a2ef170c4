import { encodeFunctionData, getAddress, parseEther, type Address, type Hex, type LocalAccount } from 'viem'
import { globalDao, nomic } from '../../contracts/generated.ts'
import { acceptSent } from '../../core/actions/accept.ts'
import { actionAsked, actionPage } from '../../core/actions/page.ts'
import type { Caller } from '../../core/index.ts'
import { pollOnce } from '../../core/listen/listener.ts'
import { watchDao } from '../../core/listen/watch.ts'
import { actionJob } from '../../core/actions/jobs/action.ts'
import { challengeDutiesJob } from '../../core/mesh/jobs/challenge-duties.ts'
import { challengeJob } from '../../core/mesh/jobs/challenge.ts'
import { findTask } from '../../core/mesh/find.ts'
import type { View } from '../../core/view.ts'
import { domainId, furnishGlobalDao } from '../../bots/world/mesh.ts'
import { settleNow, wordsOf } from './ballots.ts'
import { caller, linkWallet } from './linking.ts'
import { preparedWorld, world, type World } from './world.ts'

export type MeshWorld = World & {
  /** Linked people: two sponsors, the executives of both DAOs, and somebody who is a DAO alone. */
  people: Record<'ann' | 'ben' | 'eve' | 'oda' | 'lou', { caller: Caller; wallet: LocalAccount }>
}

type Who = keyof MeshWorld['people']

/** Three DAOs that take part in a Global DAO: Test DAO (1), Plain DAO (2), and a lonely account (3). All are heard. */
export async function meshWorld(): Promise<MeshWorld> {
  const { facts: _, ...w } = await preparedWorld('mesh', { from: () => world(), prepare: meet })
  const people = Object.fromEntries(
    Object.entries(walletsOf(w)).map(([name, wallet]) => [name, { caller: caller(name), wallet }]),
  ) as MeshWorld['people']
  return { ...w, people }
}

function walletsOf(w: World): Record<Who, LocalAccount> {
  const account = (index: number): LocalAccount => w.chain.accounts[index]!
  return { ann: account(5), ben: account(4), eve: account(1), oda: account(2), lou: account(6) }
}

async function meet(w: World): Promise<void> {
  const wallets = walletsOf(w)
  await w.chain.rpc('anvil_mine', ['0x50'])
  for (const [address, name] of [
    [w.deployed.globalDao, 'global'],
    [w.autoDao.dao, 'auto'],
    [w.ozDao.dao, 'oz'],
  ] as const)
    await watchDao(w.ctx, { address, slug: name, channel: { platform: 'paper', id: name } })
  await furnishMesh(w, wallets)
  await sendAs(w, wallets.ann.address, {
    to: w.deployed.nomic,
    data: encodeFunctionData({
      abi: nomic.abi,
      functionName: 'transfer',
      args: [wallets.lou.address, parseEther('100')],
    }),
  })
  for (const [name, wallet] of Object.entries(wallets)) await linkWallet(w.ctx, caller(name), wallet)
  await listen(w)
}

/** Lists the token and the domains, and has the DAOs join: Test DAO (1), Plain DAO (2), and an account alone (3). */
export async function furnishMesh(
  w: World,
  { eve, oda, lou }: { eve: LocalAccount; oda: LocalAccount; lou?: LocalAccount },
): Promise<void> {
  await furnishGlobalDao(w.deployer, w.deployed)
  const to = w.deployed.globalDao
  const { abi } = globalDao
  const domains = ['writing', 'design', 'integration'].map(domainId)
  for (const [at, name, executive] of [
    [w.autoDao.timelock, 'Test DAO', eve],
    [w.ozDao.timelock, 'Plain DAO', oda],
    ...(lou ? ([[lou.address, 'Lone Works', undefined]] as const) : []),
  ] as const) {
    await sendAs(w, at, {
      to,
      data: encodeFunctionData({ abi, functionName: 'join', args: [name, domains, [40, 40, 20]] }),
    })
    if (!executive) continue
    const dao = await w.ctx.chain.client.readContract({ abi, address: to, functionName: 'daoOf', args: [at] })
    const args = [dao, executive.address] as const
    await sendAs(w, at, { to, data: encodeFunctionData({ abi, functionName: 'nameExecutive', args }) })
  }
}

/** A transaction in the name of whoever, as a DAO's timelock would send it after a vote. */
export async function sendAs(w: World, from: Address, call: { to: Address; data: Hex }): Promise<void> {
  await w.chain.rpc('anvil_impersonateAccount', [from])
  await w.chain.rpc('anvil_setBalance', [from, `0x${(10n ** 20n).toString(16)}`])
  const hash = await w.chain.rpc<Hex>('eth_sendTransaction', [{ from, ...call }])
  const { status } = await w.ctx.chain.client.waitForTransactionReceipt({ hash })
  if (status !== 'success') throw new Error('it was reverted')
  await w.chain.rpc('anvil_stopImpersonatingAccount', [from])
}

export async function listen(w: World): Promise<void> {
  for (let look = 0; look < 2; look += 1) await pollOnce(w.ctx)
}

/** What the workers would do now, until there is nothing left to do. */
async function live(w: World): Promise<void> {
  for (;;) {
    await listen(w)
    const rows = await w.ctx.db.selectFrom('challenge').select('id').orderBy('id').execute()
    const before = await intents(w)
    for (const { id } of rows) await challengeDutiesJob.run(w.ctx, { challengeId: id })
    await settleNow(w)
    if ((await intents(w)) !== before) continue
    for (const { id } of rows) await challengeJob.run(w.ctx, { challengeId: id })
    return
  }
}

async function intents(w: World): Promise<string> {
  const { count } = await w.ctx.db
    .selectFrom('intent')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow()
  return count
}

export async function travel(w: World, seconds: number): Promise<void> {
  await w.chain.travel(seconds)
  await live(w)
}

/** To just after the time of a task. */
export async function travelPast(w: World, ref: string): Promise<void> {
  const { until } = await taskNow(w, ref)
  const { timestamp } = await w.ctx.chain.client.getBlock()
  await travel(w, (until ?? 0) - Number(timestamp) + 2)
}

async function ask(w: MeshWorld, who: Who, line: string): Promise<View> {
  const { view } = await w.app.run({
    caller: w.people[who].caller,
    channel: { platform: 'playground', id: 'room' },
    line,
  })
  return view
}

export const words = async (w: MeshWorld, who: Who, line: string): Promise<string> => wordsOf(await ask(w, who, line))

/** A line, and on the page that it opens everything that the wallet is asked for. */
export async function act(w: MeshWorld, who: Who, line: string): Promise<void> {
  const view = await ask(w, who, line)
  const [opened] = (view.actions ?? []).flatMap((action) => ('open' in action ? [action.open] : []))
  if (opened === undefined) throw new Error(`“${line}” opens no page: ${wordsOf(view)}`)
  const secret = opened.split('/').at(-1) ?? ''
  const { wallet } = w.people[who]
  const { steps } = await actionPage(w.ctx, { secret })
  for (const _ of steps) {
    const asked = await actionAsked(w.ctx, { secret })
    if (!('transaction' in asked)) throw new Error('nothing is to be sent')
    const { to, data } = asked.transaction
    const call = { account: wallet, to: getAddress(to), data: data as Hex, chain: null }
    const hash = await w.chain.wallet(wallet).sendTransaction(call)
    await w.ctx.chain.client.waitForTransactionReceipt({ hash })
    await acceptSent(w.ctx, { secret, number: asked.number, hash })
    await actionJob.run(w.ctx, {})
    // Nobody signs twice in a second.
    await w.chain.travel(1)
  }
  const done = (await actionPage(w.ctx, { secret })).steps
  if (done.some(({ state }) => state !== 'done')) throw new Error(`“${line}”: ${JSON.stringify(done)}`)
  await live(w)
}

/** What a channel shows, card and steps. */
export async function shownIn(w: World, channel: string): Promise<string[]> {
  const rows = await w.ctx.db
    .selectFrom('effect')
    .select('view')
    .where('channel', '=', channel)
    .where('key', 'like', 'challenge%')
    .orderBy('key')
    .execute()
  return rows.map(({ view }) => wordsOf(view as View))
}

export const bookPlan = [
  'One part each, then together.',
  'Write it | writing | 40% | covers 1 | accept: a thousand words | 3d | stake 10',
  'Draw it | design | 30% | covers 2 | accept: ten pictures | 3d',
  'Caption it | writing | 20% | needs 1, 2 | accept: a line a picture | 3d',
  'Put it together | integration | 10% | accept: one book | 3d',
].join('\n')

/** A challenge of its own, as far as a test needs it: Ann puts in 60 of 100, Ben 40. Answers with its ref. */
export async function bookChallenge(
  w: MeshWorld,
  title: string,
  until: 'funding' | 'planning' | 'working',
): Promise<string> {
  await act(w, 'ann', `challenge-new "${title}" 100 90d A book for all.\n- It has words\n- It has pictures`)
  const { ref } = await w.ctx.db
    .selectFrom('challenge')
    .select('ref')
    .where('title', '=', title)
    .executeTakeFirstOrThrow()
  if (until === 'funding') return ref
  await act(w, 'ann', `challenge-fund ${ref} 60`)
  await act(w, 'ben', `challenge-fund ${ref} 40`)
  if (until === 'planning') return ref
  await act(w, 'ben', `plan ${ref} ${bookPlan}`)
  await act(w, 'ann', `plan-judge ${ref} 1 approve`)
  return ref
}

/** What an account holds of NOMIC. */
export const held = (w: World, address: string): Promise<bigint> =>
  w.ctx.chain.client.readContract({
    abi: nomic.abi,
    address: w.deployed.nomic,
    functionName: 'balanceOf',
    args: [getAddress(address)],
  })

export const taskNow = async (w: World, ref: string) => (await findTask(w.ctx, ref)).task
