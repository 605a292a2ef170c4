import { erc20Abi, isAddressEqual, type Address } from 'viem'
import { chief as chiefContract, pause as pauseContract } from '../../contracts/generated.ts'
import type { Context } from '../context.ts'
import { ask, isRevert } from '../chain/ask.ts'
import type { Probe } from '../governance/probe.ts'

/** The chief of a Nomic DAO: its own deployment's with all that belongs to it, another one with what the chief alone tells. */
export async function probeNomic(ctx: Pick<Context, 'chain'>, address: Address): Promise<Probe | undefined> {
  const token = await nomicOf(ctx, address)
  if (!token) return undefined
  const { chief, pause, spellFactory, polls } = ctx.chain.addresses
  const isOurs = chief !== undefined && isAddressEqual(chief, address)
  const symbol = await ask(() =>
    ctx.chain.client.readContract({ abi: erc20Abi, address: token, functionName: 'symbol' }),
  )
  return {
    kind: 'nomic',
    name: isOurs ? 'Nomic DAO' : 'Nomic DAO of others',
    token,
    timelock: isOurs && pause ? await proxyOf(ctx, pause) : null,
    clock: 'timestamp',
    domain: { name: 'Nomic Chief', version: '1' },
    works: [
      `Who locks ${symbol} in the chief approves of spells with it; the spell that most approve of may get the hat.`,
      'Every step of a spell is shown here: approvals against the hat, lifted, plotted, cast.',
      ...(ctx.chain.relayer
        ? ['Locking, freeing and approving are signed messages; AutoCo sends them and pays the gas.']
        : []),
      ...(isOurs && spellFactory ? ['Spells can be written in chat, without programming: /spell-new'] : []),
    ],
    limits: [
      ...(ctx.chain.relayer
        ? []
        : ['AutoCo has no relayer on this chain: every step is a transaction of your own wallet.']),
      ...(isOurs ? [] : ['Which pause obeys this chief is not known here, so plans are not shown.']),
    ],
    parts: [
      { role: 'chief', address },
      ...(isOurs && pause ? [{ role: 'pause' as const, address: pause }] : []),
      ...(isOurs && spellFactory ? [{ role: 'spells' as const, address: spellFactory }] : []),
      ...(isOurs && polls ? [{ role: 'polls' as const, address: polls }] : []),
    ],
  }
}

/** What only a chief answers. */
async function nomicOf(ctx: Pick<Context, 'chain'>, address: Address): Promise<Address | undefined> {
  const contract = { abi: chiefContract.abi, address } as const
  try {
    const [token] = await ask(() =>
      Promise.all([
        ctx.chain.client.readContract({ ...contract, functionName: 'NOMIC' }),
        ctx.chain.client.readContract({ ...contract, functionName: 'LAUNCH_THRESHOLD' }),
        ctx.chain.client.readContract({ ...contract, functionName: 'hat' }),
      ]),
    )
    return token
  } catch (error) {
    if (isRevert(error)) return undefined
    throw error
  }
}

const proxyOf = (ctx: Pick<Context, 'chain'>, pause: Address): Promise<Address> =>
  ask(() => ctx.chain.client.readContract({ abi: pauseContract.abi, address: pause, functionName: 'PROXY' }))
