import { encodeFunctionData, keccak256, toHex, zeroAddress, zeroHash, type Address } from 'viem'
import {
  autoDao,
  autoDaoFactory,
  autoDaoTimelock,
  autoDaoToken,
  charter,
  idVotes,
} from '../../../contracts/generated.ts'
import { plainRules } from '../../../bots/world/deploy.ts'
import { measure, type Ground } from './ground.ts'

const day = 86_400

/** A plain DAO with a new token, without its holders. */
export const newDao = {
  name: 'Auto DAO',
  token: zeroAddress,
  tokenName: 'Auto',
  tokenSymbol: 'AUTO',
  holders: [] as Address[],
  amounts: [] as bigint[],
  maxSupply: 0n,
  founders: [] as bigint[],
  entry: { attestor: 0, minScore: 0, agents: false, topic: zeroHash },
  votingDelay: day,
  votingPeriod: 7 * day,
  proposalThreshold: 0n,
  quorumPercent: 4n,
  lateQuorumExtension: 3600,
  timelockDelay: 3600n,
  changeOfMind: false,
  guardian: zeroAddress,
  rules: plainRules,
  promptHash: zeroHash,
  aiFeatures: '',
  salt: zeroHash,
}

export async function deployFactory(ground: Ground): Promise<Address> {
  return await ground.deploy(autoDaoFactory, [
    await ground.deploy(autoDao, [ground.autoIds, await ground.deploy(charter, [ground.autoIds])]),
    await ground.deploy(autoDaoTimelock, []),
    await ground.deploy(autoDaoToken, []),
    await ground.deploy(idVotes, [ground.autoIds]),
  ])
}

/** What it costs to make a DAO: whole transactions, one holder or founder each. */
export async function gasOfFounding(ground: Ground): Promise<Record<string, number>> {
  const factory = await deployFactory(ground)
  const withToken = { ...newDao, holders: [ground.voters[0]!.address], amounts: [10n ** 21n] }
  const cases = {
    'with a new token': withToken,
    'square root, AI features': {
      ...withToken,
      rules: { ...plainRules, transform: 1 },
      promptHash: keccak256(toHex('prompts')),
      aiFeatures: 'summary, translation',
    },
    'a club of Auto IDs': { ...newDao, founders: [1n] },
  }
  const costs: Record<string, number> = {}
  for (const [name, params] of Object.entries(cases)) {
    const data = encodeFunctionData({ abi: autoDaoFactory.abi, functionName: 'create', args: [params] })
    const { gasUsed, status } = await measure(ground, factory, data)
    if (status !== 'success') throw new Error(`${name}: the factory made no DAO`)
    costs[name] = Number(gasUsed)
  }
  return costs
}
