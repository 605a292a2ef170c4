import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import * as product from '../../contracts/generated.ts'
import { faultOf, hashOf, readInputs } from '../../scripts/contracts.ts'
import * as forTests from '../support/generated.ts'

const root = path.resolve(import.meta.dirname, '..', '..')
const inputs = readInputs()
const files = Object.entries(inputs).map(([file, input]) => ({
  file,
  input,
  text: readFileSync(path.join(root, file), 'utf8'),
}))
const input = inputs['contracts/generated.ts']!
const [source, code] = Object.entries(input.sources)[0]!

describe('generated contracts', () => {
  test.each(files)('$file is what its sources compiled to', ({ text, input }) => {
    expect(faultOf(text, input)).toBeUndefined()
  })

  test.each([
    { of: 'a source', other: { ...input, sources: { ...input.sources, [source]: `${code} ` } } },
    { of: 'the sources there are', other: { ...input, sources: { ...input.sources, 'More.sol': '' } } },
    { of: 'a setting', other: { ...input, settings: { ...input.settings, viaIR: false } } },
    { of: 'the runs of a contract', other: { ...input, artifacts: input.artifacts.map((a) => ({ ...a, runs: 1 })) } },
    { of: 'the compiler', other: { ...input, compiler: '0.8.38' } },
  ])('are stale after a change of $of', ({ other }) => {
    expect(hashOf(other)).not.toBe(hashOf(input))
    expect(faultOf(files[0]!.text, other)).toBe('older than the Solidity sources')
  })

  test('count the sources of the library', () => {
    expect(Object.keys(input.sources)).toContain('@openzeppelin/contracts/governance/Governor.sol')
    expect(Object.keys(input.sources)).toContain(
      '@openzeppelin/contracts-upgradeable/governance/GovernorUpgradeable.sol',
    )
  })

  test.each(files)('$file is not edited by hand', ({ text, input }) => {
    const edited = text.replace(/(bytecode: '0x[0-9a-f]{100})./, (_, start: string) => `${start}g`)
    expect(edited).not.toBe(text)
    expect(faultOf(edited, input)).toBe('edited by hand')
    expect(faultOf(`${text}export const more = 1\n`, input)).toBe('edited by hand')
    expect(faultOf(`export const first = 1\n${text}`, input)).toBeDefined()
  })

  test('do not take the hash of newer sources for what was compiled from older ones', () => {
    const newer = { ...input, sources: { ...input.sources, [source]: `${code} ` } }
    const pasted = files[0]!.text.replace(hashOf(input), hashOf(newer))
    expect(faultOf(pasted, newer)).toBe('edited by hand')
  })

  // EIP-170 and EIP-3860.
  test.each([product, forTests])('fit on chain, each', (file) => {
    const contracts = Object.values(file).filter((value) => typeof value !== 'string')
    expect(contracts.length).toBeGreaterThan(5)
    for (const { contract, size, bytecode } of contracts) {
      const initcode = (bytecode.length - 2) / 2
      expect(size, contract).toBeLessThanOrEqual(24_576)
      expect(size, contract).toBeLessThan(initcode)
      expect(initcode, contract).toBeLessThanOrEqual(49_152)
    }
  })
})
