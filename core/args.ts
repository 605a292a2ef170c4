import { arg, type Arg } from './command.ts'
import { UserError } from './errors.ts'

const refPattern = /^[a-z][a-z0-9]{1,11}-\d{1,6}$/

/** A short proposal ref such as `ens-42`; completes over open proposals first. */
export function proposalArg(description: string): Arg<string> {
  return {
    description,
    required: true,
    rest: false,
    parse(word) {
      const ref = word.toLowerCase()
      if (!refPattern.test(ref))
        throw new UserError(`“${word.slice(0, 40)}” is not a proposal ref like ens-42.`, { hint: '/proposals' })
      return ref
    },
    async complete(ctx, prefix) {
      const rows = await ctx.db
        .selectFrom('proposal')
        .select(['ref', 'title', 'state'])
        .where('ref', 'like', prefix.toLowerCase().replaceAll(/[%_\\]/g, '') + '%')
        .where('orphaned_at', 'is', null)
        .orderBy((eb) => eb.case().when('state', '=', 'active').then(0).else(1).end())
        .orderBy('id', 'desc')
        .limit(25)
        .execute()
      return rows.map((row) => ({ value: row.ref, label: `${row.title.slice(0, 60)} (${row.state})` }))
    },
  }
}

/** The slug of a watched DAO such as `ens`. */
export function daoArg(description: string): Arg<string> {
  return {
    ...arg.word(description),
    parse: (word) => word.toLowerCase(),
    async complete(ctx, prefix) {
      const rows = await ctx.db
        .selectFrom('dao')
        .select(['slug', 'name'])
        .where('slug', 'like', prefix.toLowerCase().replaceAll(/[%_\\]/g, '') + '%')
        .limit(25)
        .execute()
      return rows.map((row) => ({ value: row.slug, label: row.name }))
    },
  }
}
