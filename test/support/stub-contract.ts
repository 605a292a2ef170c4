import { concat, encodeAbiParameters, numberToHex, parseAbiParameters, size, toFunctionSelector, type Hex } from 'viem'

const emitOne = '0x00000001'
const emitTwo = '0x00000002'

/**
 * Code of a contract that says what a test wants: each view, by signature, answers with the same bytes whatever it is
 * asked, and `emitCall` makes it log anything, as a stranger's contract may. Put it somewhere with `anvil_setCode`.
 */
export function stubContract(views: Record<string, Hex>): Hex {
  const answers = Object.entries(views)
  const parts = [...answers.map(([, data]) => answer(data, 0)), emits(1), emits(2)]
  const selectors = [...answers.map(([signature]) => toFunctionSelector(signature)), emitOne, emitTwo] as Hex[]
  const start = 6 + selectors.length * 11 + 5
  const places = placesOf(
    parts.map((part) => size(part)),
    start,
  )
  let dataAt = places.at(-1)!
  const bodies = answers.map(([, data]) => {
    const body = answer(data, dataAt)
    dataAt += size(data)
    return body
  })
  return concat([
    '0x60003560e01c',
    ...selectors.map((selector, at) => concat(['0x8063', selector, '0x1461', word(places[at]!), '0x57'])),
    '0x60006000fd',
    ...bodies,
    emits(1),
    emits(2),
    ...answers.map(([, data]) => data),
  ])
}

/** Calldata that makes a stub log these topics (one or two) and this data. */
export const emitCall = (topics: readonly [Hex] | readonly [Hex, Hex], data: Hex): Hex =>
  concat([topics.length === 1 ? emitOne : emitTwo, ...topics, data])

export const abiWords = (types: string, values: readonly unknown[]): Hex =>
  encodeAbiParameters(parseAbiParameters(types) as never, values as never)

const word = (value: number): Hex => numberToHex(value, { size: 2 })

/** Copies its bytes from the end of the code and returns them. */
const answer = (data: Hex, at: number): Hex =>
  concat(['0x5b61', word(size(data)), '0x61', word(at), '0x60003961', word(size(data)), '0x6000f3'])

/** Logs the calldata behind the topics. */
const emits = (topics: 1 | 2): Hex =>
  topics === 1 ? '0x5b60243603806024600037600435906000a100' : '0x5b6044360380604460003760243590600435906000a200'

function placesOf(sizes: readonly number[], start: number): number[] {
  const places = [start]
  for (const length of sizes) places.push(places.at(-1)! + length)
  return places
}
