import { getAddress, isAddressEqual, parseAbi, type Address, type Hex, type PublicClient } from 'viem'
import { deploySteps, type Deployed } from '../../bots/world/deploy.ts'

type Contracts = Partial<Deployed>
type Foreign = { name: string; why: string }

/** Contracts that are not what the artifacts say: other code, or code that is wired to others than ours. */
export async function foreignContracts(client: PublicClient, contracts: Contracts): Promise<Foreign[]> {
  const names = Object.keys(contracts) as (keyof Deployed)[]
  const found = await Promise.all(
    names.map(async (name) => {
      const address = contracts[name] as Address
      const code = await client.getCode({ address })
      if (!code) return { name, why: 'no code there' }
      if (!isMadeBy(deploySteps[name].contract.bytecode, code)) return { name, why: 'other code there' }
      const wrong = await wrongWire(client, contracts, name)
      return wrong === undefined ? undefined : { name, why: wrong }
    }),
  )
  return found.filter((entry) => entry !== undefined)
}

/** Immutables are zeros in the creation code and are looked at by `wrongWire`; every other byte must be the same. */
function isMadeBy(creation: Hex, code: Hex): boolean {
  const runtime = Buffer.from(code.slice(2), 'hex')
  const whole = Buffer.from(creation.slice(2), 'hex')
  const head = runtime.subarray(0, 5)
  for (let at = whole.indexOf(head); at >= 0; at = whole.indexOf(head, at + 1)) {
    const template = whole.subarray(at, at + runtime.length)
    const isSame = runtime.every((byte, index) => template[index] === byte || template[index] === 0)
    if (template.length === runtime.length && isSame) return true
  }
  return false
}

const wires: Partial<Record<keyof Deployed, readonly (readonly [string, keyof Deployed])[]>> = {
  autoDao: [
    ['autoIds', 'autoIds'],
    ['charter', 'charter'],
  ],
  charter: [['autoIds', 'autoIds']],
  idVotes: [['autoIds', 'autoIds']],
  autoDaoFactory: [
    ['DAO', 'autoDao'],
    ['TIMELOCK', 'autoDaoTimelock'],
    ['TOKEN', 'autoDaoToken'],
    ['CLUB', 'idVotes'],
  ],
  nomic: [['autoIds', 'autoIds']],
  chief: [['NOMIC', 'nomic']],
  shutdown: [['NOMIC', 'nomic']],
  pause: [
    ['CHIEF', 'chief'],
    ['SHUTDOWN', 'shutdown'],
  ],
  polls: [['NOMIC', 'nomic']],
  globalDao: [
    ['CHALLENGE', 'challenge'],
    ['autoIds', 'autoIds'],
  ],
}

async function wrongWire(
  client: PublicClient,
  contracts: Contracts,
  name: keyof Deployed,
): Promise<string | undefined> {
  for (const [getter, to] of wires[name] ?? []) {
    const abi = parseAbi([`function ${getter}() view returns (address)`])
    const address = contracts[name] as Address
    const found = await client.readContract({ abi, address, functionName: getter } as never)
    if (!contracts[to] || !isAddressEqual(getAddress(found as Address), contracts[to])) return `wired to another ${to}`
  }
  return undefined
}
