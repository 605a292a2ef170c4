/** A weight in words: base units, grouped, at most two decimals above one and two telling digits below. */
export function amount(units: string, { symbol, decimals }: { symbol: string; decimals: number }): string {
  const digits = units.padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  const fraction = digits.slice(digits.length - decimals)
  const kept = fraction.slice(0, whole === '0' ? Math.max(4, fraction.search(/[1-9]/) + 2) : 2).replace(/0+$/, '')
  return `${whole.replaceAll(/\B(?=(\d{3})+$)/g, ',')}${kept ? `.${kept}` : ''} ${symbol}`
}
