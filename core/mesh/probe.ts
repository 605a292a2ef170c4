import { getAddress, type Address } from 'viem'
import { globalDao } from '../../contracts/generated.ts'
import type { Context } from '../context.ts'
import { isRevert } from '../chain/ask.ts'
import type { Probe } from '../governance/probe.ts'
import { RetryableError } from '../errors.ts'

const { abi } = globalDao

/** A Global DAO answers for its curator, its register of Auto IDs and its challenges. */
export async function probeGlobal(ctx: Pick<Context, 'chain'>, at: Address): Promise<Probe | undefined> {
  const address = getAddress(at)
  const ask = { abi, address } as const
  try {
    const [challenges, daos, autoIds] = await Promise.all([
      ctx.chain.client.readContract({ ...ask, functionName: 'challengeCount' }),
      ctx.chain.client.readContract({ ...ask, functionName: 'daoCount' }),
      ctx.chain.client.readContract({ ...ask, functionName: 'autoIds' }),
    ])
    return {
      kind: 'global',
      name: 'Global DAO',
      token: null,
      timelock: null,
      clock: 'timestamp',
      domain: { name: 'Global DAO', version: '1' },
      works: [
        `Challenges and every step of them are shown here, and in the channels of each DAO that has a part in them (${challenges} challenges, ${daos} DAOs so far).`,
        'DAOs bid, deliver and review by their executive or by a proposal.',
        ...(ctx.chain.relayer ? ['AutoCo carries out what time has decided, and pays out.'] : []),
      ],
      limits: [
        ...(ctx.chain.relayer
          ? []
          : ['AutoCo has no relayer on this chain: whoever is interested has to settle tasks.']),
        ...(autoIds.toLowerCase() === ctx.chain.addresses.autoIds.toLowerCase()
          ? []
          : ['It keeps to another register of Auto IDs than AutoCo.']),
      ],
      parts: [{ role: 'global', address }],
    }
  } catch (cause) {
    if (isRevert(cause)) return undefined
    throw new RetryableError('The chain does not answer.', { cause })
  }
}
