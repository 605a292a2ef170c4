import { encodeFunctionData, getAddress, type Address } from 'viem'
import { autoDao } from '../../contracts/generated.ts'
import { openAction, type Step } from '../actions/open.ts'
import { refusalOf } from '../chain/refusal.ts'
import type { Context } from '../context.ts'
import type { DaoRow } from '../db/tables/governance.ts'
import type { MeshDaoRow } from '../db/tables/mesh.ts'
import { RetryableError, UserError } from '../errors.ts'
import type { Person } from '../command.ts'
import type { Caller } from '../platform.ts'
import { stepOf, type Call } from './wallet.ts'

/**
 * Who acts for a DAO: one of the person's wallets, when it is the DAO's account or its declared executive; else the DAO
 * itself, by a proposal that one of the person's wallets makes.
 */
export type Actor = { dao: MeshDaoRow; account: string } & (
  | { by: 'wallet'; wallet: string }
  | { by: 'proposal'; wallet: string; governor: DaoRow }
)

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()

export async function actorFor(
  ctx: Pick<Context, 'db' | 'chain'>,
  { person, dao }: { person: Person; dao: MeshDaoRow },
): Promise<Actor> {
  const own = person.wallets.find(({ address }) =>
    [dao.account, dao.executive ?? ''].some((each) => same(each, address)),
  )
  if (own) return { dao, account: own.address, by: 'wallet', wallet: own.address }
  const governor = await governorOf(ctx, dao)
  const wallet = governor && (await heaviest(ctx, { person, governor }))
  if (wallet) return { dao, account: dao.account, by: 'proposal', wallet, governor }
  throw new UserError(`None of your wallets acts for ${dao.name}.`, {
    hint: dao.executive
      ? `Its executive is ${getAddress(dao.executive)}; ${governor ? 'you have no votes in it to propose it with' : 'its governor is not watched here'}.`
      : governor
        ? `You need votes in it to propose this: /power ${governor.slug}`
        : 'Watch its governor, and it can decide by a proposal: /watch <address>',
    code: 'not-actor',
  })
}

/** The watched governor whose decisions this account carries out; Bravo's proposals have another form. */
async function governorOf(
  ctx: Pick<Context, 'db' | 'chain'>,
  { account }: Pick<MeshDaoRow, 'account'>,
): Promise<DaoRow | undefined> {
  const rows = await ctx.db
    .selectFrom('dao')
    .selectAll()
    .where('chain_id', '=', ctx.chain.id)
    .where('kind', 'not in', ['nomic', 'global', 'bravo'])
    .orderBy('id')
    .execute()
  return rows.find(({ timelock, address }) => same(timelock ?? address, account))
}

/** The wallet that has most votes now; undefined when none has any. */
async function heaviest(
  ctx: Pick<Context, 'chain'>,
  { person, governor }: { person: Person; governor: DaoRow },
): Promise<string | undefined> {
  const abi = autoDao.abi
  const address = governor.address as Address
  const clock = await ctx.chain.client.readContract({ abi, address, functionName: 'clock' })
  const weighed = await Promise.all(
    person.wallets.map(async (wallet) => ({
      wallet: wallet.address,
      votes: await ctx.chain.client.readContract({
        abi,
        address,
        functionName: 'getVotes',
        args: [wallet.address as Address, BigInt(clock) - 1n],
      }),
    })),
  )
  return weighed.filter(({ votes }) => votes > 0n).sort((a, b) => (a.votes < b.votes ? 1 : -1))[0]?.wallet
}

type Acting = {
  person: Person
  caller: Caller
  title: string
  about: string
  rows?: Record<string, string>
  calls: readonly Call[]
  next?: readonly { label: string; run: string }[]
}

/** A page on which a wallet of the person does it. What the contract would refuse is refused here, in words. */
export async function openByWallet(
  ctx: Context,
  { calls, ...acting }: Acting & { wallet: string },
): Promise<{ url: string; expiresAt: number }> {
  const steps = calls.map(stepOf)
  await dryRun(ctx, acting.wallet, steps)
  return openAction(ctx, { ...acting, steps })
}

/** A page on which it is done for a DAO: at once by its executive, or as a proposal to it. */
export async function openByActor(
  ctx: Context,
  { actor, ...acting }: Acting & { actor: Actor },
): Promise<{ url: string; expiresAt: number; isProposal: boolean }> {
  const { wallet } = actor
  if (actor.by === 'wallet') return { ...(await openByWallet(ctx, { ...acting, wallet })), isProposal: false }
  const { calls, ...rest } = acting
  const steps = [proposeStep(actor, { title: acting.title, about: acting.about, calls })]
  await dryRun(ctx, wallet, steps)
  const next = [{ label: 'Proposals', run: `proposals ${actor.governor.slug}` }]
  const page = await openAction(ctx, { ...rest, title: `Propose: ${acting.title}`, wallet, steps, next })
  return { ...page, isProposal: true }
}

function proposeStep(
  { governor, wallet }: { governor: Pick<DaoRow, 'name' | 'address'>; wallet: string },
  { title, about, calls }: { title: string; about: string; calls: readonly Call[] },
): Step {
  const words = [`# ${title}`, about, calls.map(({ label }) => `- ${label}`).join('\n')]
  // So that nobody else can propose it first, and cancel it.
  const description = [...words, `#proposer=${getAddress(wallet)}`].join('\n\n')
  return {
    kind: 'send',
    label: `Propose it to ${governor.name}`,
    to: governor.address as Address,
    data: encodeFunctionData({
      abi: autoDao.abi,
      functionName: 'propose',
      args: [calls.map(({ to }) => to), calls.map(() => 0n), calls.map(({ data }) => data), description],
    }),
  }
}

/** Only the first step can be tried before the others are done. */
async function dryRun(ctx: Pick<Context, 'chain'>, wallet: string, [first]: readonly Step[]): Promise<void> {
  if (first?.kind !== 'send') return
  try {
    await ctx.chain.client.call({ account: getAddress(wallet), to: first.to, data: first.data })
  } catch (cause) {
    const words = refusalOf(cause)
    if (words === undefined) throw new RetryableError('The chain does not answer.', { cause })
    throw new UserError(words, { code: 'refused', cause })
  }
}
