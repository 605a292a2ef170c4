import {
  encodeFunctionData,
  erc20Abi,
  getAddress,
  isAddress,
  isHex,
  parseAbi,
  parseUnits,
  type Address,
  type Hex,
} from 'viem'
import type { Context } from '../context.ts'
import type { DaoRow } from '../db/tables/governance.ts'
import { UserError } from '../errors.ts'
import { coinOf, tokenOf, type Token } from '../chain/token.ts'
import type { ProposalCall } from '../governance/types.ts'
import { readDuration } from '../duration.ts'

type Chained = Pick<Context, 'chain' | 'kv'>

/** Pays from the treasury: the chain's coin, the DAO's token, or any token by its address. */
export async function payCall(
  ctx: Chained,
  params: { dao: DaoRow; to: string; amount: string; token?: string | undefined },
): Promise<ProposalCall> {
  const { dao } = params
  const to = addressOf(params.to)
  const coin = coinOf(ctx)
  const named = params.token?.toLowerCase()
  if (named === undefined || named === coin.symbol.toLowerCase())
    return { target: to, value: unitsOf(params.amount, coin).toString(), data: '0x' }
  const own = await tokenOf(ctx, dao)
  const token = named === own.symbol.toLowerCase() ? dao.token : named
  if (token === null || !isAddress(token, { strict: false }))
    throw new UserError(`“${(params.token ?? '').slice(0, 40)}” is neither a token that I know here nor an address.`, {
      hint: `Say ${coin.symbol}, ${dao.token ? `${own.symbol}, ` : ''}or the token's address (0x and 40 hex digits).`,
      code: 'usage',
    })
  const units = unitsOf(params.amount, await tokenOf(ctx, { chain_id: dao.chain_id, token: getAddress(token) }))
  const data = encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [to, units] })
  return { target: getAddress(token), value: '0', data }
}

/** New tokens of the DAO, if its token has a `mint` that the DAO may call. */
export async function mintCall(
  ctx: Chained,
  { dao, ...params }: { dao: DaoRow; to: string; amount: string },
): Promise<ProposalCall> {
  if (dao.token === null) throw new UserError(`${dao.name} has no token that could be minted.`, { code: 'no-token' })
  const to = addressOf(params.to)
  const units = unitsOf(params.amount, await tokenOf(ctx, dao))
  const data = encodeFunctionData({
    abi: parseAbi(['function mint(address to, uint256 amount)']),
    functionName: 'mint',
    args: [to, units],
  })
  return { target: dao.token, value: '0', data }
}

type Setting = {
  label: string
  of: 'governor' | 'timelock'
  abi: string
  read(word: string, about: { dao: DaoRow; token: Token }): bigint
}

const duration: Setting['read'] = (word, { dao }) => readDuration(word, dao.clock)

/** What a DAO of OpenZeppelin's Governor may change of itself; one line each. */
const settings: Record<string, Setting> = {
  'voting-delay': {
    label: 'Time before votes open',
    of: 'governor',
    abi: 'function setVotingDelay(uint48)',
    read: duration,
  },
  'voting-period': {
    label: 'Time that votes stay open',
    of: 'governor',
    abi: 'function setVotingPeriod(uint32)',
    read(word, about) {
      const period = duration(word, about)
      if (period > 0n) return period
      throw new UserError('Votes have to stay open for some time.', { hint: 'Such as 3d', code: 'usage' })
    },
  },
  threshold: {
    label: 'Votes that a proposer needs',
    of: 'governor',
    abi: 'function setProposalThreshold(uint256)',
    read: (word, { token }) => unitsOf(word, token, { mayBeZero: true }),
  },
  quorum: {
    label: 'Quorum in percent of all votes',
    of: 'governor',
    abi: 'function updateQuorumNumerator(uint256)',
    read(word) {
      const percent = /^(\d{1,3})\s*%?$/.exec(word)?.[1]
      if (percent !== undefined && Number(percent) <= 100) return BigInt(percent)
      throw new UserError(`“${word.slice(0, 40)}” is not a whole number of percent.`, {
        hint: 'Such as 4',
        code: 'usage',
      })
    },
  },
  'timelock-delay': {
    label: 'Time that a decision waits before it is executed',
    of: 'timelock',
    abi: 'function updateDelay(uint256)',
    read: (word) => readDuration(word, 'timestamp'),
  },
}

export const settingChoices = Object.entries(settings).map(([value, { label }]) => ({ value, label }))

/** A change of the DAO's own rules, made by itself. */
export async function settingCall(
  ctx: Chained,
  { dao, name, value }: { dao: DaoRow; name: string; value: string },
): Promise<ProposalCall> {
  const setting = settings[name]
  const target = setting?.of === 'timelock' ? dao.timelock : dao.address
  if (!setting || target === null)
    throw new UserError(`${dao.name} has no timelock whose delay could be changed.`, { code: 'no-timelock' })
  const number = setting.read(value.trim(), { dao, token: await tokenOf(ctx, dao) })
  return { target, value: '0', data: encodeFunctionData({ abi: parseAbi([setting.abi]), args: [number] } as never) }
}

/** Whatever its author says that it is: `0xTarget 0xCalldata value`. */
export function rawCall(
  ctx: Pick<Context, 'chain'>,
  params: { target: string; data: string; value?: string | undefined },
): ProposalCall {
  const { data } = params
  if (!isHex(data, { strict: true }) || data.length % 2 === 1 || data.length > 20_000)
    throw new UserError('Calldata is 0x and pairs of hex digits, up to 9,999 bytes.', {
      hint: 'For a call without data: 0x',
      code: 'usage',
    })
  const value = params.value === undefined ? 0n : unitsOf(params.value, coinOf(ctx), { mayBeZero: true })
  return { target: addressOf(params.target), value: value.toString(), data: data.toLowerCase() as Hex }
}

export function addressOf(word: string): Address {
  // Mixed case is a checksum, and one that is wrong is a typing mistake.
  if (isAddress(word, { strict: word !== word.toLowerCase() })) return getAddress(word)
  throw new UserError(`“${word.slice(0, 60)}” is not an address (0x and 40 hex digits).`, {
    hint: 'Copy it from the wallet that it belongs to.',
    code: 'usage',
  })
}

function unitsOf(word: string, { decimals, symbol }: Token, { mayBeZero = false } = {}): bigint {
  const digits = word.trim().replaceAll('_', '')
  const [, fraction = ''] = /^\d{1,30}(?:\.(\d{1,30}))?$/.exec(digits) ?? [undefined, undefined]
  const isGood = /^\d{1,30}(\.\d{1,30})?$/.test(digits) && fraction.length <= decimals
  const units = isGood ? parseUnits(digits, decimals) : 0n
  if (isGood && (units > 0n || mayBeZero)) return units
  throw new UserError(`“${word.slice(0, 40)}” is not an amount of ${symbol}.`, {
    hint: `Digits, with a point and at most ${decimals} decimals, such as 12${decimals > 0 ? '.5' : ''}`,
    code: 'usage',
  })
}
