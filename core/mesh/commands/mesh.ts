import { encodeFunctionData, getAddress, isAddress, type Address, type Hex } from 'viem'
import { globalDao } from '../../../contracts/generated.ts'
import { arg, defineCommand } from '../../command.ts'
import type { Context } from '../../context.ts'
import type { MeshDaoRow, MeshDomainRow } from '../../db/tables/mesh.ts'
import { UserError } from '../../errors.ts'
import { findDao } from '../../governance/dao.ts'
import { requirePerson } from '../../identity/person.ts'
import { actorFor, openByActor } from '../act.ts'
import { theGlobalDao } from '../find.ts'
import { namedDao } from '../whose.ts'
import { actView } from '../views/mesh-act.ts'
import { meshView } from '../views/mesh.ts'
import { daoArg } from '../../args.ts'
import { meshDaoArg } from './mesh-args.ts'

async function readMesh(ctx: Pick<Context, 'db' | 'chain'>) {
  const global = await theGlobalDao(ctx)
  const [daos, domains] = await Promise.all([
    ctx.db.selectFrom('mesh_dao').selectAll().where('dao_id', '=', global.id).orderBy('number').execute(),
    ctx.db.selectFrom('mesh_domain').selectAll().where('dao_id', '=', global.id).orderBy('name').execute(),
  ])
  return { global, daos, domains }
}

/** `/mesh`: which DAOs take part, and what they are good at. */
export const mesh = defineCommand({
  name: 'mesh',
  description: 'Which DAOs take part in the Global DAO, and in what they are at home',
  args: {},
  audience: 'caller',
  access: 'anyone',
  byLink: () => true,
  run: async (ctx) => meshView(await readMesh(ctx)),
})

/** `/mesh-join ens writing:60 maps:40`: a proposal to that DAO. */
export const meshJoin = defineCommand({
  name: 'mesh-join',
  description: 'Propose that a DAO joins the Global DAO',
  args: {
    dao: daoArg('Which DAO, like ens'),
    domains: arg.text('In what it is at home, 100 points in all: writing:60 maps:40'),
  },
  audience: 'caller',
  access: 'linked',
  byLink: () => true,
  async run(ctx, { caller, person, args }) {
    const who = requirePerson(person)
    const { global, daos, domains } = await readMesh(ctx)
    const dao = await findDao(ctx, args.dao)
    const account = (dao.timelock ?? dao.address).toLowerCase()
    const known = daos.find((each) => each.account === account)
    if (known) throw new UserError(`${dao.name} takes part already, as number ${known.number}.`, { hint: '/mesh' })
    const points = readPoints(args.domains, domains)
    const joining: MeshDaoRow = { dao_id: global.id, number: 0, account, executive: null, name: dao.name, domains: [] }
    const actor = await actorFor(ctx, { person: who, dao: joining })
    const title = `Join ${global.name}`
    const page = await openByActor(ctx, {
      person: who,
      caller,
      actor,
      title,
      about: `${dao.name} would bid for tasks of challenges, and be known by its work.`,
      calls: [
        {
          to: getAddress(global.address),
          label: `Join ${global.name} with ${points.map(({ name, points }) => `${name} ${points}`).join(', ')}`,
          data: encodeFunctionData({
            abi: globalDao.abi,
            functionName: 'join',
            args: [dao.name.slice(0, 64), points.map(({ id }) => id), points.map((each) => each.points)],
          }),
        },
      ],
    })
    return actView({ title, words: `${dao.name} joins with what it is at home in.`, page, decides: dao.name })
  },
})

function readPoints(typed: string, domains: readonly MeshDomainRow[]): { id: Hex; name: string; points: number }[] {
  const hint = `Such as ${domains[0]?.name ?? 'writing'}:100; domains: ${domains.map(({ name }) => name).join(', ') || 'none yet'}`
  const refuse = (message: string): UserError => new UserError(message, { hint: hint.slice(0, 600), code: 'usage' })
  const found = typed
    .split(/[\s,;]+/)
    .filter(Boolean)
    .map((part) => {
      const [, word = '', points = ''] = /^([^:=]+)[:=](\d{1,3})$/.exec(part) ?? []
      const domain = domains.find(({ name }) => name === word.toLowerCase())
      if (!domain) throw refuse(`“${part.slice(0, 40)}” is no domain with its points.`)
      return { id: domain.id as Hex, name: domain.name, points: Number(points) }
    })
  if (found.length > 8) throw refuse('A DAO declares at most 8 domains.')
  if (found.some(({ points }) => points === 0)) throw refuse('A domain has at least 1 point.')
  if (new Set(found.map(({ id }) => id)).size < found.length) throw refuse('A domain is named twice.')
  const sum = found.reduce((total, { points }) => total + points, 0)
  if (sum > 100) throw refuse(`The points sum to ${sum}; there are 100.`)
  return found
}

/** `/mesh-executive 4 0x…`: who may act for a DAO without a vote each time. */
export const meshExecutive = defineCommand({
  name: 'mesh-executive',
  description: 'Propose who may act for a DAO in the Global DAO without a vote each time',
  args: { dao: meshDaoArg('The DAO, by its number'), executive: arg.word('Address, or none') },
  audience: 'caller',
  access: 'linked',
  byLink: () => true,
  async run(ctx, { caller, person, args }) {
    const { global, daos } = await readMesh(ctx)
    const dao = namedDao(daos, args.dao)
    const isNone = args.executive.toLowerCase() === 'none'
    if (!isNone && !isAddress(args.executive))
      throw new UserError(`“${args.executive.slice(0, 60)}” is not an address (0x and 40 hex digits).`, {
        code: 'usage',
      })
    const executive: Address = isNone
      ? '0x0000000000000000000000000000000000000000'
      : getAddress(args.executive as Address)
    // Only its account may, whoever the executive is now.
    const actor = await actorFor(ctx, { person: requirePerson(person), dao: { ...dao, executive: null } })
    const title = isNone ? `No executive for ${dao.name}` : `An executive for ${dao.name}`
    const page = await openByActor(ctx, {
      person: requirePerson(person),
      caller,
      actor,
      title,
      about: 'An executive may bid, deliver and review for the DAO. It cannot touch its treasury.',
      rows: { Executive: executive },
      calls: [
        {
          to: getAddress(global.address),
          label: isNone ? 'Name nobody executive' : `Name ${executive} executive`,
          data: encodeFunctionData({
            abi: globalDao.abi,
            functionName: 'nameExecutive',
            args: [BigInt(dao.number), executive],
          }),
        },
      ],
    })
    return actView({
      title,
      words: 'It may bid, deliver and review for the DAO, and cannot touch its treasury.',
      page,
      decides: dao.name,
    })
  },
})
