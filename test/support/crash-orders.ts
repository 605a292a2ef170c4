import type { Hex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import type { Context } from '../../core/index.ts'
import { confirmLink } from '../../core/identity/confirm.ts'
import { findPerson } from '../../core/identity/person.ts'
import { signRegistration } from '../../core/identity/registration.ts'
import type { Deployed } from '../../bots/world/deploy.ts'
import { caller, openPage, signOn } from './linking.ts'

/** What `crash-child.ts` is told to do. */
export type Orders = {
  databaseUrl: string
  rpcUrl: string
  addresses: Deployed
  relayerKey: Hex
  /** Where to die. */
  point: string
  /** Signed ballots that their voters send. */
  ballots?: { draft: string; address: string; signature: string }[]
  /** People who link a wallet and register an Auto ID. */
  links?: { user: string; key: Hex }[]
}

/** What somebody does who finds that nothing came of it: they begin again. */
export async function linkFromHere(ctx: Context, { user, key }: { user: string; key: Hex }): Promise<void> {
  const who = caller(user)
  const wallet = privateKeyToAccount(key)
  if (await findPerson(ctx, who)) return
  const browser = await openPage(ctx, who)
  const { code, registration } = await signOn(ctx, browser, wallet)
  if (registration)
    await signRegistration(ctx, {
      ...browser,
      signature: await wallet.signTypedData(registration.typedData as never),
    })
  await confirmLink(ctx, { caller: who, code })
}
