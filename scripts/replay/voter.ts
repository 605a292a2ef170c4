import { keccak256, stringToHex, type LocalAccount } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { z } from 'zod'
import { supports, type Support } from '../../core/voting/support.ts'
import { lastPart, openTab, typeLine, type Tab } from './client.ts'
import { inParallel } from './wait.ts'

/** Someone in the chat with a wallet of their own, whose key the server never sees. */
export type Voter = { person: string; account: LocalAccount }

const typedData = z.object({
  domain: z.record(z.string(), z.unknown()),
  types: z.record(z.string(), z.array(z.object({ name: z.string(), type: z.string() }))),
  primaryType: z.string(),
  message: z.record(z.string(), z.unknown()),
})
const people = z.object({ person: z.object({ id: z.string() }) })
const proved = z.object({ code: z.string(), registration: z.object({ typedData }).optional() })

export const walletOf = (index: number): LocalAccount =>
  privateKeyToAccount(keccak256(stringToHex(`replay voter ${index}`)))

export async function newPerson(tab: Tab, name: string): Promise<string> {
  const { person } = await tab.post('/api/play/people', { name, wallet: false }, people)
  return person.id
}

/** The first so many people of the plan, each with an account in the chat and a linked wallet. */
export function linkVoters(
  url: string,
  { count, channel, width }: { count: number; channel: string; width: number },
): Promise<Voter[]> {
  const tab = openTab(url)
  return inParallel(Array.from({ length: count }), width, async (_, index) => {
    const voter = { person: await newPerson(tab, `Voter ${index + 1}`), account: walletOf(index) }
    await linkVoter(url, { voter, channel })
    return voter
  })
}

/** As a person does it: `/link`, the page, two signatures (the link, an Auto ID), the six digits typed back. */
async function linkVoter(url: string, { voter, channel }: { voter: Voter; channel: string }): Promise<void> {
  const { person, account } = voter
  const tab = openTab(url)
  const ticket = lastPart((await typeLine(tab, { person, channel, line: '/link' })).opens)
  const page = `/api/link/${ticket}`
  const { chain } = await tab.post(`${page}/open`, {}, z.object({ chain: z.object({ id: z.number() }) }))
  const { message } = await tab.post(
    `${page}/message`,
    { address: account.address, chainId: chain.id },
    z.object({ message: z.string() }),
  )
  const { code, registration } = await tab.post(
    `${page}/signature`,
    { signature: await account.signMessage({ message }) },
    proved,
  )
  if (registration)
    await tab.post(`${page}/registration`, { signature: await sign(account, registration.typedData) }, z.object({}))
  await typeLine(tab, { person, channel, line: `/link ${code}` })
}

export type SignedBallot = { page: string; address: string; signature: string }

/** `/vote`, the ballot page, one signature. */
export async function signBallot(
  tab: Tab,
  params: { voter: Voter; channel: string; ref: string; support: Support },
): Promise<SignedBallot> {
  const { voter, channel, ref, support } = params
  const { person, account } = voter
  const choice = supports.find((entry) => entry.support === support)?.value ?? ''
  const draft = lastPart((await typeLine(tab, { person, channel, line: `/vote ${ref} ${choice}` })).opens)
  const page = `/api/ballot/${draft}`
  await tab.get(page, z.object({ state: z.literal('open') }))
  const { address } = account
  const shown = await tab.post(`${page}/typed-data`, { address }, z.object({ typedData }))
  return { page, address, signature: await sign(account, shown.typedData) }
}

/** Hands it in; answers with the ballot's id. */
export async function sendBallot(tab: Tab, { page, address, signature }: SignedBallot): Promise<string> {
  const { id } = await tab.post(`${page}/signature`, { address, signature }, z.object({ id: z.string() }))
  return id
}

function sign(account: LocalAccount, { types, ...data }: z.infer<typeof typedData>): Promise<`0x${string}`> {
  // viem makes the domain's type from the domain.
  const { EIP712Domain: _, ...rest } = types
  return account.signTypedData({ ...data, types: rest } as never)
}
