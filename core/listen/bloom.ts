import { hexToBytes, keccak256, type Hex } from 'viem'

/**
 * Whether a block's bloom says that it may hold a log of one of the addresses with one of the topics. It may be wrong in
 * saying yes, never in saying no; a bloom of zeros says nothing, because some chains do not fill it.
 */
export function mayHold(bloom: Hex, addresses: readonly string[], topics: readonly Hex[]): boolean {
  const bits = hexToBytes(bloom)
  if (bits.length !== 256) return false
  return addresses.some((address) => holds(bits, address as Hex)) && topics.some((topic) => holds(bits, topic))
}

function holds(bits: Uint8Array, value: Hex): boolean {
  const hash = hexToBytes(keccak256(value))
  return [0, 2, 4].every((at) => {
    const bit = ((hash[at]! << 8) | hash[at + 1]!) & 2047
    return (bits[255 - (bit >> 3)]! & (1 << (bit & 7))) !== 0
  })
}
