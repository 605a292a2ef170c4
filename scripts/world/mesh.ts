import { encodeFunctionData, stringToHex, zeroHash, type Address, type Hex } from 'viem'
import { globalDao } from '../../contracts/generated.ts'
import { sendCall, type Deployed, type Deployer } from './deploy.ts'

/** What work is about, each under another or on its own; the curator may add more. */
const domains: readonly (readonly [name: string, parent?: string])[] = [
  ['engineering'],
  ['contracts', 'engineering'],
  ['web', 'engineering'],
  ['writing'],
  ['translation', 'writing'],
  ['design'],
  ['research'],
  ['data', 'research'],
  ['community'],
  ['integration'],
]

export const domainId = (name: string): Hex => stringToHex(name, { size: 32 })

const abi = globalDao.abi

/** As its curator, lists the token that challenges pay in and adds the domains; what is there stays. */
export async function furnishGlobalDao(
  deployer: Deployer,
  { globalDao: address, nomic }: Pick<Deployed, 'globalDao' | 'nomic'>,
): Promise<void> {
  const { client } = deployer
  const to: Address = address
  if ((await client.readContract({ abi, address, functionName: 'unitOf', args: [nomic] })) === 0n)
    await sendCall(deployer, {
      to,
      data: encodeFunctionData({ abi, functionName: 'listToken', args: [nomic, 10n ** 18n] }),
    })
  for (const [name, parent] of domains) {
    if (await client.readContract({ abi, address, functionName: 'domainExists', args: [domainId(name)] })) continue
    const args = [domainId(name), parent === undefined ? zeroHash : domainId(parent)] as const
    await sendCall(deployer, { to, data: encodeFunctionData({ abi, functionName: 'addDomain', args }) })
  }
}
