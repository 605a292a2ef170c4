import type { SiweMessage } from 'siwe'
import type { Address } from 'viem'
import { UserError } from '../errors.ts'

/** What a text must say to be taken. Nothing is read from the text that is not compared with this. */
export type Expected = {
  domain: string
  uri: string
  chainId: number
  nonce: string
  address: string
  /** Unix milliseconds. */
  time: number
}

export type Request = {
  origin: URL
  chainId: number
  address: Address
  nonce: string
  issuedAt: number
  expiresAt: number
  requestId: string
  statement: string
  resources: string[]
}

/** The EIP-4361 text that is put before a wallet. The server alone makes it, and keeps it as it was shown. */
export async function renderSiwe(request: Request): Promise<string> {
  const { SiweMessage } = await import('siwe')
  const message = new SiweMessage({
    domain: request.origin.host,
    address: request.address,
    statement: request.statement,
    uri: request.origin.href,
    version: '1',
    chainId: request.chainId,
    nonce: request.nonce,
    issuedAt: new Date(request.issuedAt).toISOString(),
    expirationTime: new Date(request.expiresAt).toISOString(),
    requestId: request.requestId,
    resources: request.resources,
  })
  return message.prepareMessage()
}

/** Reads a text by the grammar of EIP-4361, addresses in EIP-55 only, and no other writing of the same fields. */
export async function parseSiwe(text: string): Promise<SiweMessage> {
  const { SiweMessage } = await import('siwe')
  try {
    const message = new SiweMessage(text)
    if (message.prepareMessage() === text) return message
  } catch (cause) {
    throw new UserError(notSiwe, { code: 'text', cause })
  }
  throw new UserError(notSiwe, { code: 'text' })
}

/**
 * Compares every binding field with what is expected. This is not left to `verify` of siwe, which takes any chain, URI
 * and address, skips domain and nonce when they are not passed, and prints signatures that it cannot read.
 */
export async function checkSiwe(text: string, expected: Expected): Promise<void> {
  const message = await parseSiwe(text)
  const refuse = (code: string, sentence: string): never => {
    throw new UserError(sentence, { code, hint: 'Open the page from your chat again and sign what it shows.' })
  }
  if (message.domain !== expected.domain || (message.scheme && `${message.scheme}:` !== new URL(expected.uri).protocol))
    refuse('domain', `This text was made for ${message.domain}, not for ${expected.domain}.`)
  if (message.uri !== expected.uri) refuse('uri', 'This text was made for another page.')
  if (message.chainId !== expected.chainId)
    refuse('chain', `This text is for chain ${message.chainId}, not for chain ${expected.chainId}.`)
  if (message.nonce !== expected.nonce) refuse('nonce', 'This text carries the nonce of another request.')
  if (message.address !== expected.address) refuse('address', `This text is for the wallet ${message.address}.`)
  if (message.expirationTime && Date.parse(message.expirationTime) <= expected.time)
    refuse('expired', 'The time to sign this text is over.')
  if (message.notBefore && Date.parse(message.notBefore) > expected.time) refuse('early', 'This text is not valid yet.')
}

const notSiwe = 'This is not a text that AutoCo lets a wallet sign (EIP-4361).'
