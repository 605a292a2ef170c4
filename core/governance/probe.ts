import {
  decodeFunctionResult,
  encodeFunctionData,
  keccak256,
  parseAbi,
  stringToHex,
  zeroAddress,
  type Address,
  type ContractFunctionReturnType,
  type Hex,
} from 'viem'
import type { Context } from '../context.ts'
import type { DaoRow } from '../db/tables/governance.ts'
import { UserError } from '../errors.ts'
import { askNode, resultOf, type NodeAnswer } from './listen/node.ts'
import { readHeads } from './listen/read.ts'
import type { DaoKindName, GovernorKindName, PartRole } from './types.ts'

/** What a contract is, and in words what will work with it and what will not. */
export type Probe = {
  kind: DaoKindName
  name: string
  token: Address | null
  timelock: Address | null
  clock: DaoRow['clock']
  domain: { name: string; version: string }
  works: string[]
  limits: string[]
  /** Its contracts that are heard beside, or instead of, a governor. */
  parts?: { role: PartRole; address: Address }[]
}

const abi = parseAbi([
  'function name() view returns (string)',
  'function clock() view returns (uint48)',
  'function CLOCK_MODE() view returns (string)',
  'function COUNTING_MODE() view returns (string)',
  'function BALLOT_TYPEHASH() view returns (bytes32)',
  'function eip712Domain() view returns (bytes1, string, string, uint256, address, bytes32, uint256[])',
  'function nonces(address) view returns (uint256)',
  'function token() view returns (address)',
  'function timelock() view returns (address)',
  'function autoDaoVersion() view returns (string)',
  'function seatOf(address) view returns (uint32, uint48)',
  'function delegates(address) view returns (address)',
  'function getMinDelay() view returns (uint256)',
  'function delay() view returns (uint256)',
  'function GRACE_PERIOD() view returns (uint256)',
])
type Views = { [F in (typeof abi)[number] as F['name']]?: ContractFunctionReturnType<typeof abi, 'view', F['name']> }
const ofAccount = new Set<keyof Views>(['nonces', 'seatOf', 'delegates'])

const ballotOf5 = keccak256(stringToHex('Ballot(uint256 proposalId,uint8 support,address voter,uint256 nonce)'))
const ballotOf4 = keccak256(stringToHex('Ballot(uint256 proposalId,uint8 support)'))
const clocks: Record<string, DaoRow['clock']> = {
  'mode=timestamp': 'timestamp',
  'mode=blocknumber&from=default': 'blocknumber',
}

/** Asks a contract what it is; throws a `UserError` that says why when AutoCo cannot serve it. */
export async function probeGovernor(ctx: Pick<Context, 'chain'>, address: Address): Promise<Probe> {
  const said = await readViews(ctx, address, [
    'BALLOT_TYPEHASH',
    'COUNTING_MODE',
    'eip712Domain',
    'CLOCK_MODE',
    'clock',
    'name',
    'token',
    'timelock',
    'autoDaoVersion',
    'seatOf',
  ])
  if (said === undefined)
    throw refused('There is no contract at this address on this chain.', `AutoCo listens on ${ctx.chain.name}.`)
  const clock = clocks[said.CLOCK_MODE ?? '']
  const support = new URLSearchParams(said.COUNTING_MODE ?? '').get('support') ?? ''
  const domain = checkBallots(ctx, address, said)
  if (clock === undefined) throw refused('This governor counts time in a way that AutoCo does not know.')
  if (!support.split(',').includes('bravo'))
    throw refused('This governor does not count votes as for, against and abstain.')
  const kind = said.autoDaoVersion !== undefined && said.seatOf !== undefined ? 'autodao' : 'oz5'
  const [token, timelock] = [known(said.token), known(said.timelock)]
  const [aboutClock, aboutToken, aboutTimelock] = await Promise.all([
    clockWords(ctx, { clock, now: said.clock }),
    tokenWords(ctx, { clock, token }),
    timelockWords(ctx, timelock),
  ])
  const words: Words[] = [
    kindWords(kind),
    aboutTimelock,
    aboutToken,
    relayWords(ctx),
    countingWords(support),
    aboutClock,
  ]
  return {
    kind,
    name: nameWords(said.name ?? domain.name),
    token,
    timelock,
    clock,
    domain,
    works: words.flatMap(({ works = [] }) => works),
    limits: words.flatMap(({ limits = [] }) => limits),
  }
}

/** How the contract would have its ballots signed. */
function checkBallots(ctx: Pick<Context, 'chain'>, address: Address, said: Views): Probe['domain'] {
  const { BALLOT_TYPEHASH: ballot, eip712Domain: domain } = said
  if (ballot === ballotOf4)
    throw refused(
      'This governor takes signed ballots in the old form (OpenZeppelin 4, Compound Bravo), which AutoCo does not send.',
    )
  if (said.COUNTING_MODE === undefined)
    throw refused('This contract is no governor. Give the address of the DAO’s governor, not of its token or treasury.')
  if (ballot !== ballotOf5 || domain === undefined)
    throw refused('This governor takes signed ballots in a form that AutoCo does not know.')
  const [, name, version, chainId, contract] = domain
  if (chainId !== BigInt(ctx.chain.id) || contract.toLowerCase() !== address.toLowerCase())
    throw refused('Ballots for this governor would be signed for another chain or contract, so none would count.')
  return { name, version }
}

type Words = { works?: string[]; limits?: string[] }

const kindWords = (kind: GovernorKindName): Words => ({
  works: [
    'Proposals and every step of their life are shown here.',
    kind === 'autodao'
      ? 'Votes are signed messages, counted in batches by seat; who has no seat yet votes by the governor’s own signed vote.'
      : 'Votes are signed messages (castVoteBySig of OpenZeppelin 5), with the reason on chain.',
  ],
})

const relayWords = (ctx: Pick<Context, 'chain'>): Words =>
  ctx.chain.relayer
    ? { works: ['AutoCo pays the gas of votes.'] }
    : { limits: ['AutoCo has no relayer on this chain: a signed vote has to be sent by the voter.'] }

const countingWords = (support: string): Words =>
  support === 'bravo' ? {} : { limits: ['This governor can split one vote; AutoCo sends whole votes only.'] }

async function clockWords(
  ctx: Pick<Context, 'chain'>,
  { clock, now }: { clock: DaoRow['clock']; now: number | undefined },
): Promise<Words> {
  const { latest } = await readHeads(ctx)
  const off = BigInt(now ?? 0) - (clock === 'timestamp' ? latest.time : latest.number)
  return off > -60n && off < 60n
    ? {}
    : { limits: ['Its clock is not the clock of this chain’s blocks, so steps that come with time may be shown late.'] }
}

async function tokenWords(
  ctx: Pick<Context, 'chain'>,
  { token, clock }: { token: Address | null; clock: DaoRow['clock'] },
): Promise<Words> {
  const said =
    token === null ? undefined : await readViews(ctx, token, ['CLOCK_MODE', 'eip712Domain', 'delegates', 'nonces'])
  if (said === undefined)
    return { limits: ['Weight comes from no token that AutoCo can ask, so /power cannot say why it is zero.'] }
  // A token without a clock counts blocks (ERC-6372).
  if ((clocks[said.CLOCK_MODE ?? ''] ?? 'blocknumber') !== clock)
    throw refused('This governor and its token count time in different ways, so it cannot weigh votes.')
  if (said.delegates === undefined)
    return { limits: ['Its token cannot delegate, so /power offers no way out of no weight.'] }
  return said.eip712Domain === undefined || said.nonces === undefined
    ? { limits: ['Its token takes no signed delegation that AutoCo knows: delegating costs the holder gas.'] }
    : { works: ['Holders can delegate by signature, without gas.'] }
}

async function timelockWords(ctx: Pick<Context, 'chain'>, timelock: Address | null): Promise<Words> {
  if (timelock === null) return { limits: ['It has no timelock: what is decided can be executed at once.'] }
  const said = await readViews(ctx, timelock, ['getMinDelay', 'delay', 'GRACE_PERIOD'])
  const delay = said?.getMinDelay ?? said?.delay
  const grace = said?.GRACE_PERIOD
  return {
    works: [
      ...(delay === undefined ? [] : [`What is decided waits in a timelock for ${durationWords(delay)}.`]),
      ...(grace === undefined ? [] : [`What is not executed within ${durationWords(grace)} after that expires.`]),
    ],
  }
}

function durationWords(seconds: bigint): string {
  for (const [unit, size] of [
    ['day', 86_400n],
    ['hour', 3_600n],
    ['minute', 60n],
  ] as const)
    if (seconds >= size && seconds % size === 0n) return `${seconds / size} ${unit}${seconds === size ? '' : 's'}`
  return `${seconds} ${seconds === 1n ? 'second' : 'seconds'}`
}

/**
 * Asks for views that need not be there, in one request: what is no clean answer counts as not there. Undefined when
 * there is no contract at all.
 */
async function readViews(
  ctx: Pick<Context, 'chain'>,
  address: Address,
  names: readonly (keyof Views)[],
): Promise<Views | undefined> {
  const [code, ...answers] = await askNode(ctx.chain.url, [
    { method: 'eth_getCode', params: [address, 'latest'] },
    ...names.map((functionName) => {
      const args = ofAccount.has(functionName) ? [zeroAddress] : []
      const data = encodeFunctionData({ abi, functionName, args } as Parameters<typeof encodeFunctionData>[0])
      return { method: 'eth_call', params: [{ to: address, data }, 'latest'] }
    }),
  ])
  if (resultOf(code) === '0x') return undefined
  return Object.fromEntries(names.map((name, at) => [name, decoded(name, answers[at])])) as Views
}

function decoded(functionName: keyof Views, answer: NodeAnswer | undefined): unknown {
  if (!answer || 'fault' in answer) return undefined
  try {
    return decodeFunctionResult({ abi, functionName, data: answer.result as Hex })
  } catch {
    return undefined
  }
}

const known = (address: Address | undefined): Address | null => (address === zeroAddress ? null : (address ?? null))

const nameWords = (name: string): string =>
  name
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, 80) || 'Unnamed DAO'

const refused = (message: string, hint?: string): UserError =>
  new UserError(message, { code: 'not-watchable', ...(hint ? { hint } : {}) })
