import {
  encodeFunctionData,
  erc20Abi,
  getAddress,
  isAddress,
  isHex,
  parseAbiItem,
  parseUnits,
  type AbiFunction,
  type AbiParameter,
  type Address,
  type Hex,
} from 'viem'
import { UserError } from '../errors.ts'
import type { Token } from '../chain/token.ts'
import type { ProposalCall } from '../governance/types.ts'

type Known = { token: Token; coin: Token; names: Record<string, Address | undefined> }

const hint =
  'One call a line, or with ; between them: pay 0x… 100 (from the treasury), send 0x… 1 (the chain’s coin), pause setDelay(uint48) 7200, 0x… 0x<calldata>'

/**
 * Calls as people write them, one a line: `pay <to> <amount>`, `send <to> <amount>`, `<target> <function(types)> <arguments…>`,
 * or `<target> <calldata>`. The target is an address or the name of a contract of the DAO.
 */
export function parseCalls(text: string, known: Known): ProposalCall[] {
  const lines = text
    .split(/[\n;]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
  if (lines.length === 0) throw new UserError('A spell has to do something.', { hint })
  if (lines.length > 20) throw new UserError(`A spell makes 20 calls at most, and these are ${lines.length}.`, { hint })
  return lines.map((line, at) => {
    try {
      return parseCall(line, known)
    } catch (cause) {
      const why = cause instanceof UserError ? cause.message : 'I cannot read it.'
      throw new UserError(`Call ${at + 1}, “${line.slice(0, 80)}”: ${why}`, { hint, cause })
    }
  })
}

function parseCall(line: string, known: Known): ProposalCall {
  const [head = '', ...rest] = line.split(/\s+/)
  const verb = head.toLowerCase()
  if (verb === 'pay') {
    const data = encodeFunctionData({
      abi: erc20Abi,
      functionName: 'transfer',
      args: [addressOf(rest[0]), unitsOf(rest[1], known.token)],
    })
    return { target: named('token', known), value: '0', data }
  }
  if (verb === 'send') return { target: addressOf(rest[0]), value: unitsOf(rest[1], known.coin).toString(), data: '0x' }
  const target = isAddress(head, { strict: false }) ? getAddress(head) : named(verb, known)
  const [what = '', ...args] = rest
  if (isHex(what) && what.length >= 10 && what.length % 2 === 0 && args.length === 0)
    return { target, value: '0', data: what.toLowerCase() as Hex }
  return { target, value: '0', data: encoded(what, args) }
}

function named(name: string, { names }: Known): Address {
  const address = names[name]
  if (address) return address
  const all = Object.keys(names).filter((key) => names[key])
  throw new UserError(`“${name.slice(0, 40)}” is no address, and none of ${all.join(', ')}.`)
}

function addressOf(word = ''): Address {
  if (isAddress(word, { strict: false })) return getAddress(word)
  throw new UserError(`“${word.slice(0, 60)}” is not an address (0x and 40 hex digits).`)
}

/** An amount as people write it. */
export function unitsOf(word = '', { decimals, symbol }: Token): bigint {
  const plain = word.replaceAll(/[,_]/g, '')
  const [, fraction = ''] = plain.split('.')
  if (!/^\d{1,30}(\.\d+)?$/.test(plain) || fraction.length > decimals)
    throw new UserError(`“${word.slice(0, 40)}” is not an amount of ${symbol}, such as 100 or 0.5.`)
  return parseUnits(plain, decimals)
}

function encoded(signature: string, words: readonly string[]): Hex {
  const item = functionOf(signature)
  if (item.inputs.length !== words.length)
    throw new UserError(`${item.name} takes ${item.inputs.length} arguments, and there are ${words.length}.`)
  const args = item.inputs.map((input, at) => valueOf(input, words[at] ?? ''))
  try {
    return encodeFunctionData({ abi: [item], functionName: item.name, args })
  } catch (cause) {
    throw new UserError(`The arguments do not fit ${signature.slice(0, 60)}.`, { cause })
  }
}

function functionOf(signature: string): AbiFunction {
  try {
    const item = parseAbiItem(`function ${signature}`) as AbiFunction
    if (item.type === 'function') return item
  } catch {
    // Said below.
  }
  throw new UserError(
    `“${signature.slice(0, 60)}” is neither calldata nor a function with its types, such as setDelay(uint48).`,
  )
}

/** A word as the type asks for it; lists and tuples as JSON without blanks. */
function valueOf({ type }: AbiParameter, word: string): unknown {
  if (/^u?int\d*$/.test(type)) {
    if (/^-?\d{1,78}$/.test(word)) return BigInt(word)
    throw new UserError(`“${word.slice(0, 40)}” is not a whole number (${type}).`)
  }
  if (type === 'address') return addressOf(word)
  if (type === 'bool') {
    if (word === 'true' || word === 'false') return word === 'true'
    throw new UserError(`“${word.slice(0, 40)}” is neither true nor false.`)
  }
  if (type === 'string') return word
  if (type.startsWith('bytes') && !type.endsWith(']')) {
    if (isHex(word) && word.length % 2 === 0) return word
    throw new UserError(`“${word.slice(0, 40)}” is not hex (${type}).`)
  }
  throw new UserError(`Arguments of the type ${type} can be given as calldata only.`)
}
