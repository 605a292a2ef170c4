import type { SiweMessage } from 'siwe'
import { hashMessage, type Address } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { proveSignature } from '../../../core/identity/signature.ts'
import { checkSiwe, parseSiwe } from '../../../core/identity/siwe.ts'
import { testChain, type TestChain } from '../../support/chain.ts'
import { hasShared, readShared } from '../../support/shared.ts'

type Field = string | number | string[] | undefined
type Signed = Record<string, string | number | undefined> & { signature: string }

const read = <T>(file: string): [name: string, value: T][] =>
  hasShared ? Object.entries(JSON.parse(readShared(`data/vectors/siwe/${file}.json`)) as Record<string, T>) : []

const positive = read<{ message: string; fields: Record<string, unknown> }>('parsing_positive')
const negative = read<string>('parsing_negative')
const objects = read<Record<string, Field>>('parsing_negative_objects')
const accepted = read<Signed>('verification_positive')
const refused = read<Signed>('verification_negative')
const contracts = read<{ message: string; signature: string }>('eip1271')

describe.runIf(hasShared)('the 82 vectors of siwe', () => {
  let chain: TestChain
  beforeAll(async () => {
    chain = await testChain()
  })
  afterAll(() => chain.stop())

  /** As the link page does it: the text is parsed, compared with what is expected, and its signature proved. */
  async function decide(vector: Signed): Promise<'eoa' | 'erc1271' | 'erc6492'> {
    const { signature, time, domainBinding, matchNonce, ...fields } = vector
    const text = render(fields)
    const message = await parseSiwe(text)
    await checkSiwe(text, {
      domain: String(domainBinding ?? message.domain),
      uri: message.uri,
      chainId: message.chainId,
      address: message.address,
      nonce: String(matchNonce ?? message.nonce),
      time: time === undefined ? Date.parse('2026-11-24T00:00:00Z') : Date.parse(String(time)),
    })
    const context = { chain: { client: chain.client } } as Parameters<typeof proveSignature>[0]
    const claim = { address: message.address as Address, hash: hashMessage(text), signature }
    return (await proveSignature(context, claim)).how
  }

  test('are all here', () => {
    expect([positive, negative, objects, accepted, refused, contracts].map((list) => list.length)).toEqual([
      19, 29, 18, 4, 10, 2,
    ])
  })

  test.each(positive)('the text “%s” is read, field by field', async (_name, { message, fields }) => {
    const parsed = await parseSiwe(message)
    for (const [name, value] of Object.entries(fields))
      expect(parsed[name as keyof SiweMessage] ?? null).toEqual(value ?? null)
  })

  // This takes “address not EIP-55” as an error: the server writes every text, so another spelling is not ours.
  test.each(negative)('the text “%s” is refused', async (_name, message) => {
    await expect(parseSiwe(message)).rejects.toMatchObject({ name: 'UserError', code: 'text' })
  })

  test.each(objects)('the fields “%s” never become a text that is taken', async (_name, fields) => {
    await expect(parseSiwe(render(fields))).rejects.toMatchObject({ name: 'UserError', code: 'text' })
  })

  test.each(accepted)('the signed text “%s” is accepted', async (_name, vector) => {
    expect(await decide(vector)).toBe('eoa')
  })

  test.each(refused)('the signed text “%s” is refused', async (_name, vector) => {
    await expect(decide(vector)).rejects.toMatchObject({ name: 'UserError' })
  })

  test.each(contracts)('the text that %s’s contract signed is read, and needs that contract', async (_name, vector) => {
    const parsed = await parseSiwe(vector.message)
    expect(parsed.prepareMessage()).toBe(vector.message)
    const context = { chain: { client: chain.client } } as Parameters<typeof proveSignature>[0]
    const claim = { address: parsed.address as Address, hash: hashMessage(vector.message), signature: vector.signature }
    await expect(proveSignature(context, claim)).rejects.toMatchObject({ name: 'UserError' })
  })
})

if (!hasShared)
  test('../shared is not here, so the 82 vectors of siwe are left out', () => {
    expect(positive).toEqual([])
  })

/** The text that the fields stand for, without any check or default: a wrong field must reach our parser. */
function render({ domain = '', address = '', statement, resources, ...rest }: Record<string, Field>): string {
  const line = (label: string, value: Field): string[] => (value === undefined ? [] : [`${label}: ${value.toString()}`])
  return [
    `${domain.toString()} wants you to sign in with your Ethereum account:`,
    address.toString(),
    '',
    ...(statement === undefined ? [''] : [statement.toString(), '']),
    ...line('URI', rest['uri']),
    ...line('Version', rest['version']),
    ...line('Chain ID', rest['chainId']),
    ...line('Nonce', rest['nonce']),
    ...line('Issued At', rest['issuedAt']),
    ...line('Expiration Time', rest['expirationTime']),
    ...line('Not Before', rest['notBefore']),
    ...line('Request ID', rest['requestId']),
    ...(Array.isArray(resources) ? ['Resources:', ...resources.map((each) => `- ${each}`)] : []),
  ].join('\n')
}
