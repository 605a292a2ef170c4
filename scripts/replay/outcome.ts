import { parseEventLogs, type Address, type Hex } from 'viem'
import { autoDao } from '../../contracts/generated.ts'
import type { Sums } from './shares.ts'
import type { Proposed, Stage } from './stage.ts'
import { until } from './wait.ts'

export type Batches = { transactions: Map<Hex, { gas: bigint; ballots: number }>; ballotsOf: Map<bigint, number> }

const recordBytes = 17

/** What was counted and what it cost, by the chain's logs and receipts alone. */
export async function readBatches({ client }: Stage, daos: readonly Address[]): Promise<Batches> {
  const found = await client.getLogs({ address: [...daos], fromBlock: 0n })
  const logs = parseEventLogs({ abi: autoDao.abi, eventName: 'BallotsCounted', logs: found })
  const batches: Batches = { transactions: new Map(), ballotsOf: new Map() }
  for (const { args, transactionHash: hash } of logs) {
    const ballots = (args.records.length - 2) / 2 / recordBytes
    batches.ballotsOf.set(args.proposalId, (batches.ballotsOf.get(args.proposalId) ?? 0) + ballots)
    const known = batches.transactions.get(hash)
    if (known) known.ballots += ballots
    else {
      const { gasUsed } = await client.getTransactionReceipt({ hash })
      batches.transactions.set(hash, { gas: gasUsed, ballots })
    }
  }
  return batches
}

/** Waits until as many ballots count as were cast; what is missing then stays missing and shows in the table. */
export async function waitForCount(stage: Stage, proposals: readonly Proposed[]): Promise<void> {
  const cast = proposals.reduce((sum, { ballots }) => sum + ballots.length, 0)
  const daos = [...new Set(proposals.map(({ dao }) => dao))]
  let counted = 0
  await until('the last ballots to be counted', 120_000, async () => {
    const { ballotsOf } = await readBatches(stage, daos)
    counted = [...ballotsOf.values()].reduce((sum, count) => sum + count, 0)
    return counted >= cast
  }).catch(() => undefined)
}

export async function readTally({ client }: Stage, { dao, onchainId }: Proposed): Promise<Sums> {
  return client.readContract({ abi: autoDao.abi, address: dao, functionName: 'proposalVotes', args: [onchainId] })
}
