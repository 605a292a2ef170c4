import { UserError } from '../../core/errors.ts'

type KnownChain = {
  name: string
  word: string
  fees: { maxPriorityFeePerGas: bigint; baseFeeMultiplier: number }
}

/** Auto EVM takes blocks' worth of transactions in order of arrival: a tip buys nothing there. */
const noTip = { maxPriorityFeePerGas: 0n, baseFeeMultiplier: 2 }

/** Chains with names; any other is given by its id. */
export const knownChains: Record<number, KnownChain> = {
  870: { name: 'Autonomys mainnet', word: 'autonomys', fees: noTip },
  490_000: { name: 'Chronos testnet', word: 'chronos', fees: noTip },
}

export function chainOf(word: string): number {
  const known = Object.entries(knownChains).find(([id, chain]) => word === id || word.toLowerCase() === chain.word)
  if (known) return Number(known[0])
  if (/^[1-9]\d{0,9}$/.test(word)) return Number(word)
  throw new UserError(`There is no chain called ${word.slice(0, 40)}.`, {
    hint: `Known by name: ${Object.entries(knownChains)
      .map(([id, chain]) => `${chain.word} (${id})`)
      .join(', ')}; any other by its id.`,
    code: 'usage',
  })
}
