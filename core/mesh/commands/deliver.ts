import { encodeAbiParameters, encodeFunctionData, keccak256, parseAbiParameters, type Address, type Hex } from 'viem'
import { challenge as contract } from '../../../contracts/generated.ts'
import { arg, defineCommand } from '../../command.ts'
import type { Context } from '../../context.ts'
import { UserError } from '../../errors.ts'
import { autoIdOf } from '../../identity/auto-id.ts'
import type { Person } from '../../command.ts'
import { requirePerson } from '../../identity/person.ts'
import { actorFor, openByActor, type Actor } from '../act.ts'
import { findTask, type FoundTask } from '../find.ts'
import { isTooSlow } from '../pace.ts'
import { daoName } from '../record.ts'
import { deliverableOf, freshSalt, keepSealed, openDelivery, type Delivery } from '../sealed.ts'
import type { Call } from '../wallet.ts'
import type { Caller } from '../../platform.ts'
import type { View } from '../../view.ts'
import { actView } from '../views/mesh-act.ts'
import { taskArg } from './mesh-args.ts'

const mostLink = 400
const mostContributors = 16
const allShares = 10_000

/**
 * `/deliver global-3.2 ipfs://…`: commits the DAO to its work without showing it, so that nobody can copy it; AutoCo keeps
 * what it says sealed, and shows it afterwards. Without a link it shows what was committed to.
 */
export const deliver = defineCommand({
  name: 'deliver',
  description: 'Hand in the work on a task, sealed first and then shown',
  args: {
    task: taskArg('Which one, like global-3.2'),
    work: arg.optional(arg.word('Where the work is: a link, a CID or a hash')),
    contributors: arg.optional(arg.text('Who did it: Auto IDs with their part, such as 12:60 15:40')),
  },
  audience: 'caller',
  access: 'linked',
  byLink: () => true,
  async run(ctx, { caller, person, args }) {
    const who = requirePerson(person)
    const found = await findTask(ctx, args.task)
    const actor = await assignee(ctx, found, who)
    const acting = { person: who, caller, found, actor }
    if (found.task.state === 'committed') return reveal(ctx, acting)
    if (found.task.state !== 'assigned')
      throw new UserError(`Nothing is to be delivered for ${found.ref} now.`, {
        hint: `/task ${found.ref}`,
        code: 'state',
      })
    if (args.work === undefined)
      throw new UserError('Where is the work?', { hint: `/deliver ${found.ref} <link or CID>`, code: 'usage' })
    return commit(ctx, { ...acting, work: args.work, contributors: args.contributors })
  },
})

async function assignee(ctx: Context, { record, task, ref }: FoundTask, person: Person): Promise<Actor> {
  const dao = record.daos.find(({ number }) => number === task.assignee)
  if (dao) return actorFor(ctx, { person, dao })
  throw new UserError(`Nobody has ${ref} now.`, { hint: `/task ${ref}`, code: 'state' })
}

type Acting = { person: Person; caller: Caller; found: FoundTask; actor: Actor }

async function commit(
  ctx: Context,
  { person, caller, found, actor, work, contributors }: Acting & { work: string; contributors: string | undefined },
): Promise<View> {
  const { record, number, ref, task } = found
  if (Buffer.byteLength(work) > mostLink)
    throw new UserError(`A link has at most ${mostLink} characters.`, { code: 'usage' })
  const delivery: Delivery = {
    deliverable: deliverableOf(work),
    cid: work,
    contributors: contributors === undefined ? [await ownShare(ctx, person)] : readContributors(contributors),
    salt: freshSalt(),
  }
  const commitment = commitmentOf(record.address, number, actor.dao.number, delivery)
  // Before the page is there: what was committed to and is not known any more could never be shown.
  await keepSealed(ctx, {
    challengeId: record.id,
    commitment,
    task: number,
    dao: actor.dao.number,
    kind: 'delivery',
    tell: actor.by === 'proposal' ? caller : undefined,
    content: delivery,
  })
  const page = await openByActor(ctx, {
    person,
    caller,
    actor,
    title: `Deliver ${ref} as ${actor.dao.name}`,
    about: task.title.slice(0, 200),
    rows: { Work: work.slice(0, 100), Fingerprint: delivery.deliverable },
    calls: [
      {
        to: record.address as Address,
        label: `Hand in task ${number + 1}, sealed`,
        data: encodeFunctionData({
          abi: contract.abi,
          functionName: 'commitDelivery',
          args: [BigInt(number), commitment],
        }),
      },
      // A DAO that votes shows it by a later decision.
      ...(actor.by === 'wallet' ? [revealCall(found, delivery)] : []),
    ],
    next: [{ label: 'The task', run: `task ${ref}` }],
  })
  return actView({
    title: `Deliver ${ref}`,
    words:
      'First only a fingerprint goes on the chain, so that nobody can hand in the same before you; then the work is shown. AutoCo keeps it sealed until then.',
    rows: { Work: work.slice(0, 200), By: actor.dao.name },
    page,
    decides: actor.dao.name,
    isTooSlow: await isTooSlow(ctx, { actor, until: task.until }),
  })
}

async function reveal(ctx: Context, { person, caller, found, actor }: Acting): Promise<View> {
  const { record, ref, task } = found
  const commitment = task.commitment as Hex
  const delivery = await openDelivery(ctx, { challengeId: record.id, commitment })
  if (!delivery)
    throw new UserError(
      `${daoName(record, actor.dao.number)} did not commit to this through AutoCo, so AutoCo cannot show it.`,
      {
        hint: `/task ${ref}`,
        code: 'sealed',
      },
    )
  const title = `Show the work on ${ref}`
  const page = await openByActor(ctx, {
    person,
    caller,
    actor,
    title,
    about: task.title.slice(0, 200),
    rows: { Work: delivery.cid.slice(0, 100) },
    calls: [revealCall(found, delivery)],
    next: [{ label: 'The task', run: `task ${ref}` }],
  })
  return actView({
    title,
    words: 'It was handed in sealed, and counts only once it is shown.',
    page,
    decides: actor.dao.name,
    isTooSlow: await isTooSlow(ctx, { actor, until: task.until }),
  })
}

const revealCall = ({ record, number }: FoundTask, delivery: Delivery): Call => ({
  to: record.address as Address,
  label: `Show what was handed in for task ${number + 1}`,
  data: encodeFunctionData({ abi: contract.abi, functionName: 'revealDelivery', args: [BigInt(number), delivery] }),
})

const commitmentParams = parseAbiParameters([
  'address challenge, uint256 task, uint256 dao, Delivery delivery',
  'struct Delivery { bytes32 deliverable; string cid; uint256[] contributors; bytes32 salt; }',
])

/** As `commitmentOf` of the contract, which would have to be told what is to stay sealed. */
function commitmentOf(challenge: string, task: number, dao: number, delivery: Delivery): Hex {
  return keccak256(encodeAbiParameters(commitmentParams, [challenge as Address, BigInt(task), BigInt(dao), delivery]))
}

async function ownShare(ctx: Context, { wallets }: Person): Promise<bigint> {
  for (const { address } of wallets) {
    const found = await autoIdOf(ctx, address)
    if (found) return (found.id << 16n) | BigInt(allShares)
  }
  throw new UserError('Who did the work? None of your wallets has an Auto ID.', {
    hint: 'Name the Auto IDs and their part after the link, such as 12:60 15:40',
    code: 'usage',
  })
}

/** `12:60 15:40`: ids with their part in percent, 100 in all. */
function readContributors(typed: string): bigint[] {
  const parts = typed.split(/[\s,;]+/).filter(Boolean)
  const read = parts.map((part) => /^#?(\d{1,18})[:=](\d{1,3}(?:\.\d{1,2})?)%?$/.exec(part))
  const refuse = (message: string): UserError =>
    new UserError(message, { hint: 'Such as 12:60 15:40 (Auto ID 12 did 60 %, Auto ID 15 did 40 %)', code: 'usage' })
  const shares = read.map((match) => ({
    id: BigInt(match?.[1] ?? 0),
    share: Math.round(Number(match?.[2] ?? 0) * 100),
  }))
  if (shares.some(({ id, share }) => id === 0n || share === 0)) throw refuse('These are no Auto IDs with their parts.')
  if (new Set(shares.map(({ id }) => id)).size < shares.length) throw refuse('An Auto ID is named twice.')
  if (shares.length > mostContributors) throw refuse(`At most ${mostContributors} can be named.`)
  const sum = shares.reduce((total, { share }) => total + share, 0)
  if (sum !== allShares) throw refuse(`The parts sum to ${sum / 100} %, not to 100 %.`)
  return shares.sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ id, share }) => (id << 16n) | BigInt(share))
}
