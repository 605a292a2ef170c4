import { createServer } from 'node:net'
import { once } from 'node:events'
import { keccak256, parseEventLogs, stringToHex, toHex } from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import { autoDao } from '../../contracts/generated.ts'
import { parseConfig } from '../../core/index.ts'
import { titleOf } from '../../core/governance/governor/title.ts'
import { createWeb, type TestPerson, type Web } from '../../bots/web/index.ts'
import { times, world, type World } from './world.ts'

export type WebWorld = World & { web: Web; people: readonly TestPerson[] }

const names = ['Alice', 'Bob', 'Carol', 'Dave', 'Erin']

/** A whole AutoCo with its web server and playground; its built-in people are the world's voters. */
export async function webWorld(options: Parameters<typeof world>[0] = {}): Promise<WebWorld> {
  const settings = { PUBLIC_URL: '', PORT: String(await freePort()), ...options.settings }
  const people = names.map((name, index) => personOf(name, index + 1))
  const web = createWeb({ config: parseConfig(settings), playground: { people } })
  const all = await world({ ...options, settings, platforms: [web] })
  await web.start(all.app)
  return {
    ...all,
    web,
    people,
    async stop() {
      await web.stop()
      await all.stop()
    },
  }
}

function personOf(name: string, addressIndex: number): TestPerson {
  const account = mnemonicToAccount('test test test test test test test test test test test junk', { addressIndex })
  const key = account.getHdKey().privateKey
  if (!key) throw new Error('a mnemonic has keys')
  return { id: name.toLowerCase(), name, address: account.address, key: toHex(key) }
}

/** The pages name the port in what they sign, so it is known before the server listens. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address !== 'object' || !address) throw new Error('no port')
  return address.port
}

/** A proposal of the world's own DAO, open for votes, and the rows that watching it makes. */
export async function openProposal(all: World, description: string): Promise<{ ref: string; id: string }> {
  const { ctx, autoDao: addresses } = all
  const { onchainId, receipt } = await all.propose(addresses, description)
  await all.chain.travel(times.votingDelay + 1)
  const [created] = parseEventLogs({ abi: autoDao.abi, eventName: 'ProposalCreated', logs: receipt.logs })
  if (!created) throw new Error('nothing was proposed')
  const dao = await watched(all)
  const number = Number(receipt.blockNumber)
  const ref = `${dao.slug}-${number}`
  const { id } = await ctx.db
    .insertInto('proposal')
    .values({
      dao_id: dao.id,
      number,
      ref,
      onchain_id: onchainId.toString(),
      proposer: created.args.proposer,
      title: titleOf(description),
      description,
      text_hash: keccak256(stringToHex(description)),
      calls: '[]',
      snapshot: created.args.voteStart.toString(),
      deadline: created.args.voteEnd.toString(),
      state: 'active',
      eta: null,
      quorum: null,
      block_number: receipt.blockNumber.toString(),
      block_hash: receipt.blockHash,
      tx_hash: receipt.transactionHash,
      orphaned_at: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { ref, id }
}

async function watched({ ctx, autoDao: addresses }: World): Promise<{ id: string; slug: string }> {
  await ctx.db
    .insertInto('dao')
    .values({
      slug: 'test',
      name: 'Test DAO',
      chain_id: ctx.chain.id,
      address: addresses.dao,
      kind: 'autodao',
      token: addresses.token,
      timelock: addresses.timelock,
      clock: 'timestamp',
      domain_name: 'Test DAO',
      domain_version: '1',
      probe: '{}',
      from_block: '0',
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return await ctx.db.selectFrom('dao').select(['id', 'slug']).executeTakeFirstOrThrow()
}
