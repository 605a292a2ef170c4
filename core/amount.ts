import { formatUnits } from 'viem'

/** A weight in words: at most four significant decimals, grouped, with the token's symbol. */
export function amount(value: bigint, token: { decimals: number; symbol: string }): string {
  const [whole = '0', fraction = ''] = formatUnits(value, token.decimals).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  const kept = fraction.slice(0, whole === '0' ? Math.max(4, fraction.search(/[1-9]/) + 2) : 2).replace(/0+$/, '')
  return `${grouped}${kept ? `.${kept}` : ''} ${token.symbol}`
}
