import { randomBytes } from 'node:crypto'
import { getAddress, type Address, type Hex, type LocalAccount } from 'viem'
import { autoIds } from '../../contracts/generated.ts'
import { createApp, parseConfig, type App, type Caller, type Channel, type Context } from '../../core/index.ts'
import { settle } from '../../core/relay/lane.ts'
import { createKv } from '../../core/db/keyv.ts'
import { confirmLink } from '../../core/identity/confirm.ts'
import { linkMessage, proveLink, type ProvedLink } from '../../core/identity/link.ts'
import { enrol, registration } from '../../core/identity/registration.ts'
import { reverify } from '../../core/identity/reverify.ts'
import { openLink, openTicket } from '../../core/identity/ticket.ts'
import { deliverJob } from '../../core/chat/jobs/deliver.ts'
import { defineJob } from '../../core/job.ts'
import { createQueue } from '../../core/queue/queue.ts'
import { roles } from '../../core/identity/role-round.ts'
import { createLogger } from '../../core/log.ts'
import { testChain, type TestChain } from './chain.ts'
import { testDb } from './db.ts'
import { kinds } from '../../core/features.ts'

export type LinkWorld = {
  ctx: Context
  app: App
  chain: TestChain
  /** Moves the clock of tickets. */
  wait(minutes: number): void
  stop(): Promise<void>
}

/** What linking needs and no more: a database, a chain with the registry of Auto IDs, a clock that a test can move. */
export async function linkWorld(settings: Record<string, string> = {}): Promise<LinkWorld> {
  const [database, chain] = await Promise.all([testDb(), testChain()])
  const log = createLogger({ level: 'silent' })
  // Nothing works on these here: a test looks at the rows, and runs what it wants to see run.
  // `any`, because each job has data of its own.
  const jobs = [registration, enrol, reverify, settle, deliverJob, roles].map((job) =>
    defineJob<any>({ ...job, run: () => Promise.resolve() }),
  )
  const queue = await createQueue({ url: database.url, jobs, log })
  const relayer = account(chain, 9)
  const registry = await deploy(chain, { account: relayer, abi: autoIds.abi, bytecode: autoIds.bytecode })
  let offset = 0
  const ctx: Context = {
    config: parseConfig({ PUBLIC_URL: 'https://vote.example.org', ...settings }),
    db: database.db,
    kv: createKv(database.pool),
    queue,
    chain: {
      id: 31_337,
      name: 'Test chain',
      url: chain.url,
      client: chain.client,
      addresses: { autoIds: registry, multicall: registry },
      relayer,
      finalityDepth: 0,
      explorerUrl: undefined,
    },
    ai: undefined,
    log,
    now: () => Date.now() + offset,
    kinds,
  }
  return {
    ctx,
    app: createApp(ctx, []),
    chain,
    wait(minutes) {
      offset += minutes * 60_000
    },
    async stop() {
      await queue.stop()
      await database.close()
      await chain.stop()
    },
  }
}

export async function deploy(
  chain: TestChain,
  params: { account: LocalAccount; abi: readonly unknown[]; bytecode: Hex; args?: readonly unknown[] },
): Promise<Address> {
  const { account: from, abi, bytecode, args = [] } = params
  const hash = await chain.wallet(from).deployContract({ abi, bytecode, args } as never)
  const { contractAddress } = await chain.client.waitForTransactionReceipt({ hash })
  if (!contractAddress) throw new Error('nothing was deployed')
  return getAddress(contractAddress)
}

export function account(chain: TestChain, index: number): LocalAccount {
  const found = chain.accounts[index]
  if (!found) throw new Error(`no account ${index}`)
  return found
}

export const caller = (user: string, more: Partial<Caller> = {}): Caller => ({
  platform: 'playground',
  workspace: '',
  user,
  name: user,
  manager: false,
  ...more,
})

export const channel: Channel = { platform: 'playground', id: 'general' }

/** One browser: it holds the ticket of the address it was given and a cookie of its own. */
export type Browser = { ticket: string; cookie: string }

export async function openPage(ctx: Context, who: Caller): Promise<Browser> {
  const browser = await askLink(ctx, who)
  await openTicket(ctx, browser)
  return browser
}

/** The address from the chat, not opened yet. */
export async function askLink(ctx: Context, who: Caller): Promise<Browser> {
  const { url } = await openLink(ctx, { caller: who, channel })
  return { ticket: url.split('/').pop() ?? '', cookie: randomBytes(16).toString('base64url') }
}

export async function signOn(
  ctx: Context,
  browser: Browser,
  wallet: LocalAccount,
): Promise<ProvedLink & { code: string }> {
  const { message } = await linkMessage(ctx, { ...browser, address: wallet.address, chainId: ctx.chain.id })
  const { code, ...proved } = await proveLink(ctx, { ...browser, signature: await wallet.signMessage({ message }) })
  if (code === undefined) throw new Error('it was linked without a code')
  return { code, ...proved }
}

export async function linkWallet(
  ctx: Context,
  who: Caller,
  wallet: LocalAccount,
): Promise<Awaited<ReturnType<typeof confirmLink>>> {
  const { code } = await signOn(ctx, await openPage(ctx, who), wallet)
  return await confirmLink(ctx, { caller: who, code })
}

export const textOf = (view: unknown): string => JSON.stringify(view)
