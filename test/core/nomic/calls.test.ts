import { decodeFunctionData, erc20Abi, parseAbi, type Hex } from 'viem'
import { describe, expect, test } from 'vitest'
import { parseCalls } from '../../../core/nomic/calls.ts'

const friend = '0x000000000000000000000000000000000000bEEF'
const token = '0x1000000000000000000000000000000000000001'
const pause = '0x2000000000000000000000000000000000000002'
const known = {
  token: { symbol: 'NOMIC', decimals: 18 },
  coin: { symbol: 'AI3', decimals: 18 },
  names: { token, pause, chief: undefined } as const,
}
const parse = (text: string) => parseCalls(text, known)

describe('calls as people write them', () => {
  test('pay from the treasury, in the token', () => {
    const [call] = parse(`pay ${friend} 1,000.5`)
    expect(call).toMatchObject({ target: token, value: '0' })
    expect(decodeFunctionData({ abi: erc20Abi, data: call!.data as Hex }).args).toEqual([
      friend,
      1_000_500000000000000000n,
    ])
  })

  test('send the chain’s own coin', () => {
    expect(parse(`send ${friend} 0.25`)).toEqual([{ target: friend, value: '250000000000000000', data: '0x' }])
  })

  test('call a function by its types, of a contract by its name or address', () => {
    const abi = parseAbi(['function set(uint48,bool,address,bytes,string)'])
    const [call] = parse(`pause set(uint48,bool,address,bytes,string) 7 true ${friend} 0x12ab word`)
    expect(call?.target).toBe(pause)
    expect(decodeFunctionData({ abi, data: call!.data as Hex }).args).toEqual([7, true, friend, '0x12ab', 'word'])
    expect(parse(`${friend} go()`)[0]).toMatchObject({ target: friend, data: '0x0f59f83a' })
  })

  test('take calldata as it is', () => {
    expect(parse(`${friend} 0xDEADBEEF01`)).toEqual([{ target: friend, value: '0', data: '0xdeadbeef01' }])
  })

  test('stand one a line or behind semicolons, in their order', () => {
    expect(parse(`send ${friend} 1\n\nsend ${friend} 2; send ${friend} 3`).map(({ value }) => value)).toEqual([
      '1000000000000000000',
      '2000000000000000000',
      '3000000000000000000',
    ])
  })

  test.each([
    ['', 'A spell has to do something.'],
    [
      Array.from({ length: 21 }, () => `send ${friend} 1`).join(';'),
      'A spell makes 20 calls at most, and these are 21.',
    ],
    ['chief go()', '“chief” is no address, and none of token, pause.'],
    [`send ${friend} 1e3`, '“1e3” is not an amount of AI3'],
    [`send ${friend} -1`, '“-1” is not an amount of AI3'],
    [`pay ${friend} 0.1234567890123456789`, 'is not an amount of NOMIC'],
    [`${friend} set(uint48) 300000000000000`, 'The arguments do not fit set(uint48).'],
    [`${friend} set(bool) yes`, '“yes” is neither true nor false.'],
    [`${friend} set(uint256[]) [1]`, 'Arguments of the type uint256[] can be given as calldata only.'],
    [`${friend} 0x123`, 'is neither calldata nor a function'],
  ])('are refused in words: %s', (text, words) => {
    expect(() => parse(text)).toThrow(words)
  })
})
