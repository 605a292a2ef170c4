import { toHex } from 'viem'
import { parseConfig } from '../../core/index.ts'
import { pollOnce } from '../../core/listen/listener.ts'
import { watchDao } from '../../core/listen/watch.ts'
import { createWeb, type TestPerson, type Web } from '../../bots/web/index.ts'
import { freePort } from '../../bots/world/devchain.ts'
import { anvilAccounts } from './chain.ts'
import { times, world, type World } from './world.ts'

export type WebWorld = World & { web: Web }

/** Anvil's accounts 1 to 5, as people of the playground. */
export const builtIn = ['Alice', 'Bob', 'Carol', 'Dave', 'Erin'].map((name, index) => personOf(name, index + 1))

/** A whole AutoCo with its web server and playground; its built-in people are the world's voters. */
export async function webWorld(options: Parameters<typeof world>[0] = {}): Promise<WebWorld> {
  // The pages name the port in what is signed, so it is known before the server listens.
  const settings = { PUBLIC_URL: '', PORT: String(await freePort()), ...options.settings }
  const web = createWeb({ config: parseConfig(settings), playground: { people: builtIn } })
  const all = await world({ ...options, settings, platforms: [web] })
  await web.start(all.app)
  return {
    ...all,
    web,
    async stop() {
      await web.stop()
      await all.stop()
    },
  }
}

function personOf(name: string, addressIndex: number): TestPerson {
  const account = anvilAccounts[addressIndex]
  const key = account?.getHdKey().privateKey
  if (!account || !key) throw new Error('a mnemonic has keys')
  return { id: name.toLowerCase(), name, address: account.address, key: toHex(key) }
}

/** A proposal to the world's own DAO, which a channel watches, open for votes and known to the listener. */
export async function openProposal(all: World, description: string, channel = 'governance'): Promise<{ ref: string }> {
  const { ctx, autoDao: addresses } = all
  const watching = {
    address: addresses.dao,
    slug: 'test',
    channel: { platform: 'playground', id: channel },
  }
  await watchDao(ctx, watching)
  const { onchainId } = await all.propose(addresses, description)
  await all.chain.travel(times.votingDelay + 1)
  await pollOnce(ctx)
  return await ctx.db
    .selectFrom('proposal')
    .select('ref')
    .where('onchain_id', '=', onchainId.toString())
    .executeTakeFirstOrThrow()
}
