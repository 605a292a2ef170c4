import { UserError } from '../errors.ts'
import type { DaoPlan } from './plan.ts'
import { timeWords } from './read.ts'

const hour = 3_600

/** What the factory would refuse, before anybody pays for it. */
export function assertPlan(plan: DaoPlan): void {
  if (plan.name === '' || Buffer.byteLength(plan.name) > 64)
    throw new UserError('A DAO has a name of up to 64 characters.')
  if (plan.lateExtension > plan.votingPeriod)
    throw new UserError(
      `The extension (${timeWords(plan.lateExtension)}) is longer than the time to vote (${timeWords(plan.votingPeriod)}).`,
      { hint: `/dao-set extension ${Math.floor(plan.votingPeriod / hour)}h` },
    )
  if (plan.votes.kind === 'new' && Number(plan.threshold) > supplyOf(plan))
    throw new UserError('It takes more votes to propose than there are, so nobody could ever propose.', {
      hint: '/dao-set threshold 0',
    })
  if (plan.votes.kind === 'club' && Number(plan.threshold) > 1)
    throw new UserError('In a club everybody has one vote, so with more than one to propose nobody could.', {
      hint: '/dao-set threshold 1',
    })
  if (plan.votes.kind === 'club' && plan.weights.kind !== 'linear')
    throw new UserError('In a club everybody has one vote: there is nothing to transform.', {
      hint: '/dao-set weights linear',
    })
}

/** What may go wrong with a DAO like this, in plain words: it may be made all the same. */
export function warningsOf(plan: DaoPlan): string[] {
  const { votes, weights } = plan
  const supply = supplyOf(plan)
  const largest = votes.kind === 'new' ? Math.max(...votes.holders.map(({ amount }) => Number(amount))) : 0
  const warnings: [boolean, string][] = [
    [
      plan.votingPeriod < 48 * hour,
      `Only ${timeWords(plan.votingPeriod)} to vote: people in other time zones, or away for a weekend, will miss votes.`,
    ],
    [plan.quorum < 2, `A quorum of ${plan.quorum} % lets very few decide while the others do not look.`],
    [
      plan.timelock === 0,
      'What is decided is done at once: nobody can leave, and no mistake can be stopped, before it happens. Only for a DAO that holds nothing.',
    ],
    [
      votes.kind === 'new' && weights.kind === 'linear' && largest * 2 > supply,
      'One holder has more than half of the tokens and decides everything alone.',
    ],
    [votes.kind === 'club' && votes.founders.length === 1, 'One founder decides alone until others have joined.'],
    [
      plan.guardian !== undefined,
      'The guardian can cancel any proposal. Say who it is, and let the DAO remove it when it is no longer needed.',
    ],
    [
      weights.kind !== 'linear' && plan.score === undefined,
      'Weights that favour many small voices invite people to split their tokens over several wallets. A least Auto Score makes that hard.',
    ],
    [
      plan.votingDelay === 0,
      'Voting starts at once: who bought or moved tokens a moment before votes with them, and nobody has time to read.',
    ],
    [
      plan.agents.kind === 'equal' && votes.kind !== 'club',
      'AI agents vote as people do. Their votes are shown apart; to limit them: /dao-set agents capped 2',
    ],
  ]
  return warnings.flatMap(([holds, words]) => (holds ? [words] : []))
}

/** All tokens of a new DAO, in whole tokens; 0 where they are somebody else's. */
export const supplyOf = ({ votes }: Pick<DaoPlan, 'votes'>): number =>
  votes.kind === 'new' ? votes.holders.reduce((sum, { amount }) => sum + Number(amount), 0) : 0
