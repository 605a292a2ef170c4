import { createPublicClient, http, numberToHex, parseEventLogs, toEventSelector, type Address, type Hex } from 'viem'
import { anvil } from 'viem/chains'
import { expect } from 'vitest'
import { autoDao } from '../../contracts/generated.ts'
import type { Context } from '../../core/context.ts'

const { abi } = autoDao
const signatures = [
  'ProposalCreated(uint256,address,address[],uint256[],string[],bytes[],uint256,uint256,string)',
  'VoteCast(address,uint256,uint8,uint256,string)',
  'VoteCastWithParams(address,uint256,uint8,uint256,string,bytes)',
  'VoteReduced(address,uint256,uint8,uint256)',
  'ProposalQueued(uint256,uint256)',
  'ProposalExtended(uint256,uint64)',
  'ProposalExecuted(uint256)',
  'ProposalCanceled(uint256)',
]
const states = ['pending', 'active', 'canceled', 'defeated', 'succeeded', 'queued', 'expired', 'executed']

/** Whatever the listener went through, its tables must say what one scan of the whole chain says, no more and no less. */
export async function expectTablesToEqualChain(ctx: Pick<Context, 'db' | 'chain'>, url: string): Promise<void> {
  const client = createPublicClient({ chain: anvil, transport: http(url), cacheTime: 0 })
  const head = await client.getBlock()
  const daos = await ctx.db.selectFrom('dao').selectAll().orderBy('id').execute()
  const logs = (
    await client.request({
      method: 'eth_getLogs',
      params: [
        {
          fromBlock: '0x0',
          toBlock: numberToHex(head.number),
          address: daos.map((dao) => dao.address as Address),
          topics: [signatures.map((signature) => toEventSelector(signature))],
        },
      ],
    })
  ).map((log) => ({ ...log, at: `${log.blockHash}/${Number(log.logIndex)}` }))
  const kept = await ctx.db.selectFrom('log').selectAll().where('orphaned_at', 'is', null).execute()
  // An event of another contract of a DAO may go by the same name in a governor, and then it is kept and says nothing.
  const topics = new Set<string>(signatures.map((signature) => toEventSelector(signature)))
  const rows = kept.filter((row) => topics.has(row.topics[0] ?? ''))
  expect(rows.map((row) => `${row.block_hash}/${row.log_index}`).sort()).toEqual(logs.map(({ at }) => at).sort())

  const blocks = await ctx.db.selectFrom('block').selectAll().where('orphaned_at', 'is', null).execute()
  expect(new Set(blocks.map((block) => block.number)).size).toBe(blocks.length)
  for (const block of blocks) {
    const { hash } = await client.getBlock({ blockNumber: BigInt(block.number) })
    expect(block.hash, `block ${block.number}`).toBe(hash)
  }

  const events = parseEventLogs({ abi, logs: logs as never[] }) as unknown as {
    eventName: string
    address: Address
    blockHash: Hex
    logIndex: number | Hex
    args: { proposalId: bigint; voter: Address; support: number; weight: bigint }
  }[]
  const votes = await ctx.db.selectFrom('vote').selectAll().where('orphaned_at', 'is', null).execute()
  expect(
    votes.map((vote) => [vote.block_hash, vote.log_index, vote.voter, vote.support, vote.weight].join()).sort(),
  ).toEqual(
    events
      .filter((event) => event.eventName.startsWith('VoteCast'))
      .map(({ blockHash, logIndex, args }) =>
        [blockHash, Number(logIndex), args.voter, args.support, args.weight].join(),
      )
      .sort(),
  )

  for (const dao of daos) {
    const proposals = await ctx.db
      .selectFrom('proposal')
      .selectAll()
      .where('dao_id', '=', dao.id)
      .orderBy('number')
      .execute()
    expect(proposals.map((proposal) => proposal.number)).toEqual(proposals.map((_, at) => at + 1))
    const standing = proposals.filter((proposal) => proposal.orphaned_at === null)
    expect(standing.map((proposal) => `${proposal.block_hash}/${proposal.onchain_id}`).sort()).toEqual(
      events
        .filter(
          ({ eventName, address }) =>
            eventName === 'ProposalCreated' && address.toLowerCase() === dao.address.toLowerCase(),
        )
        .map(({ blockHash, args }) => `${blockHash}/${args.proposalId}`)
        .sort(),
    )
    for (const proposal of standing) {
      const contract = { abi, address: dao.address as Address, blockNumber: head.number } as const
      const args = [BigInt(proposal.onchain_id)] as const
      const [state, [against, inFavour, abstain], deadline, snapshot] = await Promise.all([
        client.readContract({ ...contract, functionName: 'state', args }),
        client.readContract({ ...contract, functionName: 'proposalVotes', args }),
        client.readContract({ ...contract, functionName: 'proposalDeadline', args }),
        client.readContract({ ...contract, functionName: 'proposalSnapshot', args }),
      ])
      expect(proposal, proposal.ref).toMatchObject({
        stale: false,
        state: states[state],
        against: against.toString(),
        in_favour: inFavour.toString(),
        abstain: abstain.toString(),
        deadline: deadline.toString(),
        snapshot: snapshot.toString(),
      })
    }
  }
}
