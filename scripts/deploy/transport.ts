import { http, MethodNotSupportedRpcError, numberToHex, type Transport } from 'viem'

const spare = 13n

/** HTTP whose gas estimates have room: Auto EVM asks for more gas when a transaction runs than it said before. */
export function roomyHttp(url: string): Transport {
  return (options) => {
    const transport = http(url, { timeout: 30_000, retryCount: 3 })(options)
    const request = async (asked: { method: string; params?: unknown }): Promise<unknown> => {
      // A node that fills in gas and fees by itself knows neither our room nor that a tip buys nothing.
      if (asked.method === 'eth_fillTransaction') throw new MethodNotSupportedRpcError(new Error('not asked for'))
      const answer: unknown = await transport.request(asked as never)
      return asked.method === 'eth_estimateGas' ? numberToHex((BigInt(answer as string) * spare) / 10n) : answer
    }
    return { ...transport, request: request as typeof transport.request }
  }
}
