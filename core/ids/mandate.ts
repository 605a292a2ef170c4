import { keccak256, stringToHex, type Hex } from 'viem'
import type { Context } from '../context.ts'
import { UserError } from '../errors.ts'

const longest = 4_000

/** Keeps the words of a mandate, whose hash an agent's Auto ID carries as its certificate. */
export async function writeMandate(
  ctx: Pick<Context, 'db'>,
  { words, wallet }: { words: string; wallet: string },
): Promise<{ hash: Hex; text: string }> {
  const text = words.toWellFormed().replaceAll('\0', '').trim()
  if (text.length > longest)
    throw new UserError(`The mandate has ${text.length} characters; ${longest} is the most.`, { code: 'limit' })
  const hash = keccak256(stringToHex(text))
  await ctx.db
    .insertInto('mandate')
    .values({ hash, text, wallet })
    .onConflict((conflict) => conflict.column('hash').doNothing())
    .execute()
  return { hash, text }
}

/** Its words, if they are known here. */
export async function readMandate(ctx: Pick<Context, 'db'>, hash: Hex): Promise<string | undefined> {
  const row = await ctx.db.selectFrom('mandate').select('text').where('hash', '=', hash).executeTakeFirst()
  return row?.text
}
