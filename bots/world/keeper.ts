import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from 'pino'
import {
  decodeEventLog,
  decodeFunctionResult,
  encodeEventTopics,
  encodeFunctionData,
  type Address,
  type Hex,
} from 'viem'
import { ozGovernor } from '../../contracts/generated.ts'
import type { Rpc } from './devchain.ts'
import { steward } from './people.ts'
import { actionOf, proposeTx, stepTx, voteTx, type WorldDao } from './propose.ts'
import { later } from './proposals.ts'
import type { WorldFacts } from './facts.ts'
import { send } from './send.ts'

export type Keeper = { start(): void; openSoon(): void; stop(): Promise<void> }

const tickMs = 5_000
/** A DAO asks its members again after this many seconds, and sooner for somebody new. */
const pause = { auto: 900, harbor: 600 }
const pauseForNewcomers = 120
const atLeastOpen = 2
/** One in so many ticks a proposal gets a vote. */
const rarity = 8

type Known = {
  world: WorldDao
  id: bigint
  action: { targets: Address[]; values: bigint[]; calldatas: Hex[]; description: string }
  createdAt: number
  votesEnd: bigint
  isOver: boolean
  asked: Set<Address>
}

const state = { pending: 0, active: 1, succeeded: 4, queued: 5 } as const

/** Keeps the embedded world going by itself: opens proposals, votes for the chorus, queues and executes what was accepted. */
export function startKeeper(params: { rpc: Rpc; facts: WorldFacts; log: Logger }): Keeper {
  const { rpc, facts, log } = params
  const ending = new AbortController()
  const known: Known[] = []
  let nextBlock = 0
  let hasNewcomer = false
  let turning: Promise<void> = Promise.resolve()

  async function learn(): Promise<void> {
    const head = Number(await rpc<Hex>('eth_blockNumber'))
    // After a kill the chain may be a little behind what was seen.
    if (head < nextBlock - 1) {
      known.length = 0
      nextBlock = 0
    }
    if (head < nextBlock) return
    for (const world of [facts.auto, facts.harbor]) known.push(...(await readProposals(rpc, world, nextBlock, head)))
    nextBlock = head + 1
  }

  async function turn(): Promise<void> {
    await learn()
    const now = Number((await rpc<{ timestamp: Hex }>('eth_getBlockByNumber', ['latest', false])).timestamp)
    for (const proposal of known.filter(({ isOver }) => !isOver)) await carryOn(rpc, facts, proposal, now)
    for (const world of [facts.auto, facts.harbor]) {
      const own = known.filter((proposal) => proposal.world === world)
      const age = now - Math.max(...own.map(({ createdAt }) => createdAt), 0)
      const open = own.filter(({ votesEnd }) => votesEnd > now).length
      const isDue = age > pause[world.slug] || (open < atLeastOpen && age > 60)
      const isWanted = hasNewcomer && world.slug === 'auto' && age > pauseForNewcomers
      if (isDue || isWanted) await openNext(rpc, facts, world, own.length)
      if (world.slug === 'auto' && (isDue || isWanted)) hasNewcomer = false
    }
  }

  return {
    start() {
      turning = (async () => {
        while (!ending.signal.aborted) {
          await turn().catch((error: unknown) => {
            if (!ending.signal.aborted) log.warn({ error }, 'the embedded world stumbled')
          })
          await wait(tickMs, undefined, { signal: ending.signal }).catch(() => {})
        }
      })()
    },
    openSoon() {
      hasNewcomer = true
    },
    async stop() {
      ending.abort()
      await turning
    },
  }
}

async function readProposals(rpc: Rpc, world: WorldDao, from: number, to: number): Promise<Known[]> {
  const topics = encodeEventTopics({ abi: ozGovernor.abi, eventName: 'ProposalCreated' })
  const range = { fromBlock: `0x${from.toString(16)}`, toBlock: `0x${to.toString(16)}` }
  const logs = await rpc<{ data: Hex; topics: [Hex, ...Hex[]] }[]>('eth_getLogs', [
    { address: world.dao, topics, ...range },
  ])
  return logs.map((log) => {
    const { args } = decodeEventLog({ abi: ozGovernor.abi, eventName: 'ProposalCreated', ...log })
    const { targets, values, calldatas, description } = args
    return {
      world,
      id: args.proposalId,
      action: { targets: [...targets], values: [...values], calldatas: [...calldatas], description },
      createdAt: Number(args.voteStart),
      votesEnd: args.voteEnd,
      isOver: false,
      asked: new Set<Address>(),
    }
  })
}

/** One step of one proposal, if it is time for one. */
async function carryOn(rpc: Rpc, facts: WorldFacts, proposal: Known, now: number): Promise<void> {
  const { world, id, action } = proposal
  const current = Number(await ask(rpc, world, 'state', [id]))
  if (current === state.pending) return
  if (current === state.active) {
    if (Math.random() * rarity < 1) await letOneVote(rpc, facts, proposal)
  } else if (current === state.succeeded) await send(rpc, stepTx(steward, world, action, 'queue'))
  else if (current === state.queued) {
    if (now > Number(await ask(rpc, world, 'proposalEta', [id])))
      await send(rpc, stepTx(steward, world, action, 'execute'))
  } else proposal.isOver = true
}

const reasons = [
  ['I do not see what we get for it.', 'Ask again with a smaller sum.'],
  [
    'This helps the people who do the work.',
    'Clear plan, clear sum.',
    'I asked in the thread and the answer convinced me.',
  ],
  ['I have no opinion on this one.'],
] as const

async function letOneVote(rpc: Rpc, facts: WorldFacts, { world, id, asked }: Known): Promise<void> {
  const from = facts.chorus.find((voter) => !asked.has(voter))
  if (!from) return
  asked.add(from)
  if (await ask(rpc, world, 'hasVoted', [id, from])) return
  // The same voter always feels the same about the same proposal.
  const mood = Number((id ^ BigInt(from)) % 100n)
  const support = mood < 62 ? 1 : mood < 92 ? 0 : 2
  const words = mood % 3 === 0 ? (reasons[support][mood % reasons[support].length] ?? '') : ''
  await send(rpc, voteTx(from, world, id, support, words))
}

async function openNext(rpc: Rpc, facts: WorldFacts, world: WorldDao, count: number): Promise<void> {
  const drafts = later[world.slug]
  const draft = drafts[count % drafts.length]
  const by = facts.chorus[count % facts.chorus.length]
  if (!draft || !by) return
  // The text is part of what names a proposal, so a text that comes again must say so.
  const text = draft.text.replace(/^# (.+)$/m, `# $1 (no. ${count + 1})`)
  await send(rpc, proposeTx(by, world, actionOf(world, { ...draft, text })))
}

async function ask(
  rpc: Rpc,
  { dao }: WorldDao,
  functionName: 'state' | 'proposalEta' | 'hasVoted',
  args: readonly [bigint] | readonly [bigint, Address],
): Promise<number | bigint | boolean> {
  const data = encodeFunctionData({ abi: ozGovernor.abi, functionName, args } as never)
  const answer = await rpc<Hex>('eth_call', [{ to: dao, data }, 'latest'])
  return decodeFunctionResult({ abi: ozGovernor.abi, functionName, data: answer } as never) as number | bigint | boolean
}
