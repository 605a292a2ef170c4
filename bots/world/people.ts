import type { Address, Hex } from 'viem'

/**
 * The people built into the playground. Their keys are anvil's own, printed in its documentation and known to the whole
 * world: they hold play money of the embedded chain, and whoever sends them anything elsewhere loses it.
 */
export const people: readonly { id: string; name: string; address: Address; key: Hex }[] = [
  {
    id: 'ada',
    name: 'Ada',
    address: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
    key: '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d',
  },
  {
    id: 'ben',
    name: 'Ben',
    address: '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC',
    key: '0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a',
  },
  {
    id: 'chen',
    name: 'Chen',
    address: '0x90F79bf6EB2c4f870365E785982E1f101E93b906',
    key: '0x7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6',
  },
  {
    id: 'dora',
    name: 'Dora',
    address: '0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65',
    key: '0x47e179ec197488593b187f80a00eb0da91f1b9d0b13f8733639f19c30a34926a',
  },
  {
    id: 'eli',
    name: 'Eli',
    address: '0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc',
    key: '0x8b3a350cf5c34c9194ca85829a2df0ec3153be0318b5e2d3348e872092edffba',
  },
]

/** These have an Auto ID from the start; the others see how one is made. */
export const registered: readonly Address[] = people.slice(0, 3).map(({ address }) => address)
/** Holds tokens and never said who votes with them. */
export const undelegated: Address = people[4]!.address

/** Account 0: put the contracts there, keeps the world going, and gives newcomers something to vote with. */
export const steward: Address = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
/** Account 9. */
export const relayerKey: Hex = '0x2a871d0798f97d79848a013d4936a73bf4cc922c825d33c1cf7073dff6d409c6'
