import type { Address } from 'viem'
import { z } from 'zod'
import { createAutoDao } from '../../bots/world/deploy.ts'
import { typeLine, type Tab } from './client.ts'
import type { House } from './plan.ts'
import type { Server } from './server.ts'
import type { Stage } from './stage.ts'
import { newPerson, walletOf } from './voter.ts'

export type OpenHouse = House & { dao: Address; holders: number }

const votingPeriod = 7 * 86_400

/** A DAO for each house, watched in a channel of its own. */
export async function openHouses(
  stage: Stage,
  params: { server: Server; tab: Tab; channel: string; houses: readonly House[] },
): Promise<OpenHouse[]> {
  const { server, tab, channel } = params
  await tab.post('/api/play/channels', { id: channel, topic: 'Real proposals, voted on again' }, z.object({}))
  const person = await newPerson(tab, 'Replay')
  const houses: OpenHouse[] = []
  for (const house of params.houses) {
    const dao = await buildHouse(stage, server.factory, house)
    await typeLine(tab, { person, channel, line: `/watch ${dao}` })
    houses.push({ ...house, dao, holders: house.holdings.length })
  }
  return houses
}

/** The DAO of a house: its token is held as the plan says. */
async function buildHouse({ deployer }: Stage, factory: Address, house: House): Promise<Address> {
  const { dao } = await createAutoDao(deployer, factory, {
    name: house.name,
    token: {
      name: `${house.name} votes`,
      symbol: 'VOTES',
      holders: house.holdings.map((_, index) => walletOf(index).address),
      amounts: house.holdings,
    },
    votingDelay: 1,
    votingPeriod,
    proposalThreshold: 0n,
    quorumPercent: 1n,
    lateQuorumExtension: 0,
    timelockDelay: 0n,
    changeOfMind: false,
  })
  return dao
}
