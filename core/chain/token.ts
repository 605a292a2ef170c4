import { erc20Abi, type Address } from 'viem'
import { cleanText } from '../clean.ts'
import type { Context } from '../context.ts'
import type { DaoRow } from '../db/tables/governance.ts'
import { ask, isRevert } from './ask.ts'

export type Token = { symbol: string; decimals: number }

const unnamed: Token = { symbol: 'votes', decimals: 0 }

/** In what a DAO's votes are counted. Neither changes, so the chain is asked once. */
export async function tokenOf(
  ctx: Pick<Context, 'chain' | 'kv'>,
  dao: Pick<DaoRow, 'chain_id' | 'token'>,
): Promise<Token> {
  if (dao.token === null) return unnamed
  const known = ctx.kv('token')
  const key = `${dao.chain_id}/${dao.token}`
  const kept = await known.get<Token>(key)
  if (kept) return kept
  const contract = { abi: erc20Abi, address: dao.token as Address } as const
  const [symbol, decimals] = await Promise.all([
    orRevert(() => ctx.chain.client.readContract({ ...contract, functionName: 'symbol' }), unnamed.symbol),
    orRevert(() => ctx.chain.client.readContract({ ...contract, functionName: 'decimals' }), unnamed.decimals),
  ])
  const token = { symbol: shown(symbol), decimals }
  await known.set(key, token)
  return token
}

/** All tokens of a DAO: what shares of its votes are parts of. */
export const supplyOf = (ctx: Pick<Context, 'chain'>, { token }: Pick<DaoRow, 'token'>): Promise<bigint> =>
  ask(() => ctx.chain.client.readContract({ abi: erc20Abi, address: token as Address, functionName: 'totalSupply' }))

/** The coin of the chain itself. */
export function coinOf(ctx: Pick<Context, 'chain'>): Token {
  const { symbol, decimals } = ctx.chain.client.chain?.nativeCurrency ?? { symbol: 'ETH', decimals: 18 }
  return { symbol, decimals }
}

/** A symbol is a stranger's text: short, and nothing that hides or leads away. */
function shown(symbol: string): string {
  const clean = cleanText(symbol).replaceAll(/\s+/g, ' ').trim()
  return Array.from(clean).slice(0, 12).join('') || unnamed.symbol
}

async function orRevert<T>(read: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await ask(read)
  } catch (error) {
    if (isRevert(error)) return otherwise
    throw error
  }
}
