import { getAddress, isAddress } from 'viem'
import { UserError } from '../errors.ts'
import type { DaoPlan } from './plan.ts'
import { durationWords, readTimeSpan } from '../duration.ts'

const month = 30 * 86_400

/** `36h`, `5 days`, `0`: seconds within a range. */
export function readTime(word: string, { least, what }: { least: number; what: string }): number {
  const seconds = readTimeSpan(word)
  if (seconds === undefined) throw new UserError(`“${word.slice(0, 40)}” is not a time such as 36h or 5d.`)
  if (seconds < least || seconds > month) throw new UserError(`${what} is between ${timeWords(least)} and 30 days.`)
  return seconds
}

export const timeWords = (seconds: number): string => (seconds === 0 ? 'none' : durationWords(seconds, 'day'))

/** `4`, `4 %`: a whole percent, or hundredths where `digits` allows them. */
export function readPercent(
  word: string,
  range: { least: number; most: number; what: string; digits?: number },
): number {
  const { least, most, what, digits = 0 } = range
  const pattern = digits === 0 ? /^(\d{1,3})\s*%?$/ : /^(\d{1,3}(?:\.\d{1,2})?)\s*%?$/
  const value = Number(pattern.exec(word.trim())?.[1] ?? Number.NaN)
  if (!(value >= least && value <= most)) throw new UserError(`${what} is between ${least} and ${most} percent.`)
  return value
}

export function readAmount(word: string, what: string): string {
  const plain = word.trim().replaceAll(/[,_\s]/g, '')
  if (!/^\d{1,18}(\.\d{1,18})?$/.test(plain))
    throw new UserError(`“${word.slice(0, 40)}” is not ${what} such as 100 or 0.5.`)
  return plain
}

export function readAddress(word: string): string {
  if (!isAddress(word.trim(), { strict: false }))
    throw new UserError(`“${word.slice(0, 50)}” is not an address (0x and 40 hex digits).`)
  return getAddress(word.trim())
}

export function readIdNumber(word: string): string {
  const id = /^#?(\d{1,9})$/.exec(word.trim())?.[1]
  if (!id || id === '0') throw new UserError(`“${word.slice(0, 40)}” is not the number of an Auto ID such as 12.`)
  return id
}

export function readYes(word: string): boolean {
  const known: Record<string, boolean> = { yes: true, on: true, no: false, off: false }
  const found = known[word.trim().toLowerCase()]
  if (found === undefined) throw new UserError(`“${word.slice(0, 40)}” is neither yes nor no.`)
  return found
}

const mostHolders = 200

/** `me 500, 0x… 100`, by commas or lines. `me` is the creator's wallet. */
export function readHolders(text: string, me: string): { address: string; amount: string }[] {
  const parts = text
    .split(/[,;\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
  if (parts.length === 0 || parts.length > mostHolders)
    throw new UserError(`Name the first holders, 1 to ${mostHolders} of them, such as: me 500, 0x… 100`)
  const holders = parts.map((part) => {
    const [who = '', much = ''] = part.split(/\s+/)
    return {
      address: who.toLowerCase() === 'me' ? me : readAddress(who),
      amount: readAmount(much, `an amount for ${who.slice(0, 20)}`),
    }
  })
  const twice = holders.find(({ address }, at) => holders.findIndex((other) => other.address === address) !== at)
  if (twice) throw new UserError(`${twice.address} is named twice.`)
  if (holders.some(({ amount }) => Number(amount) === 0)) throw new UserError('A holder needs more than 0 tokens.')
  return holders
}

/** What votes in a new DAO, as it is typed: `new GLD`, `club`, or the address of a token. */
export function readVotes(
  word: string,
  params: { holders: string; me: string; myId: string | undefined },
): DaoPlan['votes'] {
  const { holders, me, myId } = params
  const typed = word.trim()
  if (isAddress(typed, { strict: false })) return { kind: 'token', address: getAddress(typed) }
  if (typed.toLowerCase() === 'club') {
    const ids = holders.split(/[,;\s]+/).filter((id) => id !== '' && id.toLowerCase() !== 'me')
    const founders = [...new Set([...(myId ? [myId] : []), ...ids.map(readIdNumber)])]
    if (founders.length === 0)
      throw new UserError('A club needs a founder with an Auto ID, and your wallet has none yet.', { hint: '/link' })
    return { kind: 'club', founders }
  }
  const symbol = /^(?:new\s+)?([A-Za-z][A-Za-z0-9]{0,11})$/.exec(typed)?.[1]
  if (!symbol)
    throw new UserError(`“${typed.slice(0, 40)}” is no way to vote.`, {
      hint: 'A symbol for a new token (such as GOLD), the address of a token that there is, or: club',
    })
  return { kind: 'new', symbol: symbol.toUpperCase(), holders: readHolders(holders === '' ? 'me 1000' : holders, me) }
}
