import type { Logger } from 'pino'
import type { Address } from 'viem'
import type { Chain } from '../../core/ports.ts'
import type { Context } from '../../core/context.ts'
import { startWorldChain } from './chain.ts'
import { people, relayerKey } from './people.ts'

/** A chain of its own with contracts, two DAOs in the middle of their lives, and people. */
export type EmbeddedWorld = {
  chain: Chain
  people: typeof people
  /** Something to vote with for somebody new. */
  welcome(address: Address): Promise<void>
  /** Makes its DAOs known to AutoCo. */
  introduce(ctx: Context): Promise<void>
  /** Lets time pass: blocks come, proposals open, people talk and vote, what was decided is executed. */
  live(ctx: Context, url: string): Promise<void>
  /** Resolves when a proposal's card is shown. */
  firstCard(ctx: Context): Promise<void>
  stop(): Promise<void>
}

/** What is told of the days before begins a while after the first block. */
const historySeconds = 5 * 86_400

export async function startWorld({ home, log }: { home: string; log: Logger }): Promise<EmbeddedWorld> {
  const code = Promise.all([
    import('../../core/chain/connect.ts'),
    import('./seed.ts'),
    import('./keeper.ts'),
    import('./welcome.ts'),
    import('./introduce.ts'),
  ])
  code.catch(() => {})
  const node = await startWorldChain({
    home,
    timestamp: Math.floor(Date.now() / 1_000) - historySeconds,
    onRevive: (lastWords) => log.error({ lastWords }, 'the embedded chain died and was started again'),
  })
  try {
    const [{ openChain }, { seedWorld }, { startKeeper }, { welcome }, { firstCard, introduce, talk }] = await code
    const facts = await seedWorld(node, home)
    const keeper = startKeeper({ rpc: node.rpc, facts, log })
    const ending = new AbortController()
    let talking = Promise.resolve()
    return {
      chain: openChain({
        id: 31_337,
        name: 'Play chain',
        url: node.url,
        addresses: facts.contracts,
        relayerKey,
        finalityDepth: 8,
        explorerUrl: undefined,
      }),
      people,
      async welcome(address) {
        await welcome(node.rpc, facts, address)
        keeper.openSoon()
      },
      introduce: (ctx) => introduce(ctx, facts),
      async live(ctx, url) {
        await node.live()
        keeper.start()
        talking = firstCard(ctx)
          .then(() => talk(ctx, { url, signal: ending.signal }))
          .catch((error: unknown) => log.warn({ error }, 'the people of the embedded world are silent'))
      },
      firstCard,
      async stop() {
        ending.abort()
        await talking
        await keeper.stop()
        await node.stop()
      },
    }
  } catch (error) {
    await node.stop()
    throw error
  }
}
