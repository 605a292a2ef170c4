import type { Context } from '../context.ts'
import type { WalletRow } from '../db/tables/identity.ts'
import type { MeshDaoRow } from '../db/tables/mesh.ts'
import { UserError } from '../errors.ts'
import type { Person } from '../command.ts'
import { actorFor, type Actor } from './act.ts'
import type { ChallengeRecord } from './record.ts'

type Asked = { person: Person; daos: readonly MeshDaoRow[]; word: string | undefined }

/** Who acts: for the DAO that was named, or for the only one that the person can act for. */
export async function askedActor(ctx: Pick<Context, 'db' | 'chain'>, asked: Asked): Promise<Actor> {
  if (asked.word !== undefined) return actorFor(ctx, { person: asked.person, dao: namedDao(asked.daos, asked.word) })
  const actors = await actorsOf(ctx, asked)
  const own = actors.filter(({ by }) => by === 'wallet')
  const [only, ...others] = own.length > 0 ? own : actors
  if (only && others.length === 0) return only
  if (!only)
    throw new UserError('You act for no DAO of this Global DAO.', {
      hint: 'A DAO joins by its own decision: /mesh-join',
      code: 'not-actor',
    })
  const names = [only, ...others].map(({ dao }) => `${dao.number} (${dao.name})`).join(', ')
  throw new UserError('You can act for several DAOs.', {
    hint: `Say which one, by its number: ${names}`,
    code: 'usage',
  })
}

/** For which DAOs somebody can act, by wallet or by proposal. */
export async function actorsOf(
  ctx: Pick<Context, 'db' | 'chain'>,
  { person, daos }: Pick<Asked, 'person' | 'daos'>,
): Promise<Actor[]> {
  const found = await Promise.all(
    daos.map((dao) =>
      actorFor(ctx, { person, dao }).catch((error: unknown) => {
        if (error instanceof UserError) return undefined
        throw error
      }),
    ),
  )
  return found.filter((actor) => actor !== undefined)
}

export function namedDao(daos: readonly MeshDaoRow[], word: string): MeshDaoRow {
  const wanted = word.toLowerCase()
  const found = daos.find(({ number, name }) => String(number) === wanted || name.toLowerCase() === wanted)
  if (found) return found
  throw new UserError(`No DAO of this Global DAO is called “${word.slice(0, 40)}”.`, { hint: '/mesh', code: 'usage' })
}

/** Words that begin with `as 4` are said for DAO 4. */
export function spokenFor(words: string | undefined): { as: string | undefined; rest: string } {
  const [, as, rest] = /^\s*as\s+(\S+)\s*([\s\S]*)$/i.exec(words ?? '') ?? []
  return { as, rest: (as === undefined ? words : rest)?.trim() ?? '' }
}

/** The wallet of a person that has put money in. */
export function sponsoring({ story, ref }: ChallengeRecord, { wallets }: Person): WalletRow {
  const found = wallets.find(({ address }) => story.sponsors.some((each) => each.address === address.toLowerCase()))
  if (found) return found
  throw new UserError('None of your wallets has put money into this challenge.', {
    hint: `A DAO that did decides as its number: /challenge ${ref}`,
    code: 'not-sponsor',
  })
}
