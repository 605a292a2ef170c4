import type { Arg } from '../../command.ts'
import type { Context } from '../../context.ts'
import { UserError } from '../../errors.ts'
import { addressPattern, spellRefPattern } from '../spell.ts'

/** A spell's ref such as `nomic-s3`, or its address; completes over those that are not over. */
export function spellArg(description: string): Arg<string> {
  return {
    description,
    required: true,
    rest: false,
    parse: parseSpell,
    complete: completeSpell,
  }
}

export function parseSpell(word: string): string {
  const name = word.toLowerCase()
  if (spellRefPattern.test(name) || addressPattern.test(name)) return name
  throw new UserError(`“${word.slice(0, 60)}” is not a spell like nomic-s3, nor the address of one.`, {
    hint: '/spell',
  })
}

export async function completeSpell(ctx: Context, prefix: string): Promise<{ value: string; label: string }[]> {
  const rows = await ctx.db
    .selectFrom('spell')
    .select(['ref', 'title', 'state'])
    .where('ref', 'like', prefix.toLowerCase().replaceAll(/[%_\\]/g, '') + '%')
    .where('orphaned_at', 'is', null)
    .orderBy((eb) => eb.case().when('state', 'in', ['open', 'hat', 'plotted']).then(0).else(1).end())
    .orderBy('id', 'desc')
    .limit(25)
    .execute()
  return rows.map(({ ref, title, state }) => ({ value: ref, label: `${title.slice(0, 60)} (${state})` }))
}
