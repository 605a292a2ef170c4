import { encodeFunctionData, type Address } from 'viem'
import { challenge as contract } from '../../../contracts/generated.ts'
import { arg, defineCommand } from '../../command.ts'
import type { Context } from '../../context.ts'
import { UserError } from '../../errors.ts'
import { ask } from '../../chain/ask.ts'
import { requirePerson } from '../../identity/person.ts'
import { openByActor, type Actor } from '../act.ts'
import { readAmount } from '../amounts.ts'
import { findTask, type FoundTask } from '../find.ts'
import { isTooSlow } from '../pace.ts'
import { domainWords } from '../record.ts'
import { askedActor } from '../whose.ts'
import { approval } from '../wallet.ts'
import { money } from '../views/challenge.ts'
import { actView } from '../views/mesh-act.ts'
import { meshDaoArg, taskArg } from './mesh-args.ts'

/** `/bid global-3.2 100`: for the DAO that one acts for. The stake comes back with accepted work. */
export const bid = defineCommand({
  name: 'bid',
  description: 'Bid for a task, for a DAO that you act for',
  args: {
    task: taskArg('Which one, like global-3.2'),
    stake: arg.optional(arg.word('Stake; the least when left out')),
    as: arg.optional(meshDaoArg('The DAO that bids, by its number')),
  },
  audience: 'caller',
  access: 'linked',
  byLink: () => true,
  async run(ctx, { caller, person, args }) {
    const who = requirePerson(person)
    const found = await findTask(ctx, args.task)
    const { record, task, number, ref } = found
    if (task.state !== 'bidding')
      throw new UserError(`${ref} is not open for bids.`, { hint: `/task ${ref}`, code: 'state' })
    const actor = await askedActor(ctx, { person: who, daos: record.daos, word: args.as })
    const { dao } = actor
    const stake = args.stake === undefined ? BigInt(task.minStake) : readAmount(args.stake, record.unit)
    await refuseBid(ctx, found, { actor, stake })
    const call = { abi: contract.abi, args: [BigInt(number), BigInt(dao.number), stake] } as const
    const score = await ask(() =>
      ctx.chain.client.readContract({ ...call, address: record.address as Address, functionName: 'scoreOf' }),
    )
    const rows = { Stake: money(record, stake), Pays: money(record, task.payout), 'Score now': score.toString() }
    const page = await openByActor(ctx, {
      person: who,
      caller,
      actor,
      title: `Bid for ${ref} as ${dao.name}`,
      about: task.title.slice(0, 200),
      rows,
      calls: [
        ...(await approval(ctx, {
          token: record.token,
          unit: record.unit,
          owner: actor.account,
          spender: record.address,
          value: stake,
          who: actor.by === 'wallet' ? 'your wallet' : dao.name,
        })),
        {
          to: record.address as Address,
          label: `Bid for task ${number + 1} with a stake of ${money(record, stake)}`,
          data: encodeFunctionData({ ...call, functionName: 'bid' }),
        },
      ],
      next: [{ label: 'The task', run: `task ${ref}` }],
    })
    return actView({
      title: `Bid for ${ref}`,
      words: `${dao.name} would do it. The stake comes back with accepted work; late or bad work loses a part of it.`,
      rows,
      page,
      decides: dao.name,
      isTooSlow: await isTooSlow(ctx, { actor, until: task.until }),
    })
  },
})

async function refuseBid(
  ctx: Pick<Context, 'chain'>,
  { record, task, ref }: FoundTask,
  { actor, stake }: { actor: Actor; stake: bigint },
): Promise<void> {
  const { dao } = actor
  const refuse = (message: string, hint = `/task ${ref}`): UserError =>
    new UserError(message, { hint, code: 'refused' })
  const { timestamp } = await ask(() => ctx.chain.client.getBlock())
  if (task.until !== null && Number(timestamp) > task.until) throw refuse(`The time for bids for ${ref} is over.`)
  if (stake < BigInt(task.minStake)) throw refuse(`A stake is at least ${money(record, task.minStake)} here.`)
  if (task.bids.some((bid) => bid.dao === dao.number)) throw refuse(`${dao.name} bids for ${ref} already.`)
  if (task.past.some((each) => each.dao === dao.number))
    throw refuse(`${dao.name} has failed at ${ref} before, so it cannot bid for it again.`)
  if (!isInDomain(record, dao, task.domain))
    throw refuse(
      `${dao.name} has declared no interest in ${domainWords(record, task.domain)}, so its bid would count nothing.`,
      '/mesh',
    )
}

/** In the domain itself, or in one above it. */
function isInDomain({ domains }: FoundTask['record'], dao: Actor['dao'], domain: string): boolean {
  const declared = new Set((dao.domains as { id: string }[]).map(({ id }) => id))
  const seen = new Set<string>()
  for (let at: string | null = domain; at !== null && !seen.has(at);) {
    if (declared.has(at)) return true
    seen.add(at)
    at = domains.find(({ id }) => id === at)?.parent ?? null
  }
  return false
}
