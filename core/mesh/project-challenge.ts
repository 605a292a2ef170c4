import { challenge as contract } from '../../contracts/generated.ts'
import type { Context, Trx } from '../context.ts'
import { toJson } from '../actions/json.ts'
import type { PartEvent, Projection } from '../listen/projection.ts'
import { cleanJson } from '../view.ts'
import { foldChallenge } from './fold.ts'
import { challengeDuties, showChallenge } from './jobs.ts'
import { isTold, toldSteps } from './steps.ts'
import type { Terms } from './story.ts'

/** What a challenge says: how it stands, and each step of it. */
export const challengeProjection: Projection = {
  role: 'challenge',
  abi: contract.abi,
  entities: 'one',
  async apply(ctx, trx, { part, events }) {
    const row = await trx
      .selectFrom('challenge')
      .select(['id', 'terms', 'announced'])
      .where('dao_id', '=', part.dao_id)
      .where('address', '=', part.address)
      .forUpdate()
      .executeTakeFirst()
    if (!row) return
    const times = await timesOf(ctx, trx, events)
    const at = ({ log }: PartEvent): number | undefined => times.get(log.blockHash)
    const story = foldChallenge(
      row.terms as Terms,
      events.map((event) => ({ ...event, at: at(event) })),
    )
    const isNews = events.some(({ isHistory }) => !isHistory)
    await trx
      .updateTable('challenge')
      .set({ story: cleanJson(story), announced: row.announced || isNews })
      .where('id', '=', row.id)
      .execute()
    await tellSteps(
      trx,
      row.id,
      events.map((event, position) => ({ ...event, position, at: at(event) })),
    )
    await ctx.queue.send(trx, showChallenge, { challengeId: row.id }, { key: row.id })
    await ctx.queue.send(trx, challengeDuties, { challengeId: row.id }, { key: row.id })
  },
}

async function timesOf(
  ctx: Pick<Context, 'chain'>,
  trx: Trx,
  events: readonly PartEvent[],
): Promise<Map<string, number>> {
  if (events.length === 0) return new Map()
  const rows = await trx
    .selectFrom('block')
    .select(['hash', 'time'])
    .where('chain_id', '=', ctx.chain.id)
    .where('hash', 'in', [...new Set(events.map(({ log }) => log.blockHash))])
    .execute()
  return new Map(rows.map(({ hash, time }) => [hash, Number(time)]))
}

async function tellSteps(
  trx: Trx,
  challengeId: string,
  events: readonly (PartEvent & { position: number; at: number | undefined })[],
): Promise<void> {
  const told = events.filter(({ name, args }) => isTold(name, args))
  const keys: string[] = []
  for (const { name, args, position, at, isHistory } of told) {
    const key = [name, ...(toldSteps[name]?.key(args) ?? [])].join('/').toLowerCase()
    keys.push(key)
    const facts = { position, args: toJson(args), happened_at: at?.toString() ?? null, gone_at: null }
    await trx
      .insertInto('challenge_step')
      .values({ challenge_id: challengeId, key, name, announced: !isHistory, ...facts })
      .onConflict((conflict) => conflict.columns(['challenge_id', 'key']).doUpdateSet(facts))
      .execute()
  }
  await trx
    .updateTable('challenge_step')
    .set({ gone_at: new Date() })
    .where('challenge_id', '=', challengeId)
    .where('gone_at', 'is', null)
    .$if(keys.length > 0, (query) => query.where('key', 'not in', keys))
    .execute()
}
