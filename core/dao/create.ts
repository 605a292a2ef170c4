import {
  encodeFunctionData,
  keccak256,
  parseUnits,
  stringToHex,
  zeroAddress,
  zeroHash,
  type Address,
  type Hex,
} from 'viem'
import { autoDaoFactory } from '../../contracts/generated.ts'
import { loadPrompts } from '../ai/prompt.ts'
import type { Context } from '../context.ts'
import { UserError } from '../errors.ts'
import { ask } from '../chain/ask.ts'
import type { DaoDraft } from './draft.ts'
import { aiFeatures, type DaoPlan } from './plan.ts'

const { abi } = autoDaoFactory
const transforms: Record<DaoPlan['weights']['kind'], number> = { linear: 0, root: 1, capped: 2 }
const agentRules: Record<DaoPlan['agents']['kind'], number> = { equal: 0, forbidden: 1, advisory: 2, capped: 3 }

/** One call that makes the DAO with all its contracts. */
export function createCall(ctx: Pick<Context, 'chain'>, { plan, salt }: DaoDraft): { to: Address; data: Hex } {
  return { to: factoryOf(ctx), data: encodeFunctionData({ abi, functionName: 'create', args: [paramsOf(plan, salt)] }) }
}

/** The address of the DAO that this creator will make of this draft. */
export async function predictedDao(
  ctx: Pick<Context, 'chain'>,
  { creator, draft }: { creator: string; draft: DaoDraft },
): Promise<Address> {
  const args = [creator as Address, draft.salt] as const
  const [dao] = await ask(() =>
    ctx.chain.client.readContract({ abi, address: factoryOf(ctx), functionName: 'predict', args }),
  )
  return dao
}

function factoryOf(ctx: Pick<Context, 'chain'>): Address {
  const { autoDaoFactory: factory } = ctx.chain.addresses
  if (factory) return factory
  throw new UserError(`AutoCo has no factory of DAOs on ${ctx.chain.name}.`, {
    hint: 'Whoever runs AutoCo puts one there: npm run deploy',
    code: 'no-factory',
  })
}

function paramsOf(plan: DaoPlan, salt: Hex) {
  const { votes } = plan
  const decimals = votes.kind === 'club' ? 0 : 18
  const tokenOf = {
    token: zeroAddress as Address,
    tokenName: plan.name,
    tokenSymbol: '',
    holders: [] as Address[],
    amounts: [] as bigint[],
  }
  return {
    ...tokenOf,
    name: plan.name,
    ...(votes.kind === 'token' ? { token: votes.address as Address, tokenName: '' } : {}),
    ...(votes.kind === 'club' ? { tokenSymbol: 'VOTE' } : {}),
    ...(votes.kind === 'new'
      ? {
          tokenSymbol: votes.symbol,
          holders: votes.holders.map(({ address }) => address as Address),
          amounts: votes.holders.map(({ amount }) => parseUnits(amount, decimals)),
        }
      : {}),
    maxSupply: votes.kind === 'new' && votes.max ? parseUnits(votes.max, decimals) : 0n,
    founders: votes.kind === 'club' ? votes.founders.map(BigInt) : [],
    entry: {
      attestor: Number(plan.entry.attestor ?? 0),
      minScore: plan.entry.minScore ?? 0,
      agents: plan.entry.agents,
      topic: zeroHash,
    },
    votingDelay: plan.votingDelay,
    votingPeriod: plan.votingPeriod,
    proposalThreshold: parseUnits(plan.threshold, decimals),
    quorumPercent: BigInt(plan.quorum),
    lateQuorumExtension: plan.lateExtension,
    timelockDelay: BigInt(plan.timelock),
    changeOfMind: plan.changeOfMind,
    guardian: (plan.guardian ?? zeroAddress) as Address,
    rules: {
      transform: transforms[plan.weights.kind],
      cap: 0n,
      capShare: plan.weights.kind === 'capped' ? hundredths(plan.weights.percent) : 0,
      agents: agentRules[plan.agents.kind],
      agentShare: plan.agents.kind === 'capped' ? hundredths(plan.agents.percent) : 0,
      attestor: Number(plan.score?.attestor ?? 0),
      minScore: plan.score?.least ?? 0,
      scoreDays: 0,
      topic: zeroHash,
    },
    promptHash: plan.ai.length === 0 ? zeroHash : promptHash(),
    aiFeatures: plan.ai.map((name) => aiFeatures[name]).join('; '),
    salt,
  }
}

const hundredths = (percent: number): number => Math.round(percent * 100)

/** Of every prompt that AutoCo uses, in the order of their names: whoever has the prompts can compare. */
function promptHash(): Hex {
  const prompts = Object.values(loadPrompts()).toSorted((a, b) => a.name.localeCompare(b.name))
  return keccak256(stringToHex(prompts.map(({ name, version, sha256 }) => `${name} ${version} ${sha256}\n`).join('')))
}
