import type { Address } from 'viem'
import { chief } from '../../contracts/generated.ts'
import type { Context } from '../context.ts'
import { ask } from '../chain/ask.ts'
import type { NomicDao } from './contracts.ts'

/** The number under which a list of spells was etched, 0 when it never was. */
export const slateOf = (
  ctx: Pick<Context, 'chain'>,
  dao: Pick<NomicDao, 'chief'>,
  spells: readonly Address[],
): Promise<number> =>
  ask(() =>
    ctx.chain.client.readContract({ abi: chief.abi, address: dao.chief, functionName: 'slateOf', args: [spells] }),
  )
