import { zeroAddress, type Address } from 'viem'
import type { Context } from '../context.ts'
import type { DaoRow } from '../db/tables/governance.ts'
import { formOf, refused } from './probe/form.ts'
import { readViews } from './probe/views.ts'
import {
  clockOf,
  clockWords,
  countingWords,
  kindWords,
  relayWords,
  seen,
  timelockWords,
  tokenWords,
  type Words,
} from './probe/words.ts'

/** What a contract is, and in words what will work with it and what will not. */
export type Probe = {
  kind: string
  name: string
  token: Address | null
  timelock: Address | null
  clock: DaoRow['clock']
  /** The version is empty where the domain has none. */
  domain: { name: string; version: string }
  /** Whose votes count towards the quorum of a governor. */
  quorum?: 'for' | 'for,abstain'
  works: string[]
  limits: string[]
  /** Its contracts that are heard beside, or instead of, a governor. */
  parts?: { role: string; address: Address }[]
}

/** Asks a contract what it is; throws a `UserError` that says why when AutoCo cannot serve it. */
export async function probeGovernor(ctx: Pick<Context, 'chain'>, address: Address): Promise<Probe> {
  const said = await readViews(ctx, address, [
    'BALLOT_TYPEHASH',
    'EXTENDED_BALLOT_TYPEHASH',
    'DOMAIN_TYPEHASH',
    'COUNTING_MODE',
    'eip712Domain',
    'CLOCK_MODE',
    'clock',
    'name',
    'version',
    'token',
    'comp',
    'timelock',
    'quorumVotes',
    'autoDaoVersion',
    'seatOf',
  ])
  if (said === undefined)
    throw refused('There is no contract at this address on this chain.', `AutoCo listens on ${ctx.chain.name}.`)
  const form = formOf(ctx, address, said)
  const { kind, domain } = form
  // Only the older governors may say nothing of a clock.
  const isOlder = kind === 'oz4' || kind === 'bravo'
  const clock = said.CLOCK_MODE === undefined && !isOlder ? undefined : clockOf(said)
  if (clock === undefined) throw refused('This governor counts time in a way that AutoCo does not know.')
  const counting = new URLSearchParams(kind === 'bravo' ? 'support=bravo&quorum=bravo' : said.COUNTING_MODE)
  const support = counting.get('support') ?? ''
  if (!support.split(',').includes('bravo'))
    throw refused('This governor does not count votes as for, against and abstain.')
  const [token, timelock] = [known(kind === 'bravo' ? said.comp : said.token), known(said.timelock)]
  const [aboutClock, aboutToken, aboutTimelock] = await Promise.all([
    clockWords(ctx, { clock, now: said.clock }),
    tokenWords(ctx, { clock, token, kind }),
    timelockWords(ctx, timelock),
  ])
  const words: Words[] = [
    { works: [seen] },
    kindWords(form),
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
    quorum: ['for', 'bravo'].includes(counting.get('quorum') ?? '') ? 'for' : 'for,abstain',
    works: words.flatMap(({ works = [] }) => works),
    limits: words.flatMap(({ limits = [] }) => limits),
  }
}

const known = (address: Address | undefined): Address | null => (address === zeroAddress ? null : (address ?? null))

const nameWords = (name: string): string =>
  name
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, 80) || 'Unnamed DAO'
