import { fork, type ChildProcess } from 'node:child_process'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseAbiItem, toHex, type Address } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { autoIds } from '../../contracts/generated.ts'
import { acceptBallot } from '../../core/ballots/accept.ts'
import type { Context } from '../../core/context.ts'
import type { Proposal } from '../../core/governance/proposal.ts'
import { findPerson } from '../../core/identity/person.ts'
import { enrolJob } from '../../core/ids/jobs/enrol.ts'
import { heal } from '../../core/relay/jobs/heal.ts'
import { jobs } from '../../core/features.ts'
import { createQueue } from '../../core/queue/queue.ts'
import {
  ballotWorld,
  cardText,
  finalise,
  openPage,
  openProposal,
  sign,
  tallyOf,
  type BallotWorld,
} from '../support/ballots.ts'
import { linkFromHere, type Orders } from '../support/crash-orders.ts'
import { caller } from '../support/linking.ts'

/** R1 of the reliability notes: before and after everything that can be half done. */
const votePoints = [
  'ballot.accept.before',
  'ballot.accept.after',
  'relay.claim',
  'relay.nonce',
  'relay.sign',
  'relay.store',
  'relay.send.before',
  'relay.send.after',
  'settle.receipt',
  'settle.outcome',
  'settle.final',
]
const linkPoints = [
  'link.open',
  'link.ticket',
  'link.message',
  'link.prove',
  'register.accept',
  'link.confirm',
  'register.sent',
]

let w: BallotWorld
let next: ChildProcess | undefined
beforeAll(async () => {
  next = load()
  w = await ballotWorld({ settings: { RELAY_VOTER_BALLOTS: '1000' } })
  // Everybody has their seats, so that the relayer has nothing else to send.
  await enrolJob.run(w.ctx, {})
  await finalise(w)
})
afterAll(async () => {
  next?.kill('SIGKILL')
  await w.stop()
})

const load = (): ChildProcess => fork(path.resolve(import.meta.dirname, '../support/crash-child.ts'))

/** Runs a process until the named point ends it; one that lives on has not come there. */
async function crashAt(point: string, orders: Pick<Orders, 'ballots' | 'links'>): Promise<void> {
  const child = next ?? load()
  const ended = new Promise<string>((resolve) =>
    child.once('exit', (code, signal) => resolve(signal ?? `exit ${code}`)),
  )
  const relayer = w.chain.accounts[9]!.getHdKey().privateKey
  child.send({
    databaseUrl: w.databaseUrl,
    rpcUrl: w.chain.url,
    addresses: w.deployed,
    relayerKey: toHex(relayer!),
    point,
    ...orders,
  } satisfies Orders)
  const until = Date.now() + 15_000
  let how: string | undefined
  // The chain goes on, so that what is mined becomes final.
  while (how === undefined && Date.now() < until) {
    how = await Promise.race([ended, wait(200).then(() => undefined)])
    await w.chain.rpc('anvil_mine', ['0x10'])
  }
  if (how === undefined) child.kill('SIGKILL')
  next = load()
  expect(how, `${point} was not reached`).toBe('SIGKILL')
}

/** AutoCo starts again on what is left, and works until the test has seen enough. */
async function restart(meanwhile: (ctx: Context) => Promise<void>): Promise<void> {
  const queue = await createQueue({ url: w.databaseUrl, jobs, log: w.ctx.log })
  const ctx = { ...w.ctx, queue }
  await queue.work(jobs, ctx)
  try {
    await meanwhile(ctx)
  } finally {
    await queue.stop()
  }
}

const becomes = (ctx: Context, what: () => Promise<unknown>, value: unknown) =>
  vi.waitFor(
    async () => {
      await w.chain.rpc('anvil_mine', ['0x10'])
      await heal(ctx)
      expect(await what()).toEqual(value)
    },
    { timeout: 60_000, interval: 200 },
  )

const votesOf = async (proposal: Proposal, voter: Address) => {
  const logs = await w.ctx.chain.client.getLogs({
    address: proposal.dao.address as Address,
    event: parseAbiItem(
      'event VoteCast(address indexed voter, uint256 proposalId, uint8 support, uint256 weight, string reason)',
    ),
    args: { voter },
    fromBlock: BigInt(proposal.block_number),
  })
  return logs.filter(({ args }) => args.proposalId === BigInt(proposal.onchain_id))
}

describe('a process that is killed', () => {
  test.each(votePoints)('at %s counts the vote exactly once after a restart', async (point) => {
    const proposal = await openProposal(w, 'auto')
    const wallet = w.voters[1]!
    const draft = await openPage(w, w.people[1]!, { ref: proposal.ref, support: 1 })
    const ballot = { draft, address: wallet.address, signature: await sign(w, draft, wallet) }
    await crashAt(point, { ballots: [ballot] })

    const rows = () => w.ctx.db.selectFrom('ballot').selectAll().where('proposal_id', '=', proposal.id).execute()
    await restart(async (ctx) => {
      // Who got no answer sends the ballot again; who got one may do so too.
      await acceptBallot(ctx, ballot)
      await becomes(ctx, async () => (await rows()).map(({ state }) => state), ['final'])
    })

    const [row] = await rows()
    expect(row).toMatchObject({ voter: wallet.address, tries: 0 })
    expect(await cardText(w, row!.id)).toContain(`counted in block ${row!.block_number} → final.`)
    expect((await tallyOf(w, proposal)).for).toBe(BigInt(row!.weight))
    expect(await votesOf(proposal, wallet.address)).toHaveLength(1)
    await laneIsWhole()
    const intents = await w.ctx.db.selectFrom('intent').selectAll().where('id', '=', row!.intent_id).execute()
    expect(intents).toMatchObject([{ purpose: 'ballots', state: 'final', block_hash: row!.block_hash }])
    const attempts = await w.ctx.db.selectFrom('attempt').selectAll().where('intent_id', '=', row!.intent_id).execute()
    expect(attempts.map(({ hash }) => hash)).toContain(row!.tx_hash)
  })

  test.each(linkPoints)('at %s links the wallet exactly once after a restart', async (point) => {
    const key = generatePrivateKey()
    const wallet = privateKeyToAccount(key)
    const user = point.replace('.', '-')
    const before = await totalIds()
    await crashAt(point, { links: [{ user, key }] })
    const states = async () => {
      const rows = await w.ctx.db
        .selectFrom('registration')
        .select('state')
        .where('controller', '=', wallet.address)
        .execute()
      return [...new Set(rows.map(({ state }) => state))]
    }
    await restart(async (ctx) => {
      await linkFromHere(ctx, { user, key })
      await becomes(ctx, states, ['registered'])
    })

    const person = await findPerson(w.ctx, caller(user))
    expect(person?.accounts).toHaveLength(1)
    expect(person?.wallets.map(({ address }) => address)).toEqual([wallet.address])
    const { length } = await w.ctx.db.selectFrom('audit').select('id').where('person_id', '=', person!.id).execute()
    expect(length).toBe(1)
    expect(await totalIds()).toBe(before + 1n)
    await laneIsWhole()
  })
})

const totalIds = (): Promise<bigint> =>
  w.ctx.chain.client.readContract({ abi: autoIds.abi, address: w.deployed.autoIds, functionName: 'total' })

/** Every nonce of the relayer belongs to one intent, and none is missing. */
async function laneIsWhole(): Promise<void> {
  const intents = await w.ctx.db.selectFrom('intent').select(['nonce', 'state']).orderBy('nonce').execute()
  expect(intents.map(({ nonce }) => nonce)).toEqual(intents.map((_, index) => index))
  const used = await w.ctx.chain.client.getTransactionCount({ address: w.ctx.chain.relayer!.address })
  expect(used).toBe(intents.length)
}
