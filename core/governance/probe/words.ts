import type { Address } from 'viem'
import type { Context } from '../../context.ts'
import type { DaoRow } from '../../db/tables/governance.ts'
import { delegationDomain } from '../delegation-domain.ts'
import { readHeads } from '../../chain/header.ts'
import { blockSeen } from '../weight.ts'
import { refused, type Form } from './form.ts'
import { readViews, type Views } from './views.ts'
import { durationWords } from '../../duration.ts'

type Chained = Pick<Context, 'chain'>
type Clock = DaoRow['clock']

/** What will work with a contract, and what will not. */
export type Words = { works?: string[]; limits?: string[] }

const clocks: Record<string, Clock> = {
  'mode=timestamp': 'timestamp',
  'mode=blocknumber&from=default': 'blocknumber',
}

/** Who says nothing of a clock counts blocks (ERC-6372). */
export const clockOf = ({ CLOCK_MODE: mode }: Views): Clock | undefined =>
  mode === undefined ? 'blocknumber' : clocks[mode]

export const seen = 'Proposals and every step of their life are shown here.'

export function kindWords({ kind, takesReason }: Form): Words {
  switch (kind) {
    case 'autodao':
      return {
        works: [
          'Votes are signed messages, counted in batches by seat; who has no seat yet votes by the governor’s own signed vote.',
        ],
      }
    case 'oz5':
      return { works: ['Votes are signed messages (castVoteBySig of OpenZeppelin 5), with the reason on chain.'] }
    case 'oz4':
      return older('OpenZeppelin 4', takesReason)
    case 'bravo':
      return older('Compound Governor Bravo', takesReason)
  }
}

const older = (name: string, takesReason: boolean): Words => ({
  works: [`Votes are signed messages (castVoteBySig of ${name})${takesReason ? ', with the reason on chain' : ''}.`],
  limits: [
    ...(takesReason ? [] : ['Its signed votes carry no reason: who wants to give one votes from the wallet itself.']),
    'It takes no signature of a contract wallet: such a wallet votes by a transaction of its own.',
  ],
})

export const relayWords = ({ chain }: Chained): Words =>
  chain.relayer
    ? { works: ['AutoCo pays the gas of votes.'] }
    : { limits: ['AutoCo has no relayer on this chain: a signed vote has to be sent by the voter.'] }

export const countingWords = (support: string): Words =>
  support === 'bravo' ? {} : { limits: ['This governor can split one vote; AutoCo sends whole votes only.'] }

export async function clockWords(
  ctx: Chained,
  { clock, now }: { clock: Clock; now: number | undefined },
): Promise<Words> {
  const [{ latest }, said] = await Promise.all([readHeads(ctx), now ?? blockSeen(ctx)])
  const off = BigInt(said) - (clock === 'timestamp' ? latest.time : latest.number)
  return off > -60n && off < 60n
    ? {}
    : { limits: ['Its clock is not the clock of this chain’s blocks, so steps that come with time may be shown late.'] }
}

export async function tokenWords(
  ctx: Chained,
  { token, clock, kind }: { token: Address | null; clock: Clock; kind: Form['kind'] },
): Promise<Words> {
  const said = token === null ? undefined : await readViews(ctx, token, ['CLOCK_MODE', 'delegates', 'getPriorVotes'])
  if (kind === 'bravo' && said?.getPriorVotes === undefined)
    throw refused('This governor names no token that says who had how many votes, so nobody could see their weight.')
  if (token === null || said === undefined)
    return { limits: ['Weight comes from no token that AutoCo can ask, so /power cannot say why it is zero.'] }
  if (clockOf(said) !== clock)
    throw refused('This governor and its token count time in different ways, so it cannot weigh votes.')
  if (said.delegates === undefined)
    return { limits: ['Its token cannot delegate, so /power offers no way out of no weight.'] }
  return (await delegationDomain(ctx, token)) === undefined
    ? { limits: ['Its token takes no signed delegation that AutoCo knows: delegating costs the holder gas.'] }
    : { works: ['Holders can delegate by signature, without gas.'] }
}

export async function timelockWords(ctx: Chained, timelock: Address | null): Promise<Words> {
  if (timelock === null) return { limits: ['It has no timelock: what is decided can be executed at once.'] }
  const said = await readViews(ctx, timelock, ['getMinDelay', 'delay', 'GRACE_PERIOD'])
  const delay = said?.getMinDelay ?? said?.delay
  const grace = said?.GRACE_PERIOD
  return {
    works: [
      ...(delay === undefined
        ? []
        : [`What is decided waits in a timelock for ${durationWords(Number(delay), 'day')}.`]),
      ...(grace === undefined
        ? []
        : [`What is not executed within ${durationWords(Number(grace), 'day')} after that expires.`]),
    ],
  }
}
