import fs from 'node:fs'
import path from 'node:path'
import {
  createPublicClient,
  createWalletClient,
  decodeEventLog,
  encodeFunctionData,
  erc20Abi,
  http,
  parseEther,
  zeroHash,
  type Address,
} from 'viem'
import { autoDao, autoIds, ozGovernor, sourceHash } from '../../contracts/generated.ts'
import { viemChain } from '../../core/chain/connect.ts'
import { UserError } from '../../core/errors.ts'
import type { Rpc } from './devchain.ts'
import type { WorldChain } from './chain.ts'
import { autoRules, harborRules, worldChain } from './daos.ts'
import { createAutoDao, createOzDao, deployContracts, type Deployer } from './deploy.ts'
import type { WorldFacts } from './facts.ts'
import { seedChallenge } from './mesh.ts'
import { chiefRules, nomicHistory, treasuryOf } from './nomic.ts'
import { people, registered, steward, undelegated } from './people.ts'
import { pollHistory } from './polls.ts'
import { actionOf, proposeTx, stepTx, voteTx } from './propose.ts'
import * as drafts from './proposals.ts'
import { mineTogether, type Receipt, type Tx } from './send.ts'

const day = 86_400
const { votingDelay, votingPeriod, timelockDelay } = autoRules

/**
 * Puts contracts, DAOs and a few days of history on a new chain, or finds those that are there. The facts are written
 * before the chain is saved, so a saved chain always has them; a run that was cut off before begins anew.
 */
export async function seedWorld(chain: WorldChain, home: string): Promise<WorldFacts> {
  const file = path.join(home, 'world.json')
  if (!chain.isNew) {
    const facts = JSON.parse(fs.readFileSync(file, 'utf8')) as WorldFacts
    if (facts.sourceHash === sourceHash) return facts
    throw new UserError(`The embedded chain in ${home} was made by another version of AutoCo.`, {
      hint: `Delete that folder to begin anew, or choose another: AUTOCO_HOME=${home}-2`,
    })
  }
  const facts = await deployWorld(chain)
  await playHistory(chain.rpc, facts)
  fs.writeFileSync(`${file}.new`, JSON.stringify(facts, null, 2))
  fs.renameSync(`${file}.new`, file)
  await chain.save()
  return facts
}

async function deployWorld({ url, rpc }: WorldChain): Promise<WorldFacts> {
  const transport = http(url)
  const chain = viemChain({ ...worldChain, url })
  const deployer: Deployer = {
    client: createPublicClient({ chain, transport, pollingInterval: 5, cacheTime: 0 }),
    wallet: createWalletClient({ chain, transport, account: steward }),
  }
  const chorus = (await rpc<Address[]>('eth_accounts')).slice(10, 28)
  const voters = [...people.map(({ address }) => address).filter((address) => address !== undelegated), ...chorus]
  const holdings = {
    holders: [...voters, steward],
    amounts: [
      ...voters.map((_, index) => parseEther(String(4_000 + ((index * 3_700) % 11_000)))),
      parseEther('150000'),
    ],
  }
  const contracts = await deployContracts(deployer, {
    nomic: { ...holdings, pollThreshold: parseEther('1000'), chief: chiefRules },
  })
  const auto = await createAutoDao(deployer, contracts.autoDaoFactory, {
    name: autoRules.name,
    token: { name: 'Auto DAO token', symbol: autoRules.symbol, ...holdings },
    votingDelay,
    votingPeriod,
    proposalThreshold: parseEther(String(autoRules.threshold)),
    quorumPercent: BigInt(autoRules.quorumPercent),
    lateQuorumExtension: 300,
    timelockDelay: BigInt(timelockDelay),
    changeOfMind: false,
  })
  const harbor = await createOzDao(deployer, {
    ...holdings,
    name: harborRules.name,
    symbol: harborRules.symbol,
    votingDelay: harborRules.votingDelay,
    votingPeriod: harborRules.votingPeriod,
    proposalThreshold: parseEther(String(harborRules.threshold)),
    quorumPercent: BigInt(harborRules.quorumPercent),
    timelockDelay: BigInt(harborRules.timelockDelay),
  })
  const facts: WorldFacts = {
    sourceHash,
    contracts,
    auto: { slug: 'auto', ...auto },
    harbor: { slug: 'harbor', ...harbor },
    chorus,
  }
  await seedChallenge(deployer, {
    rpc,
    contracts,
    members: [
      {
        name: autoRules.name,
        account: auto.timelock,
        executive: people[0]!.address,
        domains: [
          ['writing', 60],
          ['integration', 40],
        ],
      },
      {
        name: harborRules.name,
        account: harbor.timelock,
        executive: people[1]!.address,
        domains: [
          ['design', 50],
          ['writing', 50],
        ],
      },
    ],
  })
  await rpc('evm_setAutomine', [false])
  await fillTreasuries(rpc, facts)
  await seatPeople(rpc, facts)
  return facts
}

async function fillTreasuries(rpc: Rpc, { auto, harbor, contracts }: WorldFacts): Promise<void> {
  const give = (token: Address, to: Address, amount: string): Tx => ({
    from: steward,
    to: token,
    data: encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [to, parseEther(amount)] }),
  })
  await mineTogether(rpc, [
    give(auto.token, auto.timelock, '60000'),
    give(harbor.token, harbor.timelock, '40000'),
    give(contracts.nomic, treasuryOf(contracts.pause), '10000'),
    ...[auto.token, harbor.token, contracts.nomic].map((token) => give(token, undelegated, '6000')),
    { from: steward, to: auto.timelock, value: parseEther('50') },
  ])
}

async function seatPeople(rpc: Rpc, { auto, contracts }: WorldFacts): Promise<void> {
  const deadline = 2n ** 48n - 1n
  const empty = { kind: 1, issuer: 0n, validUntil: 0, certificate: zeroHash, nonce: 0n, deadline }
  await mineTogether(
    rpc,
    registered.map((controller): Tx => {
      const args = [{ controller, ...empty }, '0x', '0x'] as const
      return {
        from: controller,
        to: contracts.autoIds,
        data: encodeFunctionData({ abi: autoIds.abi, functionName: 'register', args }),
      }
    }),
  )
  const ids = registered.map((_, index) => BigInt(index + 1))
  const data = encodeFunctionData({ abi: autoDao.abi, functionName: 'enrol', args: [ids] })
  await mineTogether(
    rpc,
    [auto.dao, contracts.nomic].map((to): Tx => ({ from: steward, to, data })),
  )
}

type Plan = {
  world: 'auto' | 'harbor'
  draft: drafts.Draft
  /** Seconds before now. */
  ago: number
  votes: { inFavour: number; against: number; abstain?: number }
  queuedAfter?: number
  executedAfter?: number
}

/** Both DAOs in the middle of their lives: one proposal ends in minutes, one is executed in minutes, some have time. */
const plans: readonly Plan[] = [
  {
    world: 'auto',
    draft: drafts.treasuryReport,
    ago: 3 * day,
    votes: { inFavour: 12, against: 2, abstain: 1 },
    queuedAfter: votingDelay + votingPeriod + 300,
    executedAfter: votingDelay + votingPeriod + timelockDelay + 600,
  },
  { world: 'auto', draft: drafts.higherThreshold, ago: 2 * day, votes: { inFavour: 4, against: 11 } },
  {
    world: 'auto',
    draft: drafts.livestream,
    ago: votingDelay + votingPeriod + 30 + timelockDelay - 150,
    votes: { inFavour: 11, against: 3 },
    queuedAfter: votingDelay + votingPeriod + 30,
  },
  {
    world: 'auto',
    draft: drafts.officeHours,
    ago: votingDelay + votingPeriod - 240,
    votes: { inFavour: 9, against: 4, abstain: 1 },
  },
  { world: 'auto', draft: drafts.accessibility, ago: 1_500, votes: { inFavour: 5, against: 2, abstain: 1 } },
  { world: 'auto', draft: drafts.grantsRound, ago: 90, votes: { inFavour: 2, against: 0 } },
  {
    world: 'harbor',
    draft: drafts.newStove,
    ago: day,
    votes: { inFavour: 10, against: 1 },
    queuedAfter: harborRules.votingDelay + harborRules.votingPeriod + 60,
    executedAfter: harborRules.votingDelay + harborRules.votingPeriod + harborRules.timelockDelay + 120,
  },
  {
    world: 'harbor',
    draft: drafts.openSaturday,
    ago: harborRules.votingDelay + harborRules.votingPeriod - 420,
    votes: { inFavour: 6, against: 5 },
  },
  { world: 'harbor', draft: drafts.laserCutter, ago: 60, votes: { inFavour: 1, against: 1 } },
]

const reasons: Record<number, readonly string[]> = {
  0: ['Too expensive for what it does.', '', 'Not before the autumn report is out.'],
  1: ['Long overdue.', '', '', 'The numbers add up.'],
  2: ['I know the people and leave it to others.'],
}

async function playHistory(rpc: Rpc, facts: WorldFacts): Promise<void> {
  const now = Math.floor(Date.now() / 1_000)
  const events: { at: number; run: (at: number) => Promise<void> }[] = []
  for (const [nth, plan] of plans.entries()) {
    const world = facts[plan.world]
    const delay = plan.world === 'auto' ? votingDelay : harborRules.votingDelay
    const action = actionOf(world, plan.draft)
    const by = facts.chorus[nth] ?? steward
    let id = 0n
    const add = (after: number, txs: () => Tx[], then?: (receipt: Receipt) => void): void => {
      events.push({
        at: now - plan.ago + after,
        async run(at) {
          const [receipt] = await mineTogether(rpc, txs(), at)
          if (receipt) then?.(receipt)
        },
      })
    }
    add(
      0,
      () => [proposeTx(by, world, action)],
      (receipt) => (id = proposalIdOf(receipt)),
    )
    add(delay + 20, () =>
      votesOf(facts, plan).map(({ from, support, reason }) => voteTx(from, world, id, support, reason)),
    )
    if (plan.queuedAfter) add(plan.queuedAfter, () => [stepTx(steward, world, action, 'queue')])
    if (plan.executedAfter) add(plan.executedAfter, () => [stepTx(steward, world, action, 'execute')])
  }
  events.push(...nomicHistory(rpc, facts, now))
  events.push(...pollHistory(rpc, facts, now))
  for (const { at, run } of events.sort((a, b) => a.at - b.at)) await run(at)
  await mineTogether(rpc, [], Math.floor(Date.now() / 1_000))
}

function votesOf({ chorus }: WorldFacts, plan: Plan): { from: Address; support: number; reason: string }[] {
  const { inFavour, against, abstain = 0 } = plan.votes
  const supports = [
    ...Array<number>(inFavour).fill(1),
    ...Array<number>(against).fill(0),
    ...Array<number>(abstain).fill(2),
  ]
  return supports.map((support, index) => {
    const words = reasons[support] ?? []
    const from = chorus[(index * 5 + plan.ago) % chorus.length] ?? steward
    return { from, support, reason: words[index % words.length] ?? '' }
  })
}

function proposalIdOf({ logs }: Receipt): bigint {
  const [log] = logs
  if (!log) throw new Error('The embedded world could not propose.')
  const { args } = decodeEventLog({ abi: ozGovernor.abi, eventName: 'ProposalCreated', ...log })
  return args.proposalId
}
