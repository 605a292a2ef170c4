import { encodeFunctionData, erc20Abi, getContractAddress, parseEther, zeroAddress, type Address, type Hex } from 'viem'
import { callsSpell, chief, pause, spellFactory } from '../../contracts/generated.ts'
import type { Rpc } from './devchain.ts'
import { steward } from './people.ts'
import type { WorldFacts } from './facts.ts'
import { mineTogether, type Receipt, type Tx } from './send.ts'

export const chiefRules = {
  launchThreshold: parseEther('20000'),
  floor: parseEther('10000'),
  coolDown: 60,
  delay: 3_600,
  shutdownThreshold: parseEther('80000'),
}

const hour = 3_600
const day = 86_400
const lockers = 10
const lockedEach = parseEther('4000')

const texts = {
  translators: {
    title: 'Pay the translators',
    text: 'Four people put the handbook into Spanish, Tamil, Polish and Swahili this spring. This pays what was agreed: 300 NOMIC for all of it.',
  },
  slower: {
    title: 'Wait two hours before a spell is cast',
    text: 'One hour was too short for the members in Asia: last week they woke up to a decision that was done. This doubles the time that a plotted spell waits.',
  },
  school: {
    title: 'Fund a summer school',
    text: 'Two weeks, twenty places, for people who want to write spells themselves. 1,200 NOMIC cover the rooms and the food; the teachers come for free.',
  },
}

type Event = { at: number; run: (at: number) => Promise<void> }

/** The Nomic DAO in the middle of its life: one spell was cast, one holds the hat and waits, and one needs a single voice more. */
export function nomicHistory(
  rpc: Rpc,
  { contracts, chorus }: Pick<WorldFacts, 'contracts' | 'chorus'>,
  now: number,
): Event[] {
  const voters = chorus.slice(0, lockers)
  const [author = steward] = voters
  const spells: Partial<Record<keyof typeof texts, Address>> = {}
  const events: Event[] = []
  const add = (ago: number, txs: () => Tx[], then?: (receipt: Receipt | undefined) => void): void => {
    events.push({
      // Off the full minutes at which proposals are voted on: two blocks cannot have one time.
      at: now - ago - 17,
      async run(at) {
        const [receipt] = await mineTogether(rpc, txs(), at)
        then?.(receipt)
      },
    })
  }
  const toChief = (from: Address, data: Hex): Tx => ({ from, to: contracts.chief, data })
  const approve = (some: readonly Address[], name: keyof typeof texts | undefined): Tx[] =>
    some.map((from) => {
      const args = [[name === undefined ? zeroAddress : (spells[name] ?? zeroAddress)]] as const
      return toChief(from, encodeFunctionData({ abi: chief.abi, functionName: 'voteFor', args }))
    })
  const make = (name: keyof typeof texts, call: { target: Address; data: Hex }): Tx => {
    const args = [
      {
        ...texts[name],
        expiration: now + 30 * day,
        officeHours: false,
        targets: [call.target],
        values: [0n],
        calls: [call.data],
      },
    ] as const
    return {
      from: author,
      to: contracts.spellFactory,
      data: encodeFunctionData({ abi: spellFactory.abi, functionName: 'create', args }),
    }
  }
  const made =
    (name: keyof typeof texts) =>
    (receipt: Receipt | undefined): void => {
      const topic = receipt?.logs.at(-1)?.topics[1]
      if (topic) spells[name] = `0x${topic.slice(26)}`
    }
  const pay = (to: Address, amount: string): { target: Address; data: Hex } => ({
    target: contracts.nomic,
    data: encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [to, parseEther(amount)] }),
  })
  const lift = (name: keyof typeof texts): Tx[] => [
    toChief(steward, encodeFunctionData({ abi: chief.abi, functionName: 'lift', args: [spells[name] ?? zeroAddress] })),
  ]
  const step = (name: keyof typeof texts, functionName: 'schedule' | 'cast'): Tx[] => [
    { from: steward, to: spells[name] ?? zeroAddress, data: encodeFunctionData({ abi: callsSpell.abi, functionName }) },
  ]
  const setDelay = encodeFunctionData({ abi: pause.abi, functionName: 'setDelay', args: [7_200] })

  const letTake = encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [contracts.chief, lockedEach] })
  add(3 * day, () => voters.map((from) => ({ from, to: contracts.nomic, data: letTake })))
  const lock = encodeFunctionData({ abi: chief.abi, functionName: 'lock', args: [lockedEach] })
  add(3 * day - 60, () => voters.map((from) => toChief(from, lock)))
  add(3 * day - 120, () => approve(voters.slice(0, 6), undefined))
  add(3 * day - 180, () => [toChief(steward, encodeFunctionData({ abi: chief.abi, functionName: 'launch' }))])
  add(3 * day - hour, () => [make('translators', pay(voters[3] ?? steward, '300'))], made('translators'))
  add(2 * day, () => approve(voters.slice(0, 8), 'translators'))
  add(2 * day - 600, () => lift('translators'))
  add(2 * day - 700, () => step('translators', 'schedule'))
  add(2 * day - 2 * hour, () => step('translators', 'cast'))
  add(2 * day - 4 * hour, () => [make('slower', { target: contracts.pause, data: setDelay })], made('slower'))
  add(day, () => [make('school', pay(voters[5] ?? steward, '1200'))], made('school'))
  add(8 * hour, () => approve(voters, 'slower'))
  add(hour - 480, () => lift('slower'))
  add(hour - 540, () => step('slower', 'schedule'))
  add(1_200, () => approve(voters.slice(0, 5), 'school'))
  return events
}

/** The proxy that the pause made holds the treasury. */
export const treasuryOf = (pauseAddress: Address): Address => getContractAddress({ from: pauseAddress, nonce: 1n })
